// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/sign_check.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace twingraph::dtdl {
namespace {

// The schema of one element or member of a value; null where it has none.
const Schema* PartSchema(const Schema& schema, const JsonNode& part) {
  if (schema.kind == SchemaKind::kArray || schema.kind == SchemaKind::kMap) {
    return schema.element;
  }
  const auto field = std::find_if(
      schema.fields.begin(), schema.fields.end(),
      [&part](const Field& each) { return each.name == part.key; });
  return field == schema.fields.end() ? nullptr : field->schema;
}

bool IsUnsigned(SchemaKind kind) {
  return kind == SchemaKind::kUnsignedByte ||
         kind == SchemaKind::kUnsignedInteger ||
         kind == SchemaKind::kUnsignedLong ||
         kind == SchemaKind::kUnsignedShort;
}

}  // namespace

void CheckSigns(const Schema& schema, const std::string& path,
                const JsonNode& node, std::vector<FieldViolation>& violations) {
  if (node.is_number() && IsUnsigned(schema.kind) &&
      absl::StartsWith(node.text, "-")) {
    violations.push_back({path, absl::StrCat("schema ", SchemaName(schema.kind),
                                             ": ", node.text, " has a sign")});
    return;
  }
  int index = 0;
  for (const JsonNode& part : JsonChildren(node)) {
    const Schema* inner = PartSchema(schema, part);
    if (inner != nullptr) {
      const std::string place = node.is_array()
                                    ? absl::StrCat(path, "[", index, "]")
                                    : absl::StrCat(path, ".", part.key);
      CheckSigns(*inner, place, part, violations);
    }
    ++index;
  }
}

}  // namespace twingraph::dtdl

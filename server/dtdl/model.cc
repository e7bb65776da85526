// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/model.h"

#include <algorithm>

namespace twingraph::dtdl {

absl::string_view SchemaName(SchemaKind kind) {
  switch (kind) {
    case SchemaKind::kBoolean:
      return "boolean";
    case SchemaKind::kByte:
      return "byte";
    case SchemaKind::kBytes:
      return "bytes";
    case SchemaKind::kDate:
      return "date";
    case SchemaKind::kDateTime:
      return "dateTime";
    case SchemaKind::kDecimal:
      return "decimal";
    case SchemaKind::kDouble:
      return "double";
    case SchemaKind::kDuration:
      return "duration";
    case SchemaKind::kFloat:
      return "float";
    case SchemaKind::kInteger:
      return "integer";
    case SchemaKind::kLong:
      return "long";
    case SchemaKind::kScaledDecimal:
      return "scaledDecimal";
    case SchemaKind::kShort:
      return "short";
    case SchemaKind::kString:
      return "string";
    case SchemaKind::kTime:
      return "time";
    case SchemaKind::kUnsignedByte:
      return "unsignedByte";
    case SchemaKind::kUnsignedInteger:
      return "unsignedInteger";
    case SchemaKind::kUnsignedLong:
      return "unsignedLong";
    case SchemaKind::kUnsignedShort:
      return "unsignedShort";
    case SchemaKind::kUuid:
      return "uuid";
    case SchemaKind::kArray:
      return "Array";
    case SchemaKind::kEnum:
      return "Enum";
    case SchemaKind::kMap:
      return "Map";
    case SchemaKind::kObject:
      return "Object";
  }
  return "";
}

absl::string_view ContentName(ContentKind kind) {
  switch (kind) {
    case ContentKind::kProperty:
      return "Property";
    case ContentKind::kTelemetry:
      return "Telemetry";
    case ContentKind::kCommand:
      return "Command";
    case ContentKind::kRelationship:
      return "Relationship";
    case ContentKind::kComponent:
      return "Component";
  }
  return "";
}

const Content* Interface::Find(absl::string_view name) const {
  const auto found =
      std::lower_bound(contents.begin(), contents.end(), name,
                       [](const Content& content, absl::string_view wanted) {
                         return absl::string_view(content.name) < wanted;
                       });
  return found != contents.end() && found->name == name ? &*found : nullptr;
}

std::vector<std::string> Interface::Dependencies() const {
  std::vector<std::string> ids = extends;
  for (const Content& content : contents) {
    if (content.kind == ContentKind::kComponent) {
      ids.push_back(content.component_model);
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace twingraph::dtdl

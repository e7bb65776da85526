#include "client/graphfile/format.h"

#include <initializer_list>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "storage/base/json.h"
#include "storage/value/json.h"

namespace twingraph::graphfile {
namespace {

void AppendMember(std::string& out, absl::string_view name,
                  absl::string_view text) {
  out += out.empty() ? '{' : ',';
  AppendJsonString(out, name);
  out += ':';
  AppendJsonString(out, text);
}

void AppendContent(std::string& out, const Value& content) {
  for (const auto& [name, value] : content.as_map()) {
    out += ',';
    AppendJsonString(out, name);
    out += ':';
    AppendJson(value, out);
  }
  out += '}';
}

}  // namespace

std::string FormatHeader() {
  return "{\"Section\":\"Header\"}\n{\"fileVersion\":\"1.0.0\"}\n";
}

std::string FormatSection(Section section) {
  std::string name(SectionName(section));
  name[0] = absl::ascii_toupper(static_cast<unsigned char>(name[0]));
  return absl::StrCat("{\"Section\":\"", name, "\"}\n");
}

std::string FormatTwin(const TwinRow& row) {
  std::string out;
  AppendMember(out, "$dtId", row.id);
  out += ",\"$metadata\":{\"$model\":";
  AppendJsonString(out, row.model);
  out += '}';
  AppendContent(out, row.content);
  return out;
}

std::string FormatRelationship(const RelationshipRow& row) {
  std::string out;
  AppendMember(out, "$dtId", row.source);
  AppendMember(out, "$relationshipId", row.id);
  AppendMember(out, "$targetId", row.target);
  AppendMember(out, "$relationshipName", row.name);
  AppendContent(out, row.content);
  return out;
}

}  // namespace twingraph::graphfile

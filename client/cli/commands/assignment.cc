#include "client/cli/commands/assignment.h"

#include "absl/strings/str_cat.h"

#include "client/cli/struct_value.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::cli {

absl::StatusOr<std::pair<std::string, Value>> ParseAssignment(
    absl::string_view text) {
  const size_t equals = text.find('=');
  if (equals == absl::string_view::npos || equals == 0) {
    return InvalidField(text, "NAME=VALUE is needed");
  }
  const absl::string_view right = text.substr(equals + 1);
  absl::StatusOr<Value> json = ParseJsonValue(right);
  return std::pair(std::string(text.substr(0, equals)),
                   json.ok() ? *std::move(json) : Value::String(right));
}

absl::StatusOr<google::protobuf::Struct> ParseContent(
    absl::string_view object, const std::vector<std::string>& assignments) {
  Value content = Value::MakeMap();
  if (!object.empty()) {
    ASSIGN_OR_RETURN(content, ParseJsonValue(object));
    if (!content.is_map()) {
      return InvalidField("contents", "a JSON object is needed");
    }
  }
  for (const std::string& text : assignments) {
    ASSIGN_OR_RETURN(auto assignment, ParseAssignment(text));
    content.Set(assignment.first, std::move(assignment.second));
  }
  return ToProtoStruct(content);
}

}  // namespace twingraph::cli

#include "client/graphfile/row.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::graphfile {
namespace {

absl::StatusOr<Value> ParseObject(absl::string_view text) {
  ASSIGN_OR_RETURN(Value object, ParseJsonValue(text));
  if (!object.is_map()) {
    return InvalidField("", "a JSON object is needed");
  }
  return object;
}

// Takes names out of an object and remembers which were missing.
class Names {
 public:
  explicit Names(const Value& object) : object_(object) {}

  std::string Take(absl::string_view name) {
    return Take(object_.Find(name), name);
  }

  std::string Take(const Value* found, absl::string_view name) {
    if (found == nullptr || !found->is_string() || found->as_string().empty()) {
      violations_.push_back(
          {std::string(name), "a string that is not empty is needed"});
      return "";
    }
    return found->as_string();
  }

  absl::Status Check() const {
    return violations_.empty()
               ? absl::OkStatus()
               : InvalidFields(v1::ERROR_REASON_INVALID_FIELD, violations_);
  }

 private:
  const Value& object_;
  std::vector<FieldViolation> violations_;
};

// "$metadata" of a component holds times that the service sets; its presence
// alone says that this is a component.
void EmptyComponentMetadata(Value& value) {
  if (!value.is_map()) {
    return;
  }
  if (Value* metadata = value.Find("$metadata");
      metadata != nullptr && metadata->is_map()) {
    *metadata = Value::MakeMap();
  }
  for (auto& [name, inner] : value.as_map()) {
    EmptyComponentMetadata(inner);
  }
}

Value ContentOf(Value object) {
  Value::Map content;
  for (auto& [name, value] : object.as_map()) {
    if (!absl::StartsWith(name, "$")) {
      EmptyComponentMetadata(value);
      content.emplace_back(name, std::move(value));
    }
  }
  return Value::MakeMap(std::move(content));
}

}  // namespace

absl::StatusOr<TwinRow> ParseTwin(absl::string_view text) {
  ASSIGN_OR_RETURN(Value object, ParseObject(text));
  const Value* metadata = object.Find("$metadata");
  Names names(object);
  TwinRow row;
  row.id = names.Take("$dtId");
  row.model =
      names.Take(metadata == nullptr ? nullptr : metadata->Find("$model"),
                 "$metadata.$model");
  RETURN_IF_ERROR(names.Check());
  row.content = ContentOf(std::move(object));
  return row;
}

absl::StatusOr<RelationshipRow> ParseRelationship(absl::string_view text) {
  ASSIGN_OR_RETURN(Value object, ParseObject(text));
  Names names(object);
  RelationshipRow row;
  row.id = names.Take("$relationshipId");
  const Value* source = object.Find("$sourceId");
  row.source = names.Take(source == nullptr ? object.Find("$dtId") : source,
                          "$sourceId");
  row.target = names.Take("$targetId");
  row.name = names.Take("$relationshipName");
  RETURN_IF_ERROR(names.Check());
  row.content = ContentOf(std::move(object));
  return row;
}

}  // namespace twingraph::graphfile

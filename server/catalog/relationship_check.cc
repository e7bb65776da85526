#include "server/catalog/relationship_check.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "server/catalog/twin_check.h"
#include "server/dtdl/instance.h"

namespace twingraph::catalog {
namespace {

absl::Status NotAllowed(absl::string_view message,
                        const EffectiveModel& source_model,
                        absl::string_view name,
                        absl::string_view target_model) {
  return InvalidArgument(v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED, message,
                         {{"name", name},
                          {"model", source_model.id()},
                          {"target_model", target_model}});
}

void CheckOne(const dtdl::Content& relationship, const std::string& name,
              Value& value, std::vector<FieldViolation>& violations) {
  const std::string path = absl::StrCat("relationship.properties.", name);
  const auto property = std::find_if(
      relationship.properties.begin(), relationship.properties.end(),
      [&](const dtdl::Content& each) { return each.name == name; });
  if (property == relationship.properties.end()) {
    violations.push_back({path,
                          "the relationship has no property of this "
                          "name"});
  } else {
    dtdl::CheckInstance(*property->schema, dtdl::NumberForm::kStruct, path,
                        value, violations);
  }
}

}  // namespace

absl::StatusOr<const dtdl::Content*> FindRelationship(
    const EffectiveModel& source_model, const Catalog& catalog,
    absl::string_view name, absl::string_view target_model) {
  const dtdl::Content* content = source_model.Find(name);
  if (content == nullptr || content->kind != dtdl::ContentKind::kRelationship) {
    return NotAllowed(absl::StrCat("the model ", source_model.id(),
                                   " declares no relationship \"", name, "\""),
                      source_model, name, target_model);
  }
  if (!content->target_model.empty() &&
      !catalog.IsA(target_model, content->target_model)) {
    return NotAllowed(absl::StrCat("the relationship \"", name, "\" of ",
                                   source_model.id(), " points to twins of ",
                                   content->target_model, "; the target is of ",
                                   target_model, ", which does not extend it"),
                      source_model, name, target_model);
  }
  return content;
}

void CheckRelationshipProperties(const dtdl::Content& relationship,
                                 Value& properties,
                                 std::vector<FieldViolation>& violations) {
  for (auto& [name, value] : properties.as_map()) {
    CheckOne(relationship, name, value, violations);
  }
}

void AcceptRelationshipProperties(const dtdl::Content& relationship,
                                  Value& properties,
                                  std::vector<FieldViolation>& violations) {
  for (auto& [name, value] : properties.as_map()) {
    if (IsReservedName(name)) {
      violations.push_back({absl::StrCat("relationship.properties.", name),
                            "no property can have this name"});
      continue;
    }
    Value checked = value;
    std::vector<FieldViolation> found;
    CheckOne(relationship, name, checked, found);
    if (found.empty()) {
      value = std::move(checked);
    }
  }
}

}  // namespace twingraph::catalog

#include "server/catalog/twin_check.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/instance.h"

namespace twingraph::catalog {
namespace {

void CheckComponent(const dtdl::Content& component, const Catalog& catalog,
                    const std::string& path, Value& value,
                    std::vector<FieldViolation>& violations) {
  if (!value.is_map()) {
    violations.push_back({path, "a component is an object"});
    return;
  }
  const auto model = catalog.Find(component.component_model);
  if (model == nullptr) {
    violations.push_back(
        {path, absl::StrCat("the component's model ", component.component_model,
                            " does not exist")});
    return;
  }
  for (auto& [name, member] : value.as_map()) {
    CheckProperty(*model, name, absl::StrCat(path, ".", name), member,
                  violations);
  }
}

// Checks one member of a twin's contents.
void CheckMember(const EffectiveModel& model, const Catalog& catalog,
                 const std::string& name, Value& value,
                 std::vector<FieldViolation>& violations) {
  const std::string path = absl::StrCat("contents.", name);
  const dtdl::Content* content = model.Find(name);
  if (content != nullptr && content->kind == dtdl::ContentKind::kComponent) {
    CheckComponent(*content, catalog, path, value, violations);
  } else {
    CheckProperty(model, name, path, value, violations);
  }
}

// Sees to the components that the contents lack.
void CheckMissing(const EffectiveModel& model, MissingComponent missing,
                  Value& contents, std::vector<FieldViolation>& violations) {
  for (const dtdl::EffectiveContent& each : model.contents) {
    if (each.content->kind != dtdl::ContentKind::kComponent ||
        contents.Find(each.content->name) != nullptr) {
      continue;
    }
    if (missing == MissingComponent::kAdd) {
      contents.Set(each.content->name, Value::MakeMap());
    } else {
      violations.push_back({absl::StrCat("contents.", each.content->name),
                            absl::StrCat("the model ", model.id(),
                                         " requires this component; "
                                         "an empty object is enough")});
    }
  }
}

}  // namespace

bool IsReservedName(absl::string_view name) {
  return name.empty() || absl::StartsWith(name, "$");
}

void CheckProperty(const EffectiveModel& model, const std::string& name,
                   const std::string& path, Value& value,
                   std::vector<FieldViolation>& violations) {
  const dtdl::Content* content = model.Find(name);
  if (content == nullptr) {
    violations.push_back({path, absl::StrCat("the model ", model.id(),
                                             " has no property of "
                                             "this name")});
  } else if (content->kind != dtdl::ContentKind::kProperty) {
    violations.push_back(
        {path,
         absl::StrCat("the model ", model.id(), " declares this as ",
                      dtdl::ContentName(content->kind), ", not as Property")});
  } else {
    dtdl::CheckInstance(*content->schema, dtdl::NumberForm::kStruct, path,
                        value, violations);
  }
}

void CheckTwinContents(const EffectiveModel& model, const Catalog& catalog,
                       MissingComponent missing, Value& contents,
                       std::vector<FieldViolation>& violations) {
  for (auto& [name, value] : contents.as_map()) {
    CheckMember(model, catalog, name, value, violations);
  }
  CheckMissing(model, missing, contents, violations);
}

void AcceptTwinContents(const EffectiveModel& model, const Catalog& catalog,
                        Value& contents,
                        std::vector<FieldViolation>& violations) {
  for (auto& [name, value] : contents.as_map()) {
    if (IsReservedName(name)) {
      violations.push_back(
          {absl::StrCat("contents.", name), "no content can have this name"});
      continue;
    }
    Value checked = value;
    std::vector<FieldViolation> found;
    CheckMember(model, catalog, name, checked, found);
    if (found.empty()) {
      value = std::move(checked);
    }
  }
  CheckMissing(model, MissingComponent::kAdd, contents, violations);
}

}  // namespace twingraph::catalog

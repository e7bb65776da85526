#include "server/dtdl/twin_instance.h"

#include "absl/strings/str_cat.h"

namespace twingraph::dtdl {

void TwinChecker::CheckContents(const EffectiveModel& model,
                                MissingComponent missing,
                                const std::string& path, Value& contents) {
  for (auto& [name, value] : contents.as_map()) {
    CheckMember(model, name, absl::StrCat(path, ".", name), value);
  }
  CheckMissing(model, missing, path, contents);
}

void TwinChecker::CheckMember(const EffectiveModel& model,
                              const std::string& name, const std::string& path,
                              Value& value) {
  const Content* content = model.Find(name);
  if (content != nullptr && content->kind == ContentKind::kComponent) {
    CheckComponent(*content, path, value);
  } else {
    CheckProperty(model, name, path, value);
  }
}

void TwinChecker::CheckProperty(const EffectiveModel& model,
                                const std::string& name,
                                const std::string& path, Value& value) {
  const Content* content = model.Find(name);
  if (content == nullptr) {
    violations_.push_back({path, absl::StrCat("the model ", model.id(),
                                              " has no property of "
                                              "this name")});
  } else if (content->kind != ContentKind::kProperty) {
    violations_.push_back(
        {path, absl::StrCat("the model ", model.id(), " declares this as ",
                            ContentName(content->kind), ", not as Property")});
  } else {
    CheckInstance(*content->schema, form_, path, value, violations_);
  }
}

void TwinChecker::CheckComponent(const Content& component,
                                 const std::string& path, Value& value) {
  if (!value.is_map()) {
    violations_.push_back({path, "a component is an object"});
    return;
  }
  const auto model = models_(component.component_model);
  if (model == nullptr) {
    violations_.push_back(
        {path, absl::StrCat("the component's model ", component.component_model,
                            " does not exist")});
    return;
  }
  for (auto& [name, member] : value.as_map()) {
    CheckProperty(*model, name, absl::StrCat(path, ".", name), member);
  }
}

void TwinChecker::CheckMissing(const EffectiveModel& model,
                               MissingComponent missing,
                               const std::string& path, Value& contents) {
  for (const EffectiveContent& each : model.contents) {
    const std::string& name = each.content->name;
    if (each.content->kind != ContentKind::kComponent ||
        contents.Find(name) != nullptr) {
      continue;
    }
    if (missing == MissingComponent::kAdd) {
      contents.Set(name, Value::MakeMap());
    } else {
      violations_.push_back({absl::StrCat(path, ".", name),
                             absl::StrCat("the model ", model.id(),
                                          " requires this component; "
                                          "an empty object is enough")});
    }
  }
}

}  // namespace twingraph::dtdl

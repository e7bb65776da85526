// Covered by tests/server/engine/device_ops_test.cc.
#include "server/engine/device_values.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "server/dtdl/instance.h"

namespace twingraph::engine {
namespace {

// RFC 7396: objects are merged member by member, null removes.
void MergePatch(const Value& patch, Value& target) {
  if (!patch.is_map()) {
    target = patch;
    return;
  }
  if (!target.is_map()) {
    target = Value::MakeMap();
  }
  for (const auto& [name, member] : patch.as_map()) {
    if (member.is_null()) {
      target.Erase(name);
    } else if (Value* known = target.Find(name)) {
      MergePatch(member, *known);
    } else {
      Value added;
      MergePatch(member, added);
      target.Set(name, std::move(added));
    }
  }
}

class ValueWriter {
 public:
  ValueWriter(bool is_patch, DeviceValues& target,
              std::vector<FieldViolation>& violations)
      : is_patch_(is_patch), target_(target), violations_(violations) {}

  // Members of the twin itself (empty component) or of one component.
  void WriteAll(const catalog::EffectiveModel& model,
                const std::string& component, const std::string& path,
                const Value& values, Value& into) {
    for (const auto& [name, value] : values.as_map()) {
      Write(model, component, name, absl::StrCat(path, ".", name), value, into);
    }
  }

  void RemoveOthers(const std::string& component, const Value& values,
                    const catalog::EffectiveModel& model, Value& into) {
    std::vector<std::string> gone;
    for (const auto& [name, value] : into.as_map()) {
      const dtdl::Content* content = model.Find(name);
      if (values.Find(name) == nullptr && content != nullptr &&
          content->kind == dtdl::ContentKind::kProperty) {
        gone.push_back(name);
      }
    }
    for (const std::string& name : gone) {
      Remove(component, name, into);
    }
  }

  void WriteComponent(const dtdl::Content& declared, const std::string& path,
                      const Value& values, bool is_complete) {
    const auto model = target_.catalog.Find(declared.component_model);
    if (model == nullptr || !values.is_map()) {
      violations_.push_back({path,
                             "a component is an object of its model's "
                             "properties"});
      return;
    }
    Value* into = target_.contents.Find(declared.name);
    Value& component =
        into != nullptr ? *into
                        : target_.contents.Set(declared.name, Value::MakeMap());
    if (is_complete) {
      RemoveOthers(declared.name, values, *model, component);
    }
    WriteAll(*model, declared.name, path, values, component);
  }

 private:
  void Write(const catalog::EffectiveModel& model, const std::string& component,
             const std::string& name, const std::string& path,
             const Value& value, Value& into) {
    const dtdl::Content* content = model.Find(name);
    if (content == nullptr) {
      violations_.push_back({path, absl::StrCat("the model ", model.id(),
                                                " declares nothing of this "
                                                "name")});
      return;
    }
    switch (content->kind) {
      case dtdl::ContentKind::kProperty:
        return WriteProperty(*content, component, path, value, into);
      case dtdl::ContentKind::kTelemetry: {
        Value checked = value;
        dtdl::CheckInstance(*content->schema, dtdl::NumberForm::kStruct, path,
                            checked, violations_);
        return;
      }
      case dtdl::ContentKind::kComponent:
        return WriteComponent(*content, path, value, /*is_complete=*/false);
      case dtdl::ContentKind::kRelationship:
      case dtdl::ContentKind::kCommand:
        violations_.push_back(
            {path, absl::StrCat("the model ", model.id(), " declares this as ",
                                dtdl::ContentName(content->kind))});
        return;
    }
  }

  void WriteProperty(const dtdl::Content& declared,
                     const std::string& component, const std::string& path,
                     const Value& value, Value& into) {
    const PropertyName name{component, declared.name};
    // What was measured before the stored value does not take its place.
    if (target_.source_time != absl::InfinitePast() &&
        target_.times.Get(name).source_time > target_.source_time) {
      return;
    }
    if (is_patch_ && value.is_null()) {
      return Remove(component, declared.name, into);
    }
    Value next = value;
    Value* known = into.Find(declared.name);
    if (is_patch_ && known != nullptr && value.is_map()) {
      next = *known;
      MergePatch(value, next);
    }
    if (!dtdl::CheckInstance(*declared.schema, dtdl::NumberForm::kStruct, path,
                             next, violations_)) {
      return;
    }
    into.Set(declared.name, std::move(next));
    target_.times.Write(name, target_.now);
    if (target_.source_time != absl::InfinitePast()) {
      target_.times.SetSourceTime(name, target_.source_time);
    }
  }

  void Remove(const std::string& component, const std::string& name,
              Value& into) {
    if (into.Erase(name)) {
      target_.times.Remove({component, name}, target_.now);
    }
  }

  const bool is_patch_;
  DeviceValues& target_;
  std::vector<FieldViolation>& violations_;
};

}  // namespace

void WriteDeviceValues(const std::string& component, const Value& values,
                       bool is_patch, bool is_complete, DeviceValues& target,
                       std::vector<FieldViolation>& violations) {
  ValueWriter writer(is_patch, target, violations);
  if (component.empty()) {
    if (is_complete) {
      writer.RemoveOthers("", values, *target.model, target.contents);
    }
    return writer.WriteAll(*target.model, "", "body", values, target.contents);
  }
  const dtdl::Content* declared = target.model->Find(component);
  if (declared == nullptr || declared->kind != dtdl::ContentKind::kComponent) {
    violations.push_back(
        {"component", absl::StrCat("the model ", target.model->id(),
                                   " has no component \"", component, "\"")});
    return;
  }
  writer.WriteComponent(*declared, "body", values, is_complete);
}

}  // namespace twingraph::engine

#include "server/dtdl/model_index.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/sign_check.h"
#include "server/dtdl/standard_schema.h"
#include "server/dtdl/twin_instance.h"
#include "storage/value/json.h"

namespace twingraph::dtdl {
namespace {

// Removes what the product adds to twins: "$dtId", "$metadata".
void RemoveSystemMembers(Value& value) {
  Value::Map& members = value.as_map();
  std::erase_if(members, [](const auto& member) {
    return absl::StartsWith(member.first, "$");
  });
}

bool IsComponent(const Content* content) {
  return content != nullptr && content->kind == ContentKind::kComponent;
}

const Schema* FindSchema(const Interface& interface, absl::string_view id) {
  for (const auto& schema : interface.schemas) {
    if (schema->id == id) {
      return schema.get();
    }
  }
  return nullptr;
}

const Content* FindContent(const Interface& interface, absl::string_view id) {
  for (const Content& content : interface.contents) {
    if (IdOf(interface, content) == id) {
      return &content;
    }
  }
  return nullptr;
}

// In any version of the language, the newest first.
const Schema* FindLanguageSchema(absl::string_view id) {
  for (const int version : {4, 3, 2}) {
    if (const Schema* schema = FindStandardSchema(id, version)) {
      return schema;
    }
  }
  return nullptr;
}

}  // namespace

ModelIndex::ModelIndex(
    const std::vector<std::shared_ptr<const Interface>>& interfaces) {
  absl::btree_map<std::string, std::shared_ptr<const Interface>> by_id;
  for (const auto& interface : interfaces) {
    by_id[interface->id] = interface;
  }
  const auto lookup =
      [&by_id](absl::string_view id) -> std::shared_ptr<const Interface> {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : found->second;
  };
  for (const auto& [id, interface] : by_id) {
    models_[id] = std::make_shared<const EffectiveModel>(
        MakeEffectiveModel(interface, lookup));
  }
}

std::shared_ptr<const EffectiveModel> ModelIndex::Find(
    absl::string_view id) const {
  const auto found = models_.find(id);
  return found == models_.end() ? nullptr : found->second;
}

std::optional<Subject> ModelIndex::FindSubject(absl::string_view id) const {
  if (const Schema* schema = FindLanguageSchema(id)) {
    return Subject{.schema = schema, .model = nullptr};
  }
  if (auto model = Find(id)) {
    return Subject{.schema = nullptr, .model = std::move(model)};
  }
  for (const auto& [model_id, model] : models_) {
    const Interface& interface = *model->interface;
    if (const Schema* schema = FindSchema(interface, id)) {
      return Subject{.schema = schema, .model = nullptr};
    }
    const Content* content = FindContent(interface, id);
    if (content == nullptr) {
      continue;
    }
    if (content->kind == ContentKind::kComponent) {
      return Subject{.schema = nullptr,
                     .model = Find(content->component_model)};
    }
    if (content->schema != nullptr) {
      return Subject{.schema = content->schema, .model = nullptr};
    }
  }
  return std::nullopt;
}

bool ModelIndex::Check(const Subject& subject, absl::string_view json,
                       std::vector<FieldViolation>& violations) const {
  const size_t before = violations.size();
  JsonDocument document;
  absl::Status status = document.Parse(json);
  absl::StatusOr<Value> value = ParseJsonValue(json);
  status.Update(value.status());
  if (!status.ok()) {
    violations.push_back({"value", std::string(status.message())});
    return false;
  }
  if (subject.model != nullptr) {
    CheckTwin(*subject.model, document.root(), *value, violations);
  } else if (CheckInstance(*subject.schema, NumberForm::kJson, "value", *value,
                           violations)) {
    CheckSigns(*subject.schema, "value", document.root(), violations);
  }
  return violations.size() == before;
}

void ModelIndex::CheckTwin(const EffectiveModel& model, const JsonNode& node,
                           Value& value,
                           std::vector<FieldViolation>& violations) const {
  if (!value.is_map()) {
    violations.push_back({"value", "a twin or component is an object"});
    return;
  }
  RemoveSystemMembers(value);
  for (auto& [name, member] : value.as_map()) {
    if (member.is_map() && IsComponent(model.Find(name))) {
      RemoveSystemMembers(member);
    }
  }
  const auto models = [this](absl::string_view id) { return Find(id); };
  const size_t before = violations.size();
  TwinChecker(models, NumberForm::kJson, violations)
      .CheckContents(model, MissingComponent::kRefuse, "value", value);
  if (violations.size() == before) {
    CheckSignsIn(model, "value", node, violations);
  }
}

void ModelIndex::CheckSignsIn(const EffectiveModel& model,
                              const std::string& path, const JsonNode& node,
                              std::vector<FieldViolation>& violations) const {
  for (const JsonNode& member : JsonChildren(node)) {
    const Content* content = model.Find(member.key);
    const std::string place = absl::StrCat(path, ".", member.key);
    if (content != nullptr && content->schema != nullptr) {
      CheckSigns(*content->schema, place, member, violations);
    } else if (IsComponent(content)) {
      CheckSignsIn(*Find(content->component_model), place, member, violations);
    }
  }
}

// DTDL.v4.md, "Digital Twin Model Identifier".
std::string IdOf(const Interface& interface, const Content& content) {
  if (!content.id.empty()) {
    return content.id;
  }
  const size_t version = interface.id.find(';');
  std::string id = absl::StrCat(interface.id.substr(0, version),
                                ":_contents:__", content.name);
  if (version != std::string::npos) {
    absl::StrAppend(&id, interface.id.substr(version));
  }
  return id;
}

}  // namespace twingraph::dtdl

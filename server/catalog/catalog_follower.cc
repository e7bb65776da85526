#include "server/catalog/catalog_follower.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

#include "server/dtdl/parser.h"
#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/model_record.h"
#include "storage/key/key_space.h"
#include "storage/key/model_key.h"

namespace twingraph::catalog {
namespace {

// A stored document and the number of its model.
struct StoredModel {
  graph::ModelNumber number{};
  std::string text;
};

// Parses documents that were checked before they were stored, and joins them
// with what is known. One that does not parse is left out and logged: the rest
// of the graph goes on.
void AddModels(const std::vector<StoredModel>& stored,
               Catalog::Models& models) {
  std::vector<std::string> documents;
  for (const StoredModel& model : stored) {
    documents.push_back(model.text);
  }
  const auto known =
      [&models](
          absl::string_view id) -> std::shared_ptr<const dtdl::Interface> {
    const auto found = models.find(id);
    return found == models.end() ? nullptr : found->second->interface;
  };
  const dtdl::ParsedModels parsed = dtdl::ParseModels(documents, known);
  absl::flat_hash_map<std::string, std::shared_ptr<const dtdl::Interface>> set;
  for (const auto& interface : parsed.interfaces) {
    set[interface->id] = interface;
  }
  const auto lookup =
      [&](absl::string_view id) -> std::shared_ptr<const dtdl::Interface> {
    const auto found = set.find(id);
    return found != set.end() ? found->second : known(id);
  };
  std::vector<std::shared_ptr<const EffectiveModel>> made;
  for (size_t i = 0; i < parsed.interfaces.size(); ++i) {
    const auto document = static_cast<size_t>(parsed.documents[i]);
    made.push_back(MakeEffectiveModel(stored[document].number,
                                      parsed.interfaces[i], lookup));
  }
  for (auto& model : made) {
    std::string id = model->id();
    models[std::move(id)] = std::move(model);
  }
  if (parsed.interfaces.size() != stored.size()) {
    LogError("stored_models_unreadable",
             {{"first", parsed.diagnostics.empty()
                            ? ""
                            : parsed.diagnostics.front().message}});
  }
}

// What a group does to the model set.
struct ModelChanges {
  std::vector<StoredModel> added;
  absl::flat_hash_set<std::string> removed_keys;  // of model rows
};

// A new model comes with its document in the same commit; a row that is written
// without one has another flag only.
void AddChangesOf(const kv::Commit& commit, ModelChanges& changes) {
  absl::flat_hash_map<std::string, const kv::Effect*> texts;
  for (const kv::Effect& effect : commit.effects) {
    if (effect.space == key::kModelTextSpace &&
        effect.op == kv::EffectOp::kPut) {
      texts[effect.key] = &effect;
    }
  }
  for (const kv::Effect& effect : commit.effects) {
    if (effect.space != key::kModelSpace) {
      continue;
    }
    if (effect.op == kv::EffectOp::kDelete) {
      changes.removed_keys.insert(effect.key);
      continue;
    }
    const auto record = graph::DecodeModelRecord({effect.value, 0});
    if (effect.op != kv::EffectOp::kPut || !record.ok()) {
      continue;
    }
    const auto text = texts.find(key::EncodeModelTextKey(record->number));
    if (text == texts.end()) {
      continue;
    }
    absl::StatusOr<std::string> document =
        graph::DecodeModelText(text->second->value);
    if (document.ok()) {
      changes.added.push_back({record->number, *std::move(document)});
      changes.removed_keys.erase(effect.key);
    }
  }
}

ModelChanges ChangesOf(const commit::GroupView& group) {
  ModelChanges changes;
  for (const kv::Commit& commit : group.record.commits) {
    AddChangesOf(commit, changes);
  }
  return changes;
}

}  // namespace

absl::Status CatalogFollower::Load(const Context& ctx,
                                   const commit::Reader& reader) {
  std::vector<graph::ModelNumber> numbers;
  std::vector<std::string> keys;
  const auto rows = reader.Scan(ctx, key::kModelSpace, kv::Range::All());
  while (rows->Next()) {
    ASSIGN_OR_RETURN(const graph::ModelRecord record,
                     graph::DecodeModelRecord(kv::Row{
                         std::string(rows->value()), rows->revision()}));
    numbers.push_back(record.number);
    keys.push_back(key::EncodeModelTextKey(record.number));
  }
  RETURN_IF_ERROR(rows->status());
  ASSIGN_OR_RETURN(const auto texts,
                   reader.MultiGet(ctx, key::kModelTextSpace, keys));
  std::vector<StoredModel> stored;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].has_value()) {
      return DataLoss("a model has no document", {{"space", "model_text"}});
    }
    ASSIGN_OR_RETURN(std::string text, graph::DecodeModelText(texts[i]->value));
    stored.push_back({numbers[i], std::move(text)});
  }
  Catalog::Models models;
  AddModels(stored, models);
  Publish(std::move(models));
  return absl::OkStatus();
}

void CatalogFollower::Apply(const commit::GroupView& group) {
  ModelChanges changes = ChangesOf(group);
  if (changes.added.empty() && changes.removed_keys.empty()) {
    return;
  }
  Catalog::Models models = Current()->models();
  for (auto model = models.begin(); model != models.end();) {
    model = changes.removed_keys.contains(key::EncodeModelKey(model->first))
                ? models.erase(model)
                : std::next(model);
  }
  AddModels(changes.added, models);
  Publish(std::move(models));
}

void CatalogFollower::Publish(Catalog::Models models) {
  auto next = std::make_shared<const Catalog>(std::move(models));
  MutexLock lock(mutex_);
  current_ = std::move(next);
}

}  // namespace twingraph::catalog

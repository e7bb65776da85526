#include "server/catalog/catalog_follower.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "server/dtdl/parser.h"
#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/model_record.h"
#include "storage/key/key_space.h"
#include "storage/key/model_key.h"

namespace twingraph::catalog {

CatalogFollower::Offer::Offer(CatalogFollower& follower, Interfaces interfaces)
    : follower_(follower), interfaces_(std::move(interfaces)) {
  MutexLock lock(follower_.mutex_);
  for (const auto& interface : interfaces_) {
    follower_.offers_.emplace(interface->text, interface);
  }
}

CatalogFollower::Offer::~Offer() {
  MutexLock lock(follower_.mutex_);
  for (const auto& interface : interfaces_) {
    const auto offer = follower_.offers_.find(interface->text);
    if (offer != follower_.offers_.end() && offer->second == interface) {
      follower_.offers_.erase(offer);
    }
  }
}

absl::Status CatalogFollower::Load(const Context& ctx,
                                   const commit::Reader& reader) {
  std::vector<Row> models;
  std::vector<std::string> keys;
  const auto rows = reader.Scan(ctx, key::kModelSpace, kv::Range::All());
  while (rows->Next()) {
    ASSIGN_OR_RETURN(const graph::ModelRecord record,
                     graph::DecodeModelRecord(kv::Row{
                         std::string(rows->value()), rows->revision()}));
    models.emplace_back().model = {
        .number = record.number,
        .is_decommissioned = record.is_decommissioned()};
    keys.push_back(key::EncodeModelTextKey(record.number));
  }
  RETURN_IF_ERROR(rows->status());
  ASSIGN_OR_RETURN(const auto texts,
                   reader.MultiGet(ctx, key::kModelTextSpace, keys));
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].has_value()) {
      return DataLoss("a model has no document", {{"space", "model_text"}});
    }
    models[i].model.revision = texts[i]->revision;
    ASSIGN_OR_RETURN(models[i].text, graph::DecodeModelText(texts[i]->value));
  }
  Publish(Catalog().After({.added = Read(std::move(models))}));
  return absl::OkStatus();
}

void CatalogFollower::Apply(const commit::GroupView& group) {
  RowChanges changes;
  for (size_t i = 0; i < group.record.commits.size(); ++i) {
    AddChangesOf(group.record.commits[i], group.RevisionOf(i), changes);
  }
  changes.other.added = Read(std::move(changes.added));
  if (!changes.other.empty()) {
    Publish(Current()->After(changes.other));
  }
}

// A new model comes with its document in the same commit; a row that is written
// without one has another state only.
void CatalogFollower::AddChangesOf(const kv::Commit& commit,
                                   graph::Revision revision,
                                   RowChanges& changes) {
  absl::flat_hash_map<graph::ModelNumber, const kv::Effect*> texts;
  for (const kv::Effect& effect : commit.effects) {
    graph::ModelNumber number{};
    if (effect.space != key::kModelTextSpace ||
        !key::DecodeModelTextKey(effect.key, number)) {
      continue;
    }
    if (effect.op == kv::EffectOp::kPut) {
      texts[number] = &effect;
    } else if (effect.op == kv::EffectOp::kDelete) {
      changes.other.removed.push_back(number);
      std::erase_if(changes.added, [number](const Row& row) {
        return row.model.number == number;
      });
    }
  }
  for (const kv::Effect& effect : commit.effects) {
    if (effect.space != key::kModelSpace || effect.op != kv::EffectOp::kPut) {
      continue;
    }
    const auto record = graph::DecodeModelRecord({effect.value, revision});
    if (!record.ok()) {
      continue;
    }
    const auto text = texts.find(record->number);
    if (text == texts.end()) {
      changes.other.states.emplace_back(record->id,
                                        record->is_decommissioned());
      continue;
    }
    auto document = graph::DecodeModelText(text->second->value);
    if (document.ok()) {
      changes.added.push_back(
          {.model = {.number = record->number,
                     .revision = revision,
                     .is_decommissioned = record->is_decommissioned()},
           .text = *std::move(document)});
    }
  }
}

std::vector<StoredModel> CatalogFollower::Read(std::vector<Row> rows) const {
  std::vector<StoredModel> models;
  std::vector<std::string> documents;
  std::vector<const Row*> parsed_rows;
  for (Row& row : rows) {
    row.model.interface = FindOffer(row);
    if (row.model.interface != nullptr) {
      models.push_back(row.model);
    } else {
      documents.push_back(std::move(row.text));
      parsed_rows.push_back(&row);
    }
  }
  if (documents.empty()) {
    return models;
  }
  absl::flat_hash_map<absl::string_view, std::shared_ptr<const dtdl::Interface>>
      offered;
  for (const StoredModel& model : models) {
    offered[model.interface->id] = model.interface;
  }
  const auto current = Current();
  const dtdl::ParsedModels parsed = dtdl::ParseModels(
      documents,
      [&](absl::string_view id) -> std::shared_ptr<const dtdl::Interface> {
        if (const auto found = offered.find(id); found != offered.end()) {
          return found->second;
        }
        const auto known = current->Find(id);
        return known == nullptr ? nullptr : known->interface;
      });
  for (size_t i = 0; i < parsed.interfaces.size(); ++i) {
    StoredModel model =
        parsed_rows[static_cast<size_t>(parsed.documents[i])]->model;
    model.interface = parsed.interfaces[i];
    models.push_back(std::move(model));
  }
  if (parsed.interfaces.size() != documents.size()) {
    LogError("stored_models_unreadable",
             {{"first", parsed.diagnostics.empty()
                            ? ""
                            : parsed.diagnostics.front().message}});
  }
  return models;
}

std::shared_ptr<const dtdl::Interface> CatalogFollower::FindOffer(
    const Row& row) const {
  MutexLock lock(mutex_);
  const auto found = offers_.find(row.text);
  return found == offers_.end() ? nullptr : found->second;
}

void CatalogFollower::Publish(Catalog catalog) {
  auto next = std::make_shared<const Catalog>(std::move(catalog));
  MutexLock lock(mutex_);
  current_ = std::move(next);
}

}  // namespace twingraph::catalog

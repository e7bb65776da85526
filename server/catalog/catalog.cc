#include "server/catalog/catalog.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/dtdl/heap_bytes.h"

namespace twingraph::catalog {
namespace {

using EffectiveModels = std::vector<std::shared_ptr<const EffectiveModel>>;

std::vector<FamilyIndex::Entry> EntriesOf(const EffectiveModels& models) {
  std::vector<FamilyIndex::Entry> entries;
  entries.reserve(models.size());
  for (const auto& model : models) {
    FamilyIndex::Entry& entry = entries.emplace_back();
    entry.number = model->number;
    entry.lineage = {&model->interface->dtmi};
    for (const auto& ancestor : model->ancestors) {
      entry.lineage.push_back(&ancestor->dtmi);
    }
  }
  return entries;
}

// A model with its places in the maps of a catalog.
constexpr size_t kModelBytes = sizeof(EffectiveModel) + 200;
// An ancestor in the lists of a model.
constexpr size_t kAncestorBytes = 48;

size_t BytesOf(
    const dtdl::Interface& interface,
    absl::Span<const std::shared_ptr<const dtdl::Interface>> ancestors) {
  size_t contents = interface.contents.size();
  for (const auto& ancestor : ancestors) {
    contents += ancestor->contents.size();
  }
  return kModelBytes + dtdl::HeapBytes(interface) +
         ancestors.size() * kAncestorBytes +
         contents * sizeof(dtdl::EffectiveContent);
}

// Joins each of `added` with what it extends there or in `known`.
EffectiveModels MakeAll(const std::vector<StoredModel>& added,
                        const Catalog::Models& known) {
  absl::flat_hash_map<absl::string_view, const StoredModel*> set;
  for (const StoredModel& model : added) {
    set[model.interface->id] = &model;
  }
  const auto find = [&](absl::string_view id) {
    if (const auto found = set.find(id); found != set.end()) {
      return *found->second;
    }
    const auto found = known.find(id);
    return found == known.end()
               ? StoredModel()
               : StoredModel{.number = found->second->number,
                             .interface = found->second->interface};
  };
  EffectiveModels made;
  made.reserve(set.size());
  for (const auto& [id, model] : set) {
    made.push_back(MakeEffectiveModel(*model, find));
  }
  return made;
}

}  // namespace

Catalog Catalog::After(const CatalogChange& change) const {
  Catalog next = *this;
  const EffectiveModels gone = next.Remove(change);
  EffectiveModels made = MakeAll(change.added, next.models_);
  next.families_.Update(EntriesOf(gone), EntriesOf(made));
  for (auto& model : made) {
    const absl::string_view id = model->id();
    next.bytes_ += model->bytes;
    next.models_.emplace(id, std::move(model));
  }
  for (const auto& [id, is_decommissioned] : change.states) {
    const auto model = next.models_.find(id);
    if (model != next.models_.end()) {
      auto changed = std::make_shared<EffectiveModel>(*model->second);
      changed->is_decommissioned = is_decommissioned;
      model->second = std::move(changed);
    }
  }
  return next;
}

std::shared_ptr<const EffectiveModel> Catalog::Find(
    absl::string_view id) const {
  const auto found = models_.find(id);
  return found == models_.end() ? nullptr : found->second;
}

bool Catalog::IsA(absl::string_view model, absl::string_view base) const {
  if (model == base) {
    return true;
  }
  const auto found = models_.find(model);
  const auto wanted = models_.find(base);
  return found != models_.end() && wanted != models_.end() &&
         found->second->IsA(wanted->second->number);
}

size_t Catalog::BytesWith(
    absl::Span<const std::shared_ptr<const dtdl::Interface>> more,
    size_t most) const {
  absl::flat_hash_map<absl::string_view, std::shared_ptr<const dtdl::Interface>>
      set;
  for (const auto& interface : more) {
    set.emplace(interface->id, interface);
  }
  const auto find =
      [&](absl::string_view id) -> std::shared_ptr<const dtdl::Interface> {
    if (const auto known = Find(id)) {
      return known->interface;
    }
    const auto added = set.find(id);
    return added == set.end() ? nullptr : added->second;
  };
  size_t bytes = bytes_;
  for (const auto& [id, interface] : set) {
    if (bytes > most) {
      break;
    }
    if (!models_.contains(id)) {
      bytes += BytesOf(*interface, dtdl::AncestorsOf(*interface, find));
    }
  }
  return bytes;
}

query::ModelSet Catalog::ModelsOf(absl::string_view dtmi, bool is_exact) const {
  query::ModelSet set;
  if (is_exact) {
    if (const auto model = Find(dtmi)) {
      set.Insert(graph::ToInt(model->number));
    }
    return set;
  }
  const std::optional<dtdl::Dtmi> wanted = dtdl::ParseDtmi(dtmi);
  return wanted.has_value() ? families_.SameOrNewer(*wanted) : set;
}

std::vector<std::shared_ptr<const EffectiveModel>> Catalog::Remove(
    const CatalogChange& change) {
  EffectiveModels gone;
  const auto remove = [&](Models::iterator model) {
    bytes_ -= model->second->bytes;
    gone.push_back(std::move(model->second));
    models_.erase(model);
  };
  if (!change.removed.empty()) {
    NumberSet removed;
    for (const graph::ModelNumber number : change.removed) {
      removed.Insert(number);
    }
    for (auto model = models_.begin(); model != models_.end();) {
      const auto current = model++;
      if (removed.Contains(current->second->number)) {
        remove(current);
      }
    }
  }
  for (const StoredModel& model : change.added) {
    if (const auto old = models_.find(model.interface->id);
        old != models_.end()) {
      remove(old);
    }
  }
  return gone;
}

std::shared_ptr<const EffectiveModel> MakeEffectiveModel(
    const StoredModel& model, StoredModelLookup find) {
  auto made = std::make_shared<EffectiveModel>();
  static_cast<dtdl::EffectiveModel&>(*made) = dtdl::MakeEffectiveModel(
      model.interface,
      [&](absl::string_view id) { return find(id).interface; });
  made->number = model.number;
  made->revision = model.revision;
  made->is_decommissioned = model.is_decommissioned;
  made->lineage.Insert(model.number);
  for (const auto& ancestor : made->ancestors) {
    made->lineage.Insert(find(ancestor->id).number);
  }
  made->bytes = BytesOf(*made->interface, made->ancestors);
  return made;
}

}  // namespace twingraph::catalog

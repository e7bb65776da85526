#pragma once

// The model set of one revision, with everything that follows from it: what a
// twin of a model may hold, what a model extends, which models are of a kind.
// Immutable; the next one is made from it and shares all that stays, and is
// swapped in as a whole by CatalogFollower. Safe from any thread.

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "server/catalog/family_index.h"
#include "server/catalog/number_set.h"
#include "server/dtdl/effective_model.h"
#include "server/query/schema.h"
#include "storage/graph/number.h"

namespace twingraph::catalog {

// A model as it is stored.
struct StoredModel {
  graph::ModelNumber number{};
  // The commit that stored it. A model never changes, so it is the same at
  // every revision from this one on until it is deleted.
  graph::Revision revision = 0;
  bool is_decommissioned = false;
  std::shared_ptr<const dtdl::Interface> interface = nullptr;
};

// A stored model with its inherited contents. Immutable.
struct EffectiveModel : dtdl::EffectiveModel {
  // As in StoredModel.
  graph::ModelNumber number{};
  graph::Revision revision = 0;
  bool is_decommissioned = false;
  // The numbers of itself and of its ancestors.
  NumberSet lineage;
  // About what it takes of the heap, with its interface.
  size_t bytes = 0;

  using dtdl::EffectiveModel::IsA;

  // Is it the model `base`, or does it extend it?
  bool IsA(graph::ModelNumber base) const { return lineage.Contains(base); }
};

// The next model set after a catalog.
struct CatalogChange {
  std::vector<graph::ModelNumber> removed = {};
  // Whatever they extend is among them or in the catalog. One with the id of a
  // known model takes its place.
  std::vector<StoredModel> added = {};
  // Models whose state changes: id, and whether it is decommissioned.
  std::vector<std::pair<std::string, bool>> states = {};

  bool empty() const {
    return removed.empty() && added.empty() && states.empty();
  }
};

class Catalog final : public query::Schema {
 public:
  // By id, which the model holds.
  using Models = absl::flat_hash_map<absl::string_view,
                                     std::shared_ptr<const EffectiveModel>>;

  Catalog() = default;

  // This catalog after a change.
  Catalog After(const CatalogChange& change) const;

  // A model by id; null if there is none.
  std::shared_ptr<const EffectiveModel> Find(absl::string_view id) const;

  // Is `model` the model `base`, or does it extend it? Two ids that are equal
  // are so whether or not there is such a model.
  bool IsA(absl::string_view model, absl::string_view base) const;

  size_t size() const { return models_.size(); }

  // About what the models take of the heap.
  size_t bytes() const { return bytes_; }

  // What they would take with those of `more` that are not there yet; counted
  // no further than `most`, for what models inherit can be far more than they
  // say.
  size_t BytesWith(
      absl::Span<const std::shared_ptr<const dtdl::Interface>> more,
      size_t most) const;

  query::ModelSet ModelsOf(absl::string_view dtmi,
                           bool is_exact) const override;

 private:
  // Takes out what a change removes or replaces, and gives it back.
  std::vector<std::shared_ptr<const EffectiveModel>> Remove(
      const CatalogChange& change);

  Models models_;
  size_t bytes_ = 0;
  FamilyIndex families_;
};

// Finds a model that another one extends; one without interface if there is
// none.
using StoredModelLookup = absl::FunctionRef<StoredModel(absl::string_view id)>;

// Joins a model with what it extends. What `find` does not know is left out.
std::shared_ptr<const EffectiveModel> MakeEffectiveModel(
    const StoredModel& model, StoredModelLookup find);

}  // namespace twingraph::catalog

#pragma once

// The model set of one revision, with everything that follows from it: what a
// twin of a model may hold, what a model extends. Immutable; swapped as a whole
// by CatalogFollower. Safe from any thread.

#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/dtdl/effective_model.h"
#include "server/query/schema.h"
#include "storage/graph/number.h"

namespace twingraph::catalog {

// A model with its inherited contents, and its number. Immutable.
struct EffectiveModel : dtdl::EffectiveModel {
  graph::ModelNumber number{};
};

class Catalog final : public query::Schema {
 public:
  using Models =
      absl::btree_map<std::string, std::shared_ptr<const EffectiveModel>>;

  Catalog() = default;

  explicit Catalog(Models models) : models_(std::move(models)) {}

  // A model by id; null if there is none.
  std::shared_ptr<const EffectiveModel> Find(absl::string_view id) const;

  // All models by id.
  const Models& models() const { return models_; }

  query::ModelSet ModelsOf(absl::string_view dtmi,
                           bool is_exact) const override;

 private:
  Models models_;
};

// Joins an interface with what it extends. REQUIRES: `lookup` knows all of
// that.
std::shared_ptr<const EffectiveModel> MakeEffectiveModel(
    graph::ModelNumber number, std::shared_ptr<const dtdl::Interface> interface,
    dtdl::InterfaceLookup lookup);

}  // namespace twingraph::catalog

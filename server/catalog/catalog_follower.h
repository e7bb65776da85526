#pragma once

// Keeps the catalog in step with the commits: a new one is published with the
// head of every group that changes models. Current and Offer are safe from any
// thread; Load and Apply are the committer's.

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "server/catalog/catalog.h"
#include "storage/base/mutex.h"
#include "storage/commit/follower.h"

namespace twingraph::catalog {

class CatalogFollower final : public commit::Follower {
 public:
  using Interfaces = std::vector<std::shared_ptr<const dtdl::Interface>>;

  // Interfaces that an upload has parsed, while it lives: Apply takes those
  // that it meets as they are. Parsing is nearly all of what a new model costs,
  // and Apply holds up every commit.
  class Offer {
   public:
    // `follower` outlives this.
    Offer(CatalogFollower& follower, Interfaces interfaces);
    ~Offer();
    Offer(const Offer&) = delete;
    Offer& operator=(const Offer&) = delete;

   private:
    CatalogFollower& follower_;
    const Interfaces interfaces_;
  };

  CatalogFollower() : current_(std::make_shared<const Catalog>()) {}

  absl::Status Load(const Context& ctx, const commit::Reader& reader) override;
  void Apply(const commit::GroupView& group) override;

  std::shared_ptr<const void> Version() const override { return Current(); }

  // The catalog of the newest applied group.
  std::shared_ptr<const Catalog> Current() const {
    MutexLock lock(mutex_);
    return current_;
  }

 private:
  // A model as its rows say.
  struct Row {
    StoredModel model;  // without its interface
    std::string text = {};
  };

  // What a group does to the rows.
  struct RowChanges {
    std::vector<Row> added;
    CatalogChange other;
  };

  static void AddChangesOf(const kv::Commit& commit, graph::Revision revision,
                           RowChanges& changes);
  // Joins rows with their interfaces: offered ones, or parsed here. A document
  // that does not parse is left out and logged: the rest of the graph goes on.
  std::vector<StoredModel> Read(std::vector<Row> rows) const;
  std::shared_ptr<const dtdl::Interface> FindOffer(const Row& row) const;
  void Publish(Catalog catalog);

  mutable Mutex mutex_;
  std::shared_ptr<const Catalog> current_ ABSL_GUARDED_BY(mutex_);
  // By text.
  absl::flat_hash_map<absl::string_view, std::shared_ptr<const dtdl::Interface>>
      offers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace twingraph::catalog

#pragma once

// What the operations of one graph share. Built by Engine; outlives them. Safe
// from any thread.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/catalog/catalog_follower.h"
#include "server/engine/call_options.h"
#include "server/engine/engine.h"
#include "server/engine/lease_set.h"
#include "server/engine/model_memory.h"
#include "storage/base/clock.h"
#include "storage/base/executor.h"
#include "storage/base/task.h"
#include "storage/graph/graph_store.h"

namespace twingraph::engine {

struct Parts {
  const Clock* clock = nullptr;
  SystemClock system_clock;
  Limits limits;
  std::string engine_name;
  absl::Time start_time;
  std::string token_key;
  std::string backup_directory;
  // Fed by the store below, so it ends after it.
  catalog::CatalogFollower catalog;
  std::unique_ptr<graph::GraphStore> graph;
  std::unique_ptr<ModelMemory> model_memory;
  // Of the store; stays the same while it is open.
  kv::Incarnation incarnation;
  std::unique_ptr<LeaseSet> leases;
  std::function<void(const std::string&)> detach_listener;
  std::atomic<bool> is_stopping = false;
  // Where writes go on that waited for their commit; may be null.
  Executor* executor = nullptr;

  // The token of a revision of this store.
  std::string TokenOf(graph::Revision revision) const;

  // The etag of what commit `revision` wrote: W/"epoch-revision".
  std::string EtagOf(graph::Revision revision) const;

  // The revision that a read names; nullopt: the newest. Waits for one that is
  // at least as fresh.
  // Errors: INVALID_REVISION_TOKEN; REVISION_NOT_REACHED; CALL_ENDED; of a time
  // INVALID_FIELD after the present, REVISION_EXPIRED, STORE_UNAVAILABLE.
  absl::StatusOr<std::optional<graph::Revision>> RevisionOf(
      const Context& ctx, const ReadOptions& options) const;

  // A reader for single facts.
  // Errors: as RevisionOf; REVISION_EXPIRED.
  absl::StatusOr<std::unique_ptr<graph::GraphReader>> PointReader(
      const Context& ctx, const ReadOptions& options) const;

  // A reader for lists and queries: holds its revision still.
  absl::StatusOr<std::unique_ptr<graph::GraphReader>> ListReader(
      const Context& ctx, const ReadOptions& options) const;

  // Runs a write. With `validate_only` it is run for its errors and nothing is
  // stored.
  // Errors: SHUTTING_DOWN; those of the function and of RunTransaction.
  absl::StatusOr<commit::CommitInfo> Write(
      const Context& ctx, const WriteOptions& options,
      graph::GraphStore::TransactionFunction function);

  // The same, keeping no thread while it waits for its commit: for the writes
  // that come by the thousand.
  Task<absl::StatusOr<commit::CommitInfo>> StartWrite(
      const Context& ctx, const WriteOptions& options,
      graph::GraphStore::TransactionFunction function);

  // Refuses a wrong etag of what commit `revision` wrote.
  // Errors: ABORTED / ETAG_MISMATCH with `what` and `id` as metadata.
  absl::Status CheckEtag(const std::string& expected, graph::Revision revision,
                         absl::string_view what, absl::string_view id) const;

  // Keeps the revision of a page readable for a while.
  void Lease(graph::Revision revision);

 private:
  Task<absl::StatusOr<commit::CommitInfo>> WriteOn(
      const Context& ctx, const WriteOptions& options,
      graph::GraphStore::TransactionFunction function, Executor* resume_on);
};

// Checks the size of a page.
// Errors: INVALID_FIELD.
absl::Status CheckPage(const PageRequest& page, const Limits& limits);

}  // namespace twingraph::engine

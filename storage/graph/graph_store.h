#pragma once

// A graph in a store: opens it with its followers, and hands out readers and
// transactions. It knows twins, relationships, models, hubs and their indexes,
// and no DTDL. Safe from any thread. Ends after everything made by it.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/base/retry_thread.h"
#include "storage/commit/store.h"
#include "storage/graph/graph_reader.h"
#include "storage/graph/graph_writer.h"
#include "storage/graph/number.h"
#include "storage/graph/topology.h"

namespace twingraph::graph {

struct GraphOptions {
  commit::StoreOptions store = {};
  // Paths that are not indexed, with all below them; JSON Pointers. None: what
  // a store that exists has, of a new one DefaultUnindexedPaths(). A store that
  // exists gets the indexes that a list allows; those that it has stay, and a
  // warning is logged.
  std::optional<std::vector<std::string>> unindexed_paths = {};
  // Indexes of facts that exist are made by a thread, beside the work of
  // others, where a list asks for it or a build was cut off. Without it they
  // wait.
  bool builds_indexes = false;
  TopologyOptions topology = {};
  // For ids and their numbers, about 20 bytes and the id for each twin. Those
  // that do not fit are looked for in the store.
  size_t id_map_bytes = size_t{64} << 20;
  // For the records of twins that were read lately; 0: none are kept.
  size_t record_cache_bytes = size_t{16} << 20;
};

class GraphStore {
 public:
  using TransactionFunction = absl::FunctionRef<absl::Status(GraphWriter&)>;

  // Opens the graph in `engine`, whose spaces are key::GraphSpaces().
  // `followers` are fed after the graph's own ones and outlive the store.
  // Errors: FAILED_PRECONDITION / STORE_FORMAT_TOO_NEW; DATA_LOSS /
  // STORE_CORRUPT; UNAVAILABLE / STORE_UNAVAILABLE.
  static absl::StatusOr<std::unique_ptr<GraphStore>> Open(
      const Context& ctx, std::unique_ptr<kv::Engine> engine,
      const GraphOptions& options,
      const std::vector<commit::Follower*>& followers = {});

  ~GraphStore();
  GraphStore(const GraphStore&) = delete;
  GraphStore& operator=(const GraphStore&) = delete;

  // For point reads at the newest revision: no snapshot is taken.
  std::unique_ptr<GraphReader> Newest(
      kv::ReadTier tier = kv::ReadTier::kAll) const;

  // Holds the newest state still, for lists, scans and queries.
  // Errors: UNAVAILABLE / STORE_UNAVAILABLE.
  absl::StatusOr<std::unique_ptr<GraphReader>> OpenSnapshot(
      const Context& ctx) const;

  // Reads an older revision, which stays readable while the reader lives.
  // Errors: OUT_OF_RANGE / REVISION_EXPIRED; UNAVAILABLE /
  // REVISION_NOT_REACHED.
  absl::StatusOr<std::unique_ptr<GraphReader>> ReaderAt(
      const Context& ctx, Revision revision) const;

  // See commit::Store::StartTransaction, whose errors it has.
  Task<absl::StatusOr<commit::CommitInfo>> StartTransaction(
      const Context& ctx, const commit::TransactionOptions& options,
      TransactionFunction function, Executor* executor);

  // The same, done when it returns.
  absl::StatusOr<commit::CommitInfo> RunTransaction(
      const Context& ctx, const commit::TransactionOptions& options,
      TransactionFunction function);

  // What the relationships in memory take, and how much they may take from now
  // on; see Topology::SetLimit.
  size_t topology_bytes() const;
  void SetTopologyLimit(size_t bytes);

  // Makes the rows of indexes that are being built, until none is missing; with
  // `anew` of all indexes of properties, whose rows go first, readable or not.
  // Readers do without those indexes meanwhile. What was cut off, the next call
  // goes on with. Errors: those of writes.
  absl::Status BuildIndexes(const Context& ctx, bool anew);

  // The store below: head, tokens, log, pins, housekeeping.
  commit::Store& commits() const { return *commits_; }

 private:
  explicit GraphStore(std::unique_ptr<Parts> parts);

  // False where the store does not take writes at the moment.
  bool TryToBuild(const std::string& paths);

  std::unique_ptr<Parts> parts_;
  std::unique_ptr<commit::Store> commits_;
  // Of the thread below, which it ends.
  Context building_;
  RetryThread builder_;
};

}  // namespace twingraph::graph

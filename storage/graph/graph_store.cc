#include "storage/graph/graph_store.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/time/time.h"

#include "storage/base/error_line.h"
#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/graph_settings.h"
#include "storage/graph/index_build.h"
#include "storage/graph/parts.h"

namespace twingraph::graph {

namespace {

// Between attempts to write to a store that takes no writes.
constexpr absl::Duration kPauseOfBuilding = absl::Seconds(1);

// Works again by itself when the disk does, and says so itself.
bool WaitsForStore(const absl::Status& status) {
  return absl::IsResourceExhausted(status) || absl::IsUnavailable(status) ||
         absl::IsUnknown(status);
}

void WarnOfKeptIndexes(const GraphOptions& options,
                       const GraphSettings& settings) {
  if (!options.unindexed_paths.has_value()) {
    return;
  }
  const std::vector<std::string> kept =
      PathsThatKeepTheirIndex(*options.unindexed_paths, settings);
  if (!kept.empty()) {
    LogWarning("the graph has an index of unindexed paths, and keeps it",
               {{"paths", absl::StrJoin(kept, ",")}});
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<GraphStore>> GraphStore::Open(
    const Context& ctx, std::unique_ptr<kv::Engine> engine,
    const GraphOptions& options,
    const std::vector<commit::Follower*>& followers) {
  std::unique_ptr<GraphStore> store(new GraphStore(std::make_unique<Parts>()));
  Parts& parts = *store->parts_;
  std::vector<commit::Follower*> all = {&parts.dictionary, &parts.id_map,
                                        &parts.topology, &parts.records};
  parts.id_map.SetLimit(options.id_map_bytes);
  parts.topology.SetOptions(options.topology);
  parts.records.SetLimit(options.record_cache_bytes);
  all.insert(all.end(), followers.begin(), followers.end());
  ASSIGN_OR_RETURN(store->commits_,
                   commit::Store::Open(ctx, std::move(engine), options.store,
                                       std::move(all)));
  parts.commits = store->commits_.get();
  ASSIGN_OR_RETURN(
      const GraphSettings settings,
      OpenSettings(ctx, *store->commits_, options.unindexed_paths));
  WarnOfKeptIndexes(options, settings);
  parts.index_policy = IndexPolicy(settings.unindexed_paths);
  parts.older_index_policy = IndexPolicy(settings.unindexed_before);
  parts.indexed_since =
      settings.build.has_value() ? kNeverIndexed : settings.revision;
  if (settings.build.has_value() && options.builds_indexes) {
    const std::string paths = absl::StrJoin(PathsBeingBuilt(settings), ",");
    LogInfo("an index is being built", {{"paths", paths}});
    store->builder_.Start(kPauseOfBuilding, [&store = *store, paths] {
      return store.TryToBuild(paths);
    });
  }
  return store;
}

GraphStore::GraphStore(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

GraphStore::~GraphStore() {
  building_.Cancel();
  builder_.Stop();
}

absl::Status GraphStore::BuildIndexes(const Context& ctx, bool anew) {
  if (anew) {
    RETURN_IF_ERROR(ClearIndexes(ctx, *parts_));
  }
  for (bool is_done = false; !is_done;) {
    ASSIGN_OR_RETURN(is_done, BuildIndexStep(ctx, *parts_));
  }
  return absl::OkStatus();
}

bool GraphStore::TryToBuild(const std::string& paths) {
  const absl::Status status = BuildIndexes(building_, /*anew=*/false);
  if (status.ok()) {
    LogInfo("an index is complete", {{"paths", paths}});
    return true;
  }
  if (WaitsForStore(status)) {
    return false;
  }
  if (!building_.is_cancelled()) {
    LogError("an index is not complete", {{"status", FormatErrorLine(status)}});
  }
  return true;
}

std::unique_ptr<GraphReader> GraphStore::Newest(kv::ReadTier tier) const {
  return std::make_unique<GraphReader>(*parts_, commits_->Newest(tier),
                                       /*has_exact_indexes=*/false);
}

absl::StatusOr<std::unique_ptr<GraphReader>> GraphStore::OpenSnapshot(
    const Context& ctx) const {
  ASSIGN_OR_RETURN(auto reader, commits_->OpenSnapshot(ctx));
  return std::make_unique<GraphReader>(*parts_, std::move(reader),
                                       /*has_exact_indexes=*/true);
}

absl::StatusOr<std::unique_ptr<GraphReader>> GraphStore::ReaderAt(
    const Context& ctx, Revision revision) const {
  ASSIGN_OR_RETURN(auto reader, commits_->ReaderAt(ctx, revision));
  return std::make_unique<GraphReader>(*parts_, std::move(reader),
                                       /*has_exact_indexes=*/false);
}

size_t GraphStore::topology_bytes() const {
  return parts_->topology.bytes();
}

void GraphStore::SetTopologyLimit(size_t bytes) {
  parts_->topology.SetLimit(bytes);
}

Task<absl::StatusOr<commit::CommitInfo>> GraphStore::StartTransaction(
    const Context& ctx, const commit::TransactionOptions& options,
    TransactionFunction function, Executor* executor) {
  const auto write = [&](commit::Transaction& transaction) {
    GraphWriter writer(*parts_, transaction);
    return function(writer);
  };
  co_return co_await commits_->StartTransaction(ctx, options, write, executor);
}

absl::StatusOr<commit::CommitInfo> GraphStore::RunTransaction(
    const Context& ctx, const commit::TransactionOptions& options,
    TransactionFunction function) {
  return Wait(StartTransaction(ctx, options, function, nullptr));
}

}  // namespace twingraph::graph

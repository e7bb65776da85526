#include "tests/checks/crash_child.h"

#include <chrono>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/base/status_macros.h"
#include "storage/kv_rocks/store.h"
#include "tests/checks/child_lines.h"
#include "tests/checks/crash_graph.h"
#include "tests/support/kv_engines.h"

namespace twingraph {
namespace {

constexpr int kWriters = 4;
constexpr int kGraphWriters = 2;

void Write(commit::Store& store, uint64_t seed, int writer) {
  for (int n = 0;; ++n) {
    const std::string key = absl::StrCat("k", seed, "/", writer, "/", n);
    commit::CommitInfo info;
    const auto number = CommitOne(store, key, info);
    Need(number.status(), "commit");
    Say(absl::StrCat("commit ", store.head()->incarnation.epoch, " ",
                     info.revision, " ", *number, " ", key, "\n"));
  }
}

// What operators and background threads do.
class Housekeeper {
 public:
  Housekeeper(commit::Store& store, const ChildOptions& options)
      : store_(store), options_(options), random_(options.seed) {}

  void Run() {
    while (true) {
      std::this_thread::sleep_for(
          std::chrono::microseconds(random_() % 40'000));
      switch (random_() % 6) {
        case 0:
        case 1:
          Need(store_.engine().Flush(), "flush");
          break;
        case 2:
          Need(store_.engine().Compact(Context()), "compact");
          break;
        case 3:
          Trim();
          break;
        case 4:
          Backup();
          break;
        default:
          Copy();
      }
    }
  }

 private:
  void Trim() {
    const kv::Revision newest = store_.head()->revision;
    const kv::Revision kept = random_() % 2000;
    if (newest > kept) {
      Need(store_.TrimBefore(Context(), newest - kept), "trim");
    }
  }

  void Backup() {
    const std::string directory = options_.directory + kBackupsName;
    const auto made = store_.engine().CreateBackup(Context(), directory);
    Need(made.status(), "backup");
    Say(absl::StrCat("backup ", made->id, " ", made->revision, "\n"));
    Need(store_.engine()
             .DeleteOldBackups(Context(), directory, {.keep = 2})
             .status(),
         "delete backups");
  }

  void Copy() {
    const kv::Revision revision = store_.head()->revision;
    const std::string name = absl::StrCat(options_.seed, "-", ++copies_);
    Need(store_.engine().Checkpoint(options_.directory + kCopiesName + name),
         "checkpoint");
    Say(absl::StrCat("copy ", name, " ", revision, "\n"));
  }

  commit::Store& store_;
  const ChildOptions& options_;
  std::mt19937_64 random_;
  int copies_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<commit::Store>> OpenCrashStore(
    const std::string& directory, kv::Durability durability) {
  ASSIGN_OR_RETURN(auto engine, kv_rocks::OpenEngine(
                                    TestSpaces(),
                                    {.directory = directory,
                                     .memory_budget_bytes = size_t{16} << 20}));
  commit::StoreOptions options;
  options.durability = durability;
  options.maintenance_interval = absl::ZeroDuration();
  return commit::Store::Open(Context(), std::move(engine), options, {});
}

absl::StatusOr<uint64_t> CommitOne(commit::Store& store, const std::string& key,
                                   commit::CommitInfo& info) {
  const Context ctx;
  uint64_t number = 0;
  ASSIGN_OR_RETURN(
      info, store.RunTransaction(
                ctx, {}, [&](commit::Transaction& tx) -> absl::Status {
                  ASSIGN_OR_RETURN(number,
                                   tx.ReserveNumbers(ctx, kNumber, "ids", 1));
                  RETURN_IF_ERROR(tx.Put(kFacts, key, key));
                  RETURN_IF_ERROR(tx.Put(kEdges, key, std::string(300, 'e')));
                  RETURN_IF_ERROR(tx.Put(kIndex, key, ""));
                  return tx.Increment(kCounter, "total", 1);
                }));
  return number;
}

int RunChild(const ChildOptions& options) {
  WatchDisk(options.directory, options.record, options.syncs);
  Say(kWatchedLine);
  auto store =
      OpenCrashStore(options.directory + kStoreName, options.durability);
  Need(store.status(), "open");
  const auto graph =
      OpenCrashGraph(options.directory + kGraphName, options.durability);
  Need(graph.status(), "open graph");
  Say(kOpenLine);
  std::vector<std::thread> threads;
  for (int i = 0; i < kWriters; ++i) {
    threads.emplace_back(
        [&store, &options, i] { Write(**store, options.seed, i); });
  }
  for (int i = 0; i < kGraphWriters; ++i) {
    threads.emplace_back(
        [&graph, &options, i] { WriteGraph(**graph, options.seed, i); });
  }
  if (options.seed % 2 == 0) {
    threads.emplace_back(
        [&graph, &options] { ClearAndBuildIndexes(**graph, options.seed); });
  }
  Housekeeper(**store, options).Run();
  return 0;
}

}  // namespace twingraph

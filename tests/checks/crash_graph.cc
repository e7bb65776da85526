#include "tests/checks/crash_graph.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/db.h"

#include "storage/base/status_macros.h"
#include "storage/graph/check_graph.h"
#include "storage/key/key_space.h"
#include "storage/kv_rocks/store.h"
#include "tests/checks/child_lines.h"

namespace twingraph {
namespace {

using graph::GraphReader;
using graph::GraphStore;
using graph::GraphWriter;
using graph::TwinRecord;

constexpr char kModel[] = "dtmi:crash:Node;1";

Value Contents(int64_t value, const std::string& previous) {
  Value contents = Value::MakeMap();
  contents.Set("value", Value::Int(value));
  contents.Set("previous", Value::String(previous));
  return contents;
}

int64_t ToNumber(absl::string_view text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) {
    std::abort();
  }
  return number;
}

// One of the writers, with twins of its own.
class Writer {
 public:
  Writer(GraphStore& graph, uint64_t seed, int writer)
      : graph_(graph), prefix_(absl::StrCat("t", seed, "-", writer, "-")) {}

  void Step(int n) {
    Create(n);
    if (n % 3 == 2) {
      Change(n - 1, n);
    }
    if (n % 5 == 4) {
      Delete(n - 3);
    }
    if (n % 64 == 63) {
      Need(graph_.commits().engine().Flush(), "flush");
    }
  }

 private:
  std::string IdOf(int n) const { return absl::StrCat(prefix_, n); }

  graph::Revision Commit(GraphStore::TransactionFunction function,
                         const char* what) {
    const auto info = graph_.RunTransaction(ctx_, {}, function);
    Need(info.status(), what);
    return info->revision;
  }

  void Create(int n) {
    const std::string previous = n == 0 ? "" : IdOf(n - 1);
    const graph::Revision revision = Commit(
        [&](GraphWriter& w) -> absl::Status {
          RETURN_IF_ERROR(
              w.CreateTwin(ctx_, {.id = IdOf(n),
                                  .model = kModel,
                                  .contents = Contents(0, previous)})
                  .status());
          if (previous.empty()) {
            return absl::OkStatus();
          }
          return w
              .PutRelationship(ctx_,
                               {.source = IdOf(n),
                                .id = "r",
                                .name = "follows",
                                .target = previous},
                               graph::WriteMode::kCreate)
              .status();
        },
        "create");
    Say(absl::StrCat("twin ", IdOf(n), " ", revision, "\n"));
  }

  void Change(int n, int64_t value) {
    const graph::Revision revision = Commit(
        [&](GraphWriter& w) -> absl::Status {
          ASSIGN_OR_RETURN(const TwinRecord twin,
                           w.GetTwinForUpdate(ctx_, IdOf(n)));
          return w.UpdateTwin(ctx_, twin,
                              {.id = IdOf(n),
                               .model = kModel,
                               .contents = Contents(value, IdOf(n - 1))});
        },
        "change");
    Say(absl::StrCat("value ", IdOf(n), " ", revision, " ", value, "\n"));
  }

  void Delete(int n) {
    Say(absl::StrCat("deleting ", IdOf(n), "\n"));
    Commit(
        [&](GraphWriter& w) {
          return w.DeleteTwin(ctx_, IdOf(n), graph::DeleteMode::kCascade);
        },
        "delete");
    Say(absl::StrCat("gone ", IdOf(n), "\n"));
  }

  const Context ctx_;
  GraphStore& graph_;
  const std::string prefix_;
};

using Twins = std::map<std::string, TwinRecord>;

absl::StatusOr<Twins> ReadTwins(const GraphReader& reader) {
  constexpr size_t kPage = 1000;
  Twins twins;
  std::string after;
  size_t size = kPage;
  while (size == kPage) {
    ASSIGN_OR_RETURN(const std::vector<TwinRecord> page,
                     reader.ListTwins(Context(), after, kPage));
    for (const TwinRecord& twin : page) {
      after = std::string(twin.id());
      twins.emplace(after, twin);
    }
    size = page.size();
  }
  return twins;
}

// The name in kv_rocks of what Engine::ClearChurning drops and makes anew.
constexpr char kClearedFamily[] = "churning";

// Does a store lack what its indexes lie in, as a life that ended while they
// were cleared leaves it?
bool IsCleared(const std::string& directory) {
  std::vector<std::string> names;
  return rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), directory,
                                         &names)
             .ok() &&
         std::find(names.begin(), names.end(), kClearedFamily) == names.end();
}

absl::StatusOr<bool> AreIndexesBuilt(const GraphStore& graph) {
  ASSIGN_OR_RETURN(const auto reader, graph.OpenSnapshot(Context()));
  return reader->IsIndexed({"value"});
}

absl::Status FinishIndexes(GraphStore& graph, GraphLosses& losses) {
  ASSIGN_OR_RETURN(const bool are_built, AreIndexesBuilt(graph));
  if (are_built) {
    return absl::OkStatus();
  }
  ++losses.unbuilt;
  RETURN_IF_ERROR(graph.BuildIndexes(Context(), /*anew=*/false));
  ASSIGN_OR_RETURN(const bool are_finished, AreIndexesBuilt(graph));
  return are_finished ? absl::OkStatus()
                      : absl::InternalError("an index stays unbuilt");
}

absl::Status CheckSound(const GraphStore& store) {
  ASSIGN_OR_RETURN(const graph::CheckReport report,
                   graph::CheckGraph(Context(), store));
  return report.problem_count == 0
             ? absl::OkStatus()
             : absl::InternalError(absl::StrCat(
                   report.problem_count, " problems, first in ",
                   report.problems[0].space, ": ", report.problems[0].message));
}

// A twin and its relationship came by one commit, and no twin comes again.
absl::Status CheckRelationships(const GraphReader& reader, const Twins& twins) {
  for (const auto& [id, twin] : twins) {
    const std::string previous(twin.contents().Find("previous").as_string());
    if (twins.count(previous) == 0) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto edge,
                     reader.FindRelationship(Context(), id, "r"));
    if (!edge.has_value() || edge->target_id() != previous) {
      return absl::InternalError(absl::StrCat(id, " is half there"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTwin(const std::string& id, const TwinPromise& promise,
                       const TwinRecord* twin) {
  if (twin == nullptr) {
    return promise.may_be_gone
               ? absl::OkStatus()
               : absl::InternalError(absl::StrCat("twin ", id, " is missing"));
  }
  if (promise.is_gone) {
    return absl::InternalError(absl::StrCat("twin ", id, " is back"));
  }
  return twin->contents().Find("value").as_int() >= promise.value
             ? absl::OkStatus()
             : absl::InternalError(
                   absl::StrCat("twin ", id, " has lost ", promise.value));
}

}  // namespace

absl::StatusOr<std::unique_ptr<GraphStore>> OpenCrashGraph(
    const std::string& directory, kv::Durability durability) {
  ASSIGN_OR_RETURN(auto engine, kv_rocks::OpenEngine(
                                    key::GraphSpaces(),
                                    {.directory = directory,
                                     .memory_budget_bytes = size_t{16} << 20}));
  graph::GraphOptions options;
  options.store.durability = durability;
  options.store.maintenance_interval = absl::ZeroDuration();
  ASSIGN_OR_RETURN(auto graph,
                   GraphStore::Open(Context(), std::move(engine), options));
  const Context ctx;
  const auto made =
      graph->RunTransaction(ctx, {}, [&](GraphWriter& w) -> absl::Status {
        return w.CreateModels(ctx, {{.id = kModel, .text = "{}"}}).status();
      });
  if (!made.ok() && !absl::IsAlreadyExists(made.status())) {
    return made.status();
  }
  return graph;
}

void WriteGraph(GraphStore& graph, uint64_t seed, int writer) {
  Writer each(graph, seed, writer);
  for (int n = 0;; ++n) {
    each.Step(n);
  }
}

void ClearAndBuildIndexes(GraphStore& graph, uint64_t seed) {
  const Context ctx;
  std::mt19937_64 random(seed);
  Need(graph.BuildIndexes(ctx, /*anew=*/false), "build indexes");
  while (true) {
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    Need(graph.BuildIndexes(ctx, /*anew=*/true), "build indexes anew");
  }
}

bool ReadGraphPromise(absl::Span<const absl::string_view> parts,
                      GraphPromises& promises) {
  if (parts[0] == "twin") {
    promises[std::string(parts.at(1))].revision =
        static_cast<graph::Revision>(ToNumber(parts.at(2)));
  } else if (parts[0] == "value") {
    TwinPromise& promise = promises[std::string(parts.at(1))];
    promise.revision = static_cast<graph::Revision>(ToNumber(parts.at(2)));
    promise.value = ToNumber(parts.at(3));
  } else if (parts[0] == "deleting") {
    promises[std::string(parts.at(1))].may_be_gone = true;
  } else if (parts[0] == "gone") {
    promises[std::string(parts.at(1))].is_gone = true;
  } else {
    return false;
  }
  return true;
}

absl::Status CheckCrashGraph(const std::string& directory,
                             kv::Durability durability, GraphPromises& promises,
                             GraphLosses& losses) {
  losses.cleared += IsCleared(directory) ? 1 : 0;
  ASSIGN_OR_RETURN(const auto graph, OpenCrashGraph(directory, durability));
  RETURN_IF_ERROR(FinishIndexes(*graph, losses));
  ASSIGN_OR_RETURN(const auto reader, graph->OpenSnapshot(Context()));
  RETURN_IF_ERROR(CheckSound(*graph));
  ASSIGN_OR_RETURN(const Twins twins, ReadTwins(*reader));
  RETURN_IF_ERROR(CheckRelationships(*reader, twins));
  graph::Revision newest = 0;
  for (const auto& [id, twin] : twins) {
    newest = std::max(newest, twin.revision());
  }
  for (auto it = promises.begin(); it != promises.end();) {
    const auto found = twins.find(it->first);
    // With os the newest commits may be gone, and a deletion with them.
    if (durability == kv::Durability::kOs &&
        (it->second.revision > newest || it->second.is_gone)) {
      losses.commits += it->second.is_gone ? 0 : 1;
      it = promises.erase(it);
      continue;
    }
    RETURN_IF_ERROR(CheckTwin(it->first, it->second,
                              found == twins.end() ? nullptr : &found->second));
    ++it;
  }
  return absl::OkStatus();
}

}  // namespace twingraph

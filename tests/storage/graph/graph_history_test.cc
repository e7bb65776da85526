// A history checker: threads play random operations over few things, and what
// each saw must be explained by one order of all commits, that of their
// revisions, which also keeps real time: a commit follows everything that had
// ended before it began, a refusal was right at some revision while it ran, and
// a read is the state at its revision.

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "storage/graph/check_graph.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

using absl::StatusCode;

constexpr int kThreads = 4;
// Of each thread: at least so many, and more while some verb had no success.
constexpr int kOperations = 120;
constexpr int kMostOperations = 3'000;
constexpr unsigned kVerbs = 9;

// The graph as the order of commits says.
struct State {
  std::set<std::string> models;
  std::map<std::string, std::pair<std::string, int64_t>> twins;  // model, n
  // Source and id -> target.
  std::map<std::pair<std::string, std::string>, std::string> relationships;

  bool operator==(const State&) const = default;

  bool IsRelated(const std::string& twin) const {
    return std::any_of(relationships.begin(), relationships.end(),
                       [&](const auto& each) {
                         return each.first.first == twin || each.second == twin;
                       });
  }

  bool IsUsed(const std::string& model) const {
    return std::any_of(twins.begin(), twins.end(), [&](const auto& each) {
      return each.second.first == model;
    });
  }
};

enum class Verb {
  kCreateModel,
  kDeleteModel,
  kCreateTwin,
  kAdd,
  kDeleteTwin,
  kCascade,
  kRelate,
  kUnrelate,
  kRead,
};

struct Operation {
  Verb verb = Verb::kRead;
  std::string model;
  std::string twin;
  std::string other;
  std::string id;

  // What came of it.
  StatusCode code = StatusCode::kOk;
  Revision head_before = 0;
  Revision head_after = 0;
  Revision revision = 0;  // of the commit, or read
  int64_t number = 0;     // that kAdd wrote
  State seen;             // by kRead
};

// How an operation can end at a state; a success changes it.
std::set<StatusCode> Play(const Operation& op, State& state) {
  const bool has_model = state.models.contains(op.model);
  const bool has_twin = state.twins.contains(op.twin);
  const bool has_relationship = state.relationships.contains({op.twin, op.id});
  switch (op.verb) {
    case Verb::kCreateModel:
      if (has_model) {
        return {StatusCode::kAlreadyExists};
      }
      state.models.insert(op.model);
      return {StatusCode::kOk};
    case Verb::kDeleteModel:
      if (!has_model) {
        return {StatusCode::kNotFound};
      }
      if (state.IsUsed(op.model)) {
        return {StatusCode::kFailedPrecondition};
      }
      state.models.erase(op.model);
      return {StatusCode::kOk};
    case Verb::kCreateTwin:
      if (has_twin && !has_model) {
        return {StatusCode::kAlreadyExists, StatusCode::kNotFound};
      }
      if (has_twin || !has_model) {
        return {has_twin ? StatusCode::kAlreadyExists : StatusCode::kNotFound};
      }
      state.twins[op.twin] = {op.model, 0};
      return {StatusCode::kOk};
    case Verb::kAdd:
      if (!has_twin) {
        return {StatusCode::kNotFound};
      }
      state.twins[op.twin].second += 1;
      return {StatusCode::kOk};
    case Verb::kDeleteTwin:
    case Verb::kCascade:
      if (!has_twin) {
        return {StatusCode::kNotFound};
      }
      if (op.verb == Verb::kDeleteTwin && state.IsRelated(op.twin)) {
        return {StatusCode::kFailedPrecondition};
      }
      state.twins.erase(op.twin);
      std::erase_if(state.relationships, [&](const auto& each) {
        return each.first.first == op.twin || each.second == op.twin;
      });
      return {StatusCode::kOk};
    case Verb::kRelate:
      if (!has_twin || !state.twins.contains(op.other)) {
        return {StatusCode::kNotFound};
      }
      if (has_relationship) {
        return {StatusCode::kAlreadyExists};
      }
      state.relationships[{op.twin, op.id}] = op.other;
      return {StatusCode::kOk};
    case Verb::kUnrelate:
      if (!has_relationship) {
        return {StatusCode::kNotFound};
      }
      state.relationships.erase({op.twin, op.id});
      return {StatusCode::kOk};
    case Verb::kRead:
      break;
  }
  return {StatusCode::kOk};
}

class GraphHistoryTest : public testing::TestWithParam<EngineKind> {
 protected:
  Operation RandomOperation(std::mt19937& random) {
    const auto pick = [&](const char* prefix, unsigned count) {
      return absl::StrCat(prefix, random() % count);
    };
    Operation op;
    op.verb = static_cast<Verb>(random() % kVerbs);
    op.model = pick("dtmi:M", 2) + ";1";
    op.twin = pick("t", 4);
    op.other = pick("t", 4);
    op.id = pick("r", 2);
    return op;
  }

  void Run(Operation& op) {
    op.head_before = graph_->commits().head()->revision;
    if (op.verb == Verb::kRead) {
      Read(op);
    } else {
      const auto info = graph_->RunTransaction(
          graph_.ctx(), {},
          [&](GraphWriter& writer) { return Write(writer, op); });
      op.code = info.status().code();
      op.revision = info.ok() ? info->revision : 0;
    }
    op.head_after = graph_->commits().head()->revision;
  }

  absl::Status Write(GraphWriter& writer, Operation& op) {
    const Context& ctx = graph_.ctx();
    switch (op.verb) {
      case Verb::kCreateModel:
        return writer.CreateModels(ctx, {{.id = op.model, .text = "{}"}})
            .status();
      case Verb::kDeleteModel:
        return writer.DeleteModel(ctx, op.model);
      case Verb::kCreateTwin:
        return writer
            .CreateTwin(ctx, {.id = op.twin,
                              .model = op.model,
                              .contents = Json(R"({"n": 0})")})
            .status();
      case Verb::kAdd:
        return Add(writer, op);
      case Verb::kDeleteTwin:
        return writer.DeleteTwin(ctx, op.twin, DeleteMode::kRefuse);
      case Verb::kCascade:
        return writer.DeleteTwin(ctx, op.twin, DeleteMode::kCascade);
      case Verb::kRelate:
        return writer
            .PutRelationship(ctx,
                             {.source = op.twin,
                              .id = op.id,
                              .name = "n",
                              .target = op.other},
                             WriteMode::kCreate)
            .status();
      case Verb::kUnrelate:
        return writer.DeleteRelationship(ctx, op.twin, op.id);
      case Verb::kRead:
        break;
    }
    return absl::OkStatus();
  }

  absl::Status Add(GraphWriter& writer, Operation& op) {
    ASSIGN_OR_RETURN(const TwinRecord twin,
                     writer.GetTwinForUpdate(graph_.ctx(), op.twin));
    op.number = twin.contents().Find("n").as_int() + 1;
    Value contents = Value::MakeMap({{"n", Value::Int(op.number)}});
    return writer.UpdateTwin(graph_.ctx(), twin,
                             {.id = op.twin,
                              .model = std::string(twin.model_id()),
                              .contents = std::move(contents)});
  }

  void Read(Operation& op) {
    const Context& ctx = graph_.ctx();
    const auto reader = graph_.Snapshot();
    op.revision = reader->revision();
    const auto models = reader->ListModels(ctx, "", 100);
    const auto twins = reader->ListTwins(ctx, "", 100);
    ASSERT_OK(models);
    ASSERT_OK(twins);
    for (const ModelRecord& model : *models) {
      op.seen.models.insert(model.id);
    }
    for (const TwinRecord& twin : *twins) {
      op.seen.twins[std::string(twin.id())] = {
          std::string(twin.model_id()), twin.contents().Find("n").as_int()};
      const auto incoming =
          reader->ListIncoming(ctx, twin.number(), "", std::nullopt, 100);
      ASSERT_OK(incoming);
      for (const RelationshipRecord& each : *incoming) {
        op.seen.relationships[{std::string(each.source_id()),
                               std::string(each.id())}] =
            std::string(each.target_id());
      }
    }
  }

  // Every operation against the states that the order of commits makes.
  void Check(std::vector<Operation> history) {
    std::map<Revision, const Operation*> commits;
    for (const Operation& op : history) {
      if (op.verb != Verb::kRead && op.code == StatusCode::kOk) {
        EXPECT_TRUE(commits.emplace(op.revision, &op).second);
        EXPECT_GT(op.revision, op.head_before);
        EXPECT_LE(op.revision, op.head_after);
      }
    }
    std::map<Revision, State> states = {{0, State()}};
    for (const auto& [revision, op] : commits) {
      State state = states.rbegin()->second;
      ASSERT_EQ(Play(*op, state), std::set<StatusCode>{StatusCode::kOk})
          << "commit " << revision << " cannot follow those before";
      if (op->verb == Verb::kAdd) {
        ASSERT_EQ(state.twins.at(op->twin).second, op->number);
      }
      states[revision] = std::move(state);
    }
    for (const Operation& op : history) {
      if (op.verb == Verb::kRead) {
        EXPECT_GE(op.revision, op.head_before);
        EXPECT_EQ(op.seen, std::prev(states.upper_bound(op.revision))->second);
      } else if (op.code != StatusCode::kOk) {
        ExpectRefusal(op, states);
      }
    }
  }

  static void ExpectRefusal(const Operation& op,
                            const std::map<Revision, State>& states) {
    auto state = std::prev(states.upper_bound(op.head_before));
    for (; state != states.end() && state->first <= op.head_after; ++state) {
      State copy = state->second;
      if (Play(op, copy).contains(op.code)) {
        return;
      }
    }
    ADD_FAILURE() << "nothing from " << op.head_before << " to "
                  << op.head_after << " explains the refusal "
                  << absl::StatusCodeToString(op.code) << " of verb "
                  << static_cast<int>(op.verb);
  }

  TestGraph graph_{GetParam()};
};

TEST_P(GraphHistoryTest, OneOrderExplainsWhatEverybodySaw) {
  constexpr unsigned kAllVerbs = (1U << kVerbs) - 1;
  std::vector<std::vector<Operation>> histories(kThreads);
  std::atomic<unsigned> played = 0;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      std::mt19937 random(i + 1);
      for (int k = 0; k < kOperations ||
                      (k < kMostOperations && played.load() != kAllVerbs);
           ++k) {
        Operation& op = histories[i].emplace_back(RandomOperation(random));
        Run(op);
        if (op.code == StatusCode::kOk) {
          played |= 1U << static_cast<unsigned>(op.verb);
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  std::vector<Operation> all;
  for (const auto& history : histories) {
    all.insert(all.end(), history.begin(), history.end());
  }
  Check(std::move(all));
  EXPECT_EQ(played.load(), kAllVerbs) << "a verb never succeeded";
  const auto report = CheckGraph(graph_.ctx(), *graph_);
  ASSERT_OK(report);
  EXPECT_EQ(report->problem_count, 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, GraphHistoryTest,
                         testing::Values(EngineKind::kMemory,
                                         EngineKind::kRocks),
                         NameOf);

}  // namespace
}  // namespace twingraph::graph

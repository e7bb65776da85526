// The topology in memory against the store: the same relationships in the same
// order for every request, at every revision, under every kind of change.

#include "storage/graph/topology.h"

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "storage/graph/memory_expander.h"
#include "storage/graph/parts.h"
#include "storage/graph/store_expander.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

constexpr unsigned kTwins = 12;
constexpr char kModel[] = "dtmi:M;1";

GraphOptions With(TopologyOptions topology) {
  GraphOptions options;
  options.topology = topology;
  return options;
}

bool Same(const std::vector<ExpandedEdge>& a,
          const std::vector<ExpandedEdge>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ExpandedEdge& x, const ExpandedEdge& y) {
                      return x.index == y.index && x.edge == y.edge;
                    });
}

// Random changes of a small graph, and random requests to it.
class Player {
 public:
  explicit Player(unsigned seed) : random_(seed) {}

  unsigned Pick(unsigned count) {
    return static_cast<unsigned>(random_() % count);
  }

  std::string Twin() { return absl::StrCat("t", Pick(kTwins)); }

  // One operation; refusals are part of the game. The first twin is a hub.
  absl::Status Step(const Context& ctx, GraphWriter& writer) {
    absl::Status status;
    switch (Pick(8)) {
      case 0:
        status =
            writer.CreateTwin(ctx, {.id = Twin(), .model = kModel}).status();
        break;
      case 1:
        status = writer.DeleteTwin(
            ctx, Twin(),
            Pick(4) == 0 ? DeleteMode::kCascade : DeleteMode::kRefuse);
        break;
      case 2:
        status =
            writer.DeleteRelationship(ctx, Twin(), absl::StrCat("r", Pick(20)));
        break;
      default: {
        const RelationshipDraft draft = {
            .source = Pick(3) == 0 ? "t0" : Twin(),
            .id = absl::StrCat("r", Pick(20)),
            .name = absl::StrCat("n", Pick(3)),
            .target = Pick(3) == 0 ? "t0" : Twin()};
        status = writer
                     .PutRelationship(
                         ctx, draft,
                         Pick(2) == 0 ? WriteMode::kCreate : WriteMode::kPut)
                     .status();
      }
    }
    const bool is_refusal =
        status.code() == absl::StatusCode::kAlreadyExists ||
        status.code() == absl::StatusCode::kNotFound ||
        status.code() == absl::StatusCode::kFailedPrecondition;
    return is_refusal ? absl::OkStatus() : status;
  }

  // One random request, answered to its end by the store and by memory. True
  // where memory alone could.
  bool ExpectSame(const Context& ctx, const GraphReader& reader) {
    std::vector<TwinNumber> twins;
    for (unsigned i = Pick(5); i < 6; ++i) {
      twins.push_back(TwinNumber{1 + Pick(4 * kTwins)});
    }
    std::vector<NameNumber> names;
    for (unsigned i = Pick(4); i < 3; ++i) {
      names.push_back(NameNumber{Pick(5)});
    }
    const ExpandRequest request = {
        .twins = twins,
        .direction = Pick(2) == 0 ? Direction::kOutgoing : Direction::kIncoming,
        .names = names};
    const size_t limit = Pick(2) == 0 ? 1 + Pick(9) : 1000;
    const Topology& topology = reader.parts().topology;
    const StoreExpander store(reader.rows());
    const MemoryExpander memory(topology, reader.rows());
    ExpandPosition place;
    ExpandPosition memory_place;
    ExpandPosition direct_place;
    bool is_direct = true;
    while (place.index < twins.size()) {
      std::vector<ExpandedEdge> expected;
      EXPECT_OK(store.Expand(ctx, request, limit, place, expected));
      std::vector<ExpandedEdge> found;
      EXPECT_OK(memory.Expand(ctx, request, limit, memory_place, found));
      EXPECT_TRUE(Same(expected, found))
          << "at " << reader.revision() << ", served from "
          << topology.oldest();
      EXPECT_EQ(place.index, memory_place.index);
      EXPECT_EQ(place.after, memory_place.after);
      std::vector<ExpandedEdge> direct;
      is_direct = is_direct && topology.Expand(reader.revision(), request,
                                               limit, direct_place, direct);
      if (testing::Test::HasFailure()) {
        return false;
      }
    }
    return is_direct;
  }

  // Degrees and ends of one twin.
  void ExpectSameEnds(const Context& ctx, const GraphReader& reader) {
    const TwinNumber twin{1 + Pick(2 * kTwins)};
    const std::optional<NameNumber> name =
        Pick(2) == 0 ? std::nullopt : std::optional(NameNumber{1 + Pick(4)});
    const ExpandRequest request = {
        .twins = {&twin, 1},
        .direction = Pick(2) == 0 ? Direction::kOutgoing : Direction::kIncoming,
        .names = {name.has_value() ? &*name : nullptr, name.has_value()}};
    ExpandPosition place;
    std::vector<ExpandedEdge> edges;
    EXPECT_OK(StoreExpander(reader.rows())
                  .Expand(ctx, request, SIZE_MAX / 2, place, edges));
    std::vector<TwinNumber> expected;
    for (const ExpandedEdge& each : edges) {
      expected.push_back(request.direction == Direction::kOutgoing
                             ? each.edge.target
                             : each.edge.source);
    }
    std::vector<TwinNumber> ends;
    if (reader.parts().topology.AppendEnds(reader.revision(), {&twin, 1},
                                           request.direction,
                                           name.value_or(NameNumber{}), ends)) {
      EXPECT_EQ(ends, expected);
    }
    const size_t limit = 1 + Pick(10);
    const auto degree =
        reader.Degree(ctx, twin, request.direction, name, limit);
    ASSERT_OK(degree);
    EXPECT_EQ(*degree, std::min(limit, expected.size()));
  }

 private:
  std::mt19937 random_;
};

void CreateModel(TestGraph& graph) {
  ASSERT_OK(graph.Write([&](GraphWriter& writer) {
    return writer.CreateModels(graph.ctx(), {{.id = kModel, .text = "{}"}})
        .status();
  }));
}

const Topology& TopologyOf(TestGraph& graph) {
  return graph.Snapshot()->parts().topology;
}

struct Setting {
  EngineKind engine = EngineKind::kMemory;
  size_t remembered_changes = 0;
};

class TopologyTest : public testing::TestWithParam<Setting> {
 protected:
  TopologyTest() { CreateModel(graph_); }

  // Commits of a few operations each.
  void Play(int commits) {
    for (int i = 0; i < commits; ++i) {
      const auto revision =
          graph_.Write([&](GraphWriter& writer) -> absl::Status {
            for (unsigned step = player_.Pick(6) + 1; step > 0; --step) {
              RETURN_IF_ERROR(player_.Step(graph_.ctx(), writer));
            }
            return absl::OkStatus();
          });
      ASSERT_OK(revision);
      newest_ = *revision;
    }
  }

  // Looks at the newest revision and at older ones.
  void Look() {
    const auto snapshot = graph_.Snapshot();
    for (int i = 0; i < 15; ++i) {
      EXPECT_TRUE(player_.ExpectSame(graph_.ctx(), *snapshot));
      EXPECT_TRUE(player_.ExpectSame(graph_.ctx(), *graph_->Newest()));
      player_.ExpectSameEnds(graph_.ctx(), *snapshot);
      const auto past =
          graph_.At(1 + player_.Pick(static_cast<unsigned>(newest_)));
      served_in_past_ += player_.ExpectSame(graph_.ctx(), *past) ? 1 : 0;
      player_.ExpectSameEnds(graph_.ctx(), *past);
    }
  }

  TestGraph graph_{GetParam().engine,
                   With({.remembered_changes = GetParam().remembered_changes})};
  Player player_{11};
  Revision newest_ = 0;
  int served_in_past_ = 0;
};

TEST_P(TopologyTest, GivesWhatTheStoreGivesAtEveryRevision) {
  for (int batch = 0; batch < 15 && !HasFailure(); ++batch) {
    Play(10);
    Look();
  }
  EXPECT_GT(served_in_past_, 5);
  if (GetParam().remembered_changes < 100) {
    EXPECT_GT(TopologyOf(graph_).oldest(), 50U);
  }
}

TEST_P(TopologyTest, AReaderStaysWhereItIs) {
  for (int batch = 0; batch < 10 && !HasFailure(); ++batch) {
    const auto snapshot = graph_.Snapshot();
    const auto newest = graph_->Newest();
    for (int i = 0; i < 10; ++i) {
      Play(3);
      player_.ExpectSame(graph_.ctx(), *snapshot);
      player_.ExpectSame(graph_.ctx(), *newest);
    }
  }
}

TEST_P(TopologyTest, IsTheSameWhenOpenedAgain) {
  if (GetParam().engine == EngineKind::kMemory) {
    return;  // keeps nothing, by its contract
  }
  for (int batch = 0; batch < 4 && !HasFailure(); ++batch) {
    Play(20);
    graph_.Reopen();
    EXPECT_EQ(TopologyOf(graph_).oldest(), newest_);
    Look();
  }
}

std::string NameOfSetting(const testing::TestParamInfo<Setting>& test) {
  return absl::StrCat(
      test.param.engine == EngineKind::kMemory ? "Memory" : "Rocks",
      test.param.remembered_changes);
}

INSTANTIATE_TEST_SUITE_P(Settings, TopologyTest,
                         testing::Values(Setting{EngineKind::kMemory, 0},
                                         Setting{EngineKind::kMemory, 40},
                                         Setting{EngineKind::kRocks, 40},
                                         Setting{EngineKind::kRocks, 1 << 16}),
                         NameOfSetting);

// Writers and readers at once; readers also of revisions within a group, and
// of ones that the topology is just forgetting.
TEST(TopologyRaceTest, ReadersSeeTheirRevisionWhileWritersChangeIt) {
  for (const size_t remembered : {size_t{8}, size_t{300}}) {
    TestGraph graph(EngineKind::kMemory,
                    With({.remembered_changes = remembered}));
    CreateModel(graph);
    std::atomic<int> writers = 3;
    std::atomic<int> served = 0;
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        Player player(t);
        for (int i = 0; i < 150; ++i) {
          EXPECT_OK(graph->RunTransaction(
              graph.ctx(), {}, [&](GraphWriter& writer) -> absl::Status {
                RETURN_IF_ERROR(player.Step(graph.ctx(), writer));
                return player.Step(graph.ctx(), writer);
              }));
        }
        --writers;
      });
    }
    for (unsigned t = 0; t < 2; ++t) {
      threads.emplace_back([&, t] {
        Player player(100 + t);
        while (writers > 0 && !testing::Test::HasFailure()) {
          const auto snapshot = graph.Snapshot();
          served += player.ExpectSame(graph.ctx(), *snapshot) ? 1 : 0;
          const Revision back = player.Pick(20);
          const Revision newest = snapshot->revision();
          const auto past = graph.At(newest > back ? newest - back : newest);
          for (int i = 0; i < 3; ++i) {
            served += player.ExpectSame(graph.ctx(), *past) ? 1 : 0;
          }
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    EXPECT_GT(served, 10);
  }
}

// Relationships of one twin, far more than its list keeps changes of.
TEST(TopologyLimitTest, AHubTakesChangesOneByOne) {
  TestGraph graph(EngineKind::kMemory, With({}));
  CreateModel(graph);
  Player player(5);
  ASSERT_OK(graph.Write([&](GraphWriter& writer) -> absl::Status {
    for (unsigned i = 0; i < kTwins; ++i) {
      RETURN_IF_ERROR(writer
                          .CreateTwin(graph.ctx(), {.id = absl::StrCat("t", i),
                                                    .model = kModel})
                          .status());
    }
    return absl::OkStatus();
  }));
  for (int i = 0; i < 400; ++i) {
    ASSERT_OK(graph.Write([&](GraphWriter& writer) -> absl::Status {
      if (i % 5 == 4) {
        return writer.DeleteRelationship(graph.ctx(), "t0",
                                         absl::StrCat("r", i - 1));
      }
      return writer
          .PutRelationship(graph.ctx(),
                           {.source = "t0",
                            .id = absl::StrCat("r", i),
                            .name = "n",
                            .target = player.Twin()},
                           WriteMode::kCreate)
          .status();
    }));
  }
  const auto newest = graph.Snapshot();
  const auto recent = graph.At(newest->revision() - 20);
  const auto old = graph.At(20);
  for (int i = 0; i < 30; ++i) {
    EXPECT_TRUE(player.ExpectSame(graph.ctx(), *newest));
    EXPECT_TRUE(player.ExpectSame(graph.ctx(), *recent));
    player.ExpectSame(graph.ctx(), *old);
    player.ExpectSameEnds(graph.ctx(), *newest);
  }
  // The hub's list no longer tells what it was at first.
  const TwinNumber hub{1};
  ExpandPosition place;
  std::vector<ExpandedEdge> edges;
  EXPECT_FALSE(TopologyOf(graph).Expand(
      old->revision(),
      {.twins = {&hub, 1}, .direction = Direction::kOutgoing, .names = {}}, 10,
      place, edges));
}

TEST(TopologyLimitTest, WithoutMemoryTheStoreAnswers) {
  TestGraph graph(EngineKind::kMemory, With({.bytes = 0}));
  CreateModel(graph);
  Player player(3);
  for (int i = 0; i < 60; ++i) {
    ASSERT_OK(graph.Write(
        [&](GraphWriter& writer) { return player.Step(graph.ctx(), writer); }));
  }
  const auto reader = graph.Snapshot();
  EXPECT_EQ(TopologyOf(graph).oldest(), Topology::kNever);
  bool is_served = false;
  for (int i = 0; i < 20; ++i) {
    is_served = is_served || player.ExpectSame(graph.ctx(), *reader);
  }
  EXPECT_FALSE(is_served);
}

TEST(TopologyLimitTest, WhatGrowsOutOfItsMemoryGivesItBack) {
  // The words of the first twins, and a little.
  constexpr size_t kWords = 2 * (size_t{1} << 15) * sizeof(uintptr_t);
  constexpr size_t kBudget = kWords + 8000;
  TestGraph graph(EngineKind::kRocks, With({.bytes = kBudget}));
  CreateModel(graph);
  Player player(3);
  size_t most = 0;
  for (int i = 0; i < 400; ++i) {
    ASSERT_OK(graph.Write(
        [&](GraphWriter& writer) { return player.Step(graph.ctx(), writer); }));
    most = std::max(most, TopologyOf(graph).bytes());
  }
  EXPECT_GT(most, kWords + 4000);
  EXPECT_EQ(TopologyOf(graph).oldest(), Topology::kNever);
  EXPECT_EQ(TopologyOf(graph).bytes(), kWords);
  for (int i = 0; i < 20; ++i) {
    player.ExpectSame(graph.ctx(), *graph.Snapshot());
    player.ExpectSameEnds(graph.ctx(), *graph.Snapshot());
  }
  // Opened again without what the changes took, it fits.
  graph.Reopen();
  EXPECT_NE(TopologyOf(graph).oldest(), Topology::kNever);
  graph.options().topology.bytes = 1000;
  graph.Reopen();
  EXPECT_EQ(TopologyOf(graph).oldest(), Topology::kNever);
}

TEST(TopologyLimitTest, ALimitThatSinksBelowItTurnsItOffAtTheNextCommit) {
  TestGraph graph(EngineKind::kMemory, With({.bytes = size_t{16} << 20}));
  CreateModel(graph);
  Player player(3);
  const auto play = [&](int steps) {
    for (int i = 0; i < steps; ++i) {
      ASSERT_OK(graph.Write([&](GraphWriter& writer) {
        return player.Step(graph.ctx(), writer);
      }));
    }
  };
  play(60);
  EXPECT_NE(TopologyOf(graph).oldest(), Topology::kNever);
  ASSERT_GT(graph->topology_bytes(), 0U);
  graph->SetTopologyLimit(graph->topology_bytes() / 2);
  play(20);
  EXPECT_EQ(TopologyOf(graph).oldest(), Topology::kNever);
  player.ExpectSame(graph.ctx(), *graph.Snapshot());
}

}  // namespace
}  // namespace twingraph::graph

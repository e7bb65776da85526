// How often the store is asked for one hop; that the answers are right is
// compared in graph_model_test and topology_test.

#include "storage/graph/store_expander.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "storage/base/status_macros.h"
#include "tests/storage/graph/counting_reader.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

constexpr uint64_t kTwins = 50;

// Twins, each with two relationships to the next one.
void Fill(TestGraph& graph) {
  const Context& ctx = graph.ctx();
  ASSERT_OK(graph.Write([&](GraphWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(
        writer.CreateModels(ctx, {{.id = "dtmi:M;1", .text = "{}"}}).status());
    for (uint64_t i = 0; i < kTwins; ++i) {
      RETURN_IF_ERROR(writer
                          .CreateTwin(ctx, {.id = absl::StrCat("t", i),
                                            .model = "dtmi:M;1"})
                          .status());
    }
    for (uint64_t i = 0; i + 1 < kTwins; ++i) {
      for (const std::string name : {"a", "b"}) {
        RETURN_IF_ERROR(
            writer
                .PutRelationship(ctx,
                                 {.source = absl::StrCat("t", i),
                                  .id = name,
                                  .name = name,
                                  .target = absl::StrCat("t", i + 1)},
                                 WriteMode::kCreate)
                .status());
      }
    }
    return absl::OkStatus();
  }));
}

class StoreExpanderTest : public testing::TestWithParam<EngineKind> {};

INSTANTIATE_TEST_SUITE_P(Engines, StoreExpanderTest,
                         testing::Values(EngineKind::kMemory,
                                         EngineKind::kRocks),
                         NameOf);

TEST_P(StoreExpanderTest, AHopFromManyTwinsIsOneScan) {
  TestGraph graph(GetParam());
  Fill(graph);
  const auto reader = graph.Snapshot();
  // Not in key order, and one of them twice.
  std::vector<TwinNumber> twins;
  for (uint64_t i = kTwins; i > 0; --i) {
    twins.push_back(TwinNumber{i});
  }
  twins.push_back(twins.front());
  const std::vector<NameNumber> names = {reader->FindNameNumber("b"),
                                         reader->FindNameNumber("a")};
  for (const size_t name_count : {0, 1, 2}) {
    const ExpandRequest request = {
        .twins = twins,
        .direction = Direction::kIncoming,
        .names = absl::MakeConstSpan(names).first(name_count)};
    const CountingReader counting(reader->rows());
    ExpandPosition position;
    std::vector<ExpandedEdge> edges;
    ASSERT_OK(StoreExpander(counting).Expand(graph.ctx(), request, 1000,
                                             position, edges));
    EXPECT_EQ(counting.scans(), 1);
    EXPECT_EQ(position.index, twins.size());
    EXPECT_EQ(edges.size(), (name_count == 1 ? 1 : 2) * kTwins);
    for (const ExpandedEdge& each : edges) {
      EXPECT_EQ(each.edge.target, twins[each.index]);
    }
    EXPECT_TRUE(std::is_sorted(
        edges.begin(), edges.end(),
        [](const auto& a, const auto& b) { return a.index < b.index; }));
  }
}

}  // namespace
}  // namespace twingraph::graph

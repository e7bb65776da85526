#include "storage/graph/graph_statistics.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

using ::testing::ElementsAre;

TEST(GraphStatisticsTest, CountsModelsAndNamesMostFirst) {
  TestGraph graph(EngineKind::kMemory);
  const Context& ctx = graph.ctx();
  ASSERT_OK(graph.Write([&](GraphWriter& w) -> absl::Status {
    RETURN_IF_ERROR(w.CreateModels(ctx, {{.id = "dtmi:A;1", .text = "{}"},
                                         {.id = "dtmi:B;1", .text = "{}"},
                                         {.id = "dtmi:None;1", .text = "{}"}})
                        .status());
    for (int i = 0; i < 5; ++i) {
      RETURN_IF_ERROR(
          w.CreateTwin(ctx, {.id = absl::StrCat("t", i),
                             .model = i < 2 ? "dtmi:A;1" : "dtmi:B;1"})
              .status());
    }
    for (const char* id : {"one", "two"}) {
      RETURN_IF_ERROR(
          w.PutRelationship(
               ctx, {.source = "t0", .id = id, .name = "feeds", .target = "t1"},
               WriteMode::kCreate)
              .status());
    }
    return w
        .PutRelationship(
            ctx, {.source = "t1", .id = "r", .name = "near", .target = "t2"},
            WriteMode::kCreate)
        .status();
  }));
  const auto reader = graph.Snapshot();
  EXPECT_THAT(
      *CountTwinsByModel(ctx, *reader, 10),
      ElementsAre(NamedCount{"dtmi:B;1", 3}, NamedCount{"dtmi:A;1", 2}));
  EXPECT_THAT(*CountTwinsByModel(ctx, *reader, 1),
              ElementsAre(NamedCount{"dtmi:B;1", 3}));
  EXPECT_THAT(*CountRelationshipsByName(ctx, *reader, 10),
              ElementsAre(NamedCount{"feeds", 2}, NamedCount{"near", 1}));
}

}  // namespace
}  // namespace twingraph::graph

// How often the store is asked for what a reader gives; what it gives is
// compared in graph_model_test.

#include "storage/graph/graph_reader.h"

#include <memory>
#include <utility>

#include "gtest/gtest.h"

#include "tests/storage/graph/counting_reader.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

TEST(GraphReaderTest, ATwinIsGotByOneRead) {
  GraphOptions options;
  options.record_cache_bytes = 0;
  TestGraph graph(EngineKind::kRocks, options);
  const Context& ctx = graph.ctx();
  ASSERT_OK(graph.Write([&](GraphWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(
        writer.CreateModels(ctx, {{.id = "dtmi:M;1", .text = "{}"}}).status());
    return writer.CreateTwin(ctx, {.id = "t", .model = "dtmi:M;1"}).status();
  }));
  const auto expect_one_read = [&] {
    const auto newest = graph->commits().Newest();
    auto counting = std::make_unique<CountingReader>(*newest);
    const CountingReader& counts = *counting;
    const auto snapshot = graph.Snapshot();
    const GraphReader reader(snapshot->parts(), std::move(counting),
                             /*has_exact_indexes=*/true);
    ASSERT_OK(reader.GetTwin(ctx, "t"));
    EXPECT_EQ(counts.gets(), 1);
    EXPECT_EQ(counts.scans(), 0);
  };
  expect_one_read();
  graph.Reopen();
  expect_one_read();
}

}  // namespace
}  // namespace twingraph::graph

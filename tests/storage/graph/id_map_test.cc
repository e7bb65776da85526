// Where it does not know all twins; that readers then find the same is in
// graph_model_test.

#include "storage/graph/id_map.h"

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "storage/graph/parts.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

constexpr int kTwins = 20'000;
constexpr size_t kLimit = size_t{1280} << 10;
// Ids are taken in by blocks, models by chunks.
constexpr size_t kSlack = size_t{128} << 10;

std::string IdOf(int twin) {
  return absl::StrCat("a.twin.of.a.floor.", twin);
}

void CreateTwins(TestGraph& graph, int from, int to) {
  ASSERT_OK(graph.Write([&](GraphWriter& writer) -> absl::Status {
    for (int i = from; i < to; ++i) {
      RETURN_IF_ERROR(
          writer.CreateTwin(graph.ctx(), {.id = IdOf(i), .model = "dtmi:M;1"})
              .status());
    }
    return absl::OkStatus();
  }));
}

Revision DeleteTwin(TestGraph& graph, int twin) {
  const auto revision = graph.Write([&](GraphWriter& writer) {
    return writer.DeleteTwin(graph.ctx(), IdOf(twin));
  });
  EXPECT_OK(revision);
  return *revision;
}

class IdMapTest : public testing::Test {
 protected:
  IdMapTest() {
    EXPECT_OK(graph_.Write([&](GraphWriter& writer) {
      return writer
          .CreateModels(graph_.ctx(), {{.id = "dtmi:M;1", .text = "{}"}})
          .status();
    }));
    reader_ = graph_.Snapshot();
  }

  const IdMap& map() { return reader_->parts().id_map; }

  static GraphOptions Options() {
    GraphOptions options;
    options.id_map_bytes = kLimit;
    return options;
  }

  TestGraph graph_{EngineKind::kMemory, Options()};
  std::unique_ptr<GraphReader> reader_;
};

TEST_F(IdMapTest, IsWholeWhileItFits) {
  CreateTwins(graph_, 0, 100);
  EXPECT_TRUE(map().is_whole());
  EXPECT_EQ(map().size(), 100U);
  const Revision newest = graph_.Snapshot()->revision();
  EXPECT_TRUE(map().IsCompleteAt(newest));
  EXPECT_TRUE(map().IsExactAt(newest, std::nullopt));
  EXPECT_FALSE(map().IsExactAt(newest - 1, std::nullopt));
}

TEST_F(IdMapTest, KnowsAsManyAsFitAndSaysSo) {
  for (int from = 0; from < kTwins; from += 1'000) {
    CreateTwins(graph_, from, from + 1'000);
  }
  EXPECT_FALSE(map().is_whole());
  EXPECT_GT(map().bytes(), kLimit - kSlack);
  EXPECT_LT(map().bytes(), kLimit + kSlack);
  EXPECT_GT(map().size(), 5'000U);
  EXPECT_LT(map().size(), size_t{kTwins});
  const Revision newest = graph_.Snapshot()->revision();
  EXPECT_FALSE(map().IsCompleteAt(newest));
  EXPECT_FALSE(map().IsExactAt(newest, std::nullopt));
  const auto known = map().Find(IdOf(0));
  ASSERT_TRUE(known.has_value());
  EXPECT_TRUE(map().IsExactAt(newest, known));
  EXPECT_FALSE(map().Find(IdOf(kTwins - 1)).has_value());
  EXPECT_OK(graph_.Snapshot()->GetTwin(graph_.ctx(), IdOf(kTwins - 1)));
}

TEST_F(IdMapTest, AKnownTwinThatGoesIsKnownNoMore) {
  for (int from = 0; from < kTwins; from += 1'000) {
    CreateTwins(graph_, from, from + 1'000);
  }
  const auto known = map().Find(IdOf(7));
  ASSERT_TRUE(known.has_value());
  const Revision gone_at = DeleteTwin(graph_, 7);
  EXPECT_FALSE(map().Find(IdOf(7)).has_value());
  EXPECT_FALSE(map().IsExactAt(gone_at - 1, known));
  EXPECT_FALSE(graph_.Snapshot()->GetTwin(graph_.ctx(), IdOf(7)).ok());
  EXPECT_OK(graph_.At(gone_at - 1)->GetTwin(graph_.ctx(), IdOf(7)));
  // Made again, it is another twin, whether known or not.
  CreateTwins(graph_, 7, 8);
  const auto again = graph_.Snapshot()->GetTwin(graph_.ctx(), IdOf(7));
  ASSERT_OK(again);
  EXPECT_NE(again->number(), *known);
}

}  // namespace
}  // namespace twingraph::graph

// A graph of each format that was ever written must open in every later build
// and be sound there; golden/store-N is one of format N.

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/graph/check_graph.h"
#include "tests/storage/graph/open_graph.h"
#include "tests/support/golden_store.h"

namespace twingraph::graph {
namespace {

constexpr char kContents[] =
    R"({"t": 21.5, "n": 7, "on": true, "text": "Küche", "none": null,)"
    R"( "list": [1, "two"], "part": {"deep": {"value": -1}}})";

std::string Text(ValueView view) {
  std::string text;
  AppendJson(view, text);
  return text;
}

class GoldenGraphTest : public ::testing::Test {
 protected:
  void Open(GraphOptions options = {}) {
    graph_.reset();
    ASSERT_OK_AND_ASSIGN(
        auto engine,
        kv_rocks::OpenEngine(key::GraphSpaces(), {.directory = directory_}));
    options.store.clock = &clock_;
    options.store.maintenance_interval = absl::ZeroDuration();
    // Kept whatever the time is in the years to come.
    options.store.retention.time = absl::InfiniteDuration();
    ASSERT_OK_AND_ASSIGN(graph_,
                         GraphStore::Open(ctx_, std::move(engine), options));
  }

  Revision Write(GraphStore::TransactionFunction function) {
    clock_.Advance(absl::Seconds(1));
    const auto info = graph_->RunTransaction(ctx_, {}, function);
    EXPECT_OK(info);
    return info.ok() ? info->revision : 0;
  }

  // Every kind of fact once; then changes and deletions, for the history.
  void Fill() {
    Write([&](GraphWriter& w) -> absl::Status {
      RETURN_IF_ERROR(w.CreateModels(ctx_, {{.id = "dtmi:A;1", .text = "{}"},
                                            {.id = "dtmi:B;1",
                                             .text = "{}",
                                             .dependencies = {"dtmi:A;1"}}})
                          .status());
      RETURN_IF_ERROR(w.CreateTwin(ctx_, {.id = "a",
                                          .model = "dtmi:A;1",
                                          .contents = Json(kContents)})
                          .status());
      return w.CreateTwin(ctx_, {.id = "b", .model = "dtmi:B;1"}).status();
    });
    Write([&](GraphWriter& w) -> absl::Status {
      RETURN_IF_ERROR(w.PutRelationship(ctx_,
                                        {.source = "a",
                                         .id = "r",
                                         .name = "feeds",
                                         .target = "b",
                                         .contents = Json(R"({"w": 1})")},
                                        WriteMode::kCreate)
                          .status());
      RETURN_IF_ERROR(
          w.PutHub(ctx_, {.id = "h", .kind = "simulated"}, WriteMode::kCreate));
      ASSIGN_OR_RETURN(const TwinNumber twin,
                       w.CreateTwin(ctx_, {.id = "h.d",
                                           .model = "dtmi:A;1",
                                           .device = Json(R"({"hub": "h"})")}));
      RETURN_IF_ERROR(w.PutHubProgress(ctx_, "h", {.cursor = "c1"}));
      return w.PutDevice(ctx_, {.hub = "h",
                                .path = {"d"},
                                .state = 2,
                                .twin = twin,
                                .twin_id = "h.d"});
    });
    Write([&](GraphWriter& w) -> absl::Status {
      ASSIGN_OR_RETURN(const TwinRecord twin, w.GetTwinForUpdate(ctx_, "a"));
      return w.UpdateTwin(
          ctx_, twin,
          {.id = "a", .model = "dtmi:A;1", .contents = Json(R"({"t": 22.5})")});
    });
    Write([&](GraphWriter& w) {
      return w.DeleteTwin(ctx_, "b", DeleteMode::kCascade);
    });
  }

  // As changes, because revisions tell how many commits went before.
  void ExpectFilled() {
    ASSERT_OK_AND_ASSIGN(const auto now, graph_->OpenSnapshot(ctx_));
    ASSERT_OK_AND_ASSIGN(const CheckReport report, CheckGraph(ctx_, *graph_));
    EXPECT_EQ(report.problem_count, 0);
    EXPECT_EQ(report.twins, 2);
    EXPECT_EQ(report.relationships, 0);
    EXPECT_EQ(report.models, 2);
    EXPECT_EQ(*now->CountDevices(ctx_, "h", 2), 1);
    EXPECT_EQ((*now->GetHubProgress(ctx_, "h")).cursor, "c1");
    ASSERT_OK_AND_ASSIGN(const TwinRecord a, now->GetTwin(ctx_, "a"));
    EXPECT_EQ(Text(a.contents()), R"({"t":22.5})");

    // Before the relationship went, and before the twin changed.
    ASSERT_OK_AND_ASSIGN(const auto old,
                         graph_->ReaderAt(ctx_, a.revision() - 1));
    ASSERT_OK_AND_ASSIGN(const TwinRecord before, old->GetTwin(ctx_, "a"));
    EXPECT_EQ(Text(before.contents()), FormatJson(Json(kContents)));
    ASSERT_OK_AND_ASSIGN(const auto edge, old->GetRelationship(ctx_, "a", "r"));
    EXPECT_EQ(edge.target_id(), "b");
    EXPECT_EQ(*old->CountTwins(ctx_), 3);
  }

  const TempDir dir_;
  const std::string directory_ = dir_.path() + "/store";
  Context ctx_;
  FakeClock clock_;
  std::unique_ptr<GraphStore> graph_;
};

TEST_F(GoldenGraphTest, AGraphOfFormat1OpensAndIsSound) {
  CopyGoldenStore("storage/graph/golden/store-1", directory_, [&] {
    Open();
    Fill();
    graph_.reset();
  });
  Open();
  ExpectFilled();
  // And it goes on: names and numbers continue.
  Write([&](GraphWriter& w) {
    return w.CreateTwin(ctx_, {.id = "c", .model = "dtmi:B;1"}).status();
  });
  EXPECT_EQ((*CheckGraph(ctx_, *graph_)).problem_count, 0);
}

// Format 2: an index was built on data that was there.
TEST_F(GoldenGraphTest, AGraphOfFormat2OpensAndIsSound) {
  const std::vector<std::string> path = {"t"};
  const auto is_served = [&] {
    return (*graph_->OpenSnapshot(ctx_))->IsIndexed(path);
  };
  CopyGoldenStore("storage/graph/golden/store-2", directory_, [&] {
    GraphOptions options;
    options.unindexed_paths = std::vector<std::string>{"/t"};
    Open(options);
    Fill();
    options.unindexed_paths = std::vector<std::string>{};
    options.builds_indexes = true;
    Open(options);
    for (int i = 0; i < 500 && !is_served(); ++i) {
      absl::SleepFor(absl::Milliseconds(20));
    }
    ASSERT_TRUE(is_served());
    graph_.reset();
  });
  Open();
  ExpectFilled();
  EXPECT_TRUE(is_served());
  ASSERT_OK_AND_ASSIGN(const auto now, graph_->OpenSnapshot(ctx_));
  TwinBatch found;
  std::string cursor;
  ASSERT_OK(now->ScanProperty(ctx_, {.path = path}, 10, cursor, found));
  EXPECT_EQ(found.twins.size(), 1U);
}

}  // namespace
}  // namespace twingraph::graph

// A new index on existing data: built in steps that survive the end of the
// process, beside writers, and not used before it is complete.

#include "storage/graph/index_build.h"

#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/base/log.h"
#include "storage/graph/check_graph.h"
#include "storage/graph/graph_settings.h"
#include "storage/graph/parts.h"
#include "tests/storage/graph/open_graph.h"
#include "tests/support/lying_engine.h"

namespace twingraph::graph {
namespace {

using Path = std::vector<std::string>;
using Paths = std::vector<std::string>;

constexpr int kTwins = 450;  // several steps

class IndexBuildTest : public testing::Test {
 protected:
  IndexBuildTest() {
    Write([&](GraphWriter& writer) -> absl::Status {
      RETURN_IF_ERROR(
          writer.CreateModels(ctx(), {{.id = "dtmi:M;1", .text = "{}"}})
              .status());
      for (int i = 0; i < kTwins; ++i) {
        RETURN_IF_ERROR(writer
                            .CreateTwin(ctx(), {.id = absl::StrCat("t", i),
                                                .model = "dtmi:M;1",
                                                .contents = Contents(i)})
                            .status());
      }
      for (int i = 0; i < kTwins; ++i) {
        RETURN_IF_ERROR(
            writer
                .PutRelationship(ctx(),
                                 {.source = absl::StrCat("t", i),
                                  .id = "r",
                                  .name = "n",
                                  .target = absl::StrCat("t", i / 2),
                                  .contents = Contents(i)},
                                 WriteMode::kCreate)
                .status());
      }
      return absl::OkStatus();
    });
  }

  const Context& ctx() { return graph_.ctx(); }

  void Write(GraphStore::TransactionFunction function) {
    ASSERT_OK(graph_.Write(function));
  }

  static Value Contents(int i) {
    return Json(absl::StrCat(R"({"hidden": {"deep": )", i % 10,
                             R"(}, "kept": 1, "open": )", i % 3, "}"));
  }

  // Opens the store with another list, and asks for its indexes.
  void AskFor(std::vector<std::string> unindexed) {
    graph_.options().unindexed_paths = std::move(unindexed);
    // Only begins: the steps are the test's.
    const auto settings = OpenSettings(ctx(), graph_->commits(),
                                       graph_.options().unindexed_paths);
    ASSERT_OK(settings);
    ASSERT_TRUE(settings->build.has_value());
    graph_.Reopen();
  }

  absl::StatusOr<bool> Step() {
    const auto reader = graph_.Snapshot();
    return BuildIndexStep(ctx(), const_cast<Parts&>(reader->parts()));
  }

  bool IsServed() {
    return graph_->Newest()->IsIndexed(Path{"hidden", "deep"});
  }

  // Rows with a value, of twins and of relationships.
  std::pair<size_t, size_t> Count(int value) {
    const auto reader = graph_.Snapshot();
    const ValueBound bound{Value::Int(value), /*is_inclusive=*/true};
    const PropertyRange range = {.path = {"hidden", "deep"},
                                 .type = OrderedType::kNumber,
                                 .lower = bound,
                                 .upper = bound};
    std::string cursor;
    TwinBatch twins;
    EXPECT_OK(reader->ScanProperty(ctx(), range, 10'000, cursor, twins));
    cursor.clear();
    EdgeBatch edges;
    EXPECT_OK(reader->ScanRelationshipProperty(
        ctx(), reader->FindNameNumber("n"), range, 10'000, cursor, edges));
    return {twins.twins.size(), edges.edges.size()};
  }

  // Of a graph that is sound.
  int64_t RowsToBuild() {
    const auto report = CheckGraph(ctx(), *graph_);
    EXPECT_OK(report);
    if (!report.ok()) {
      return -1;
    }
    for (const CheckProblem& problem : report->problems) {
      ADD_FAILURE() << problem.space << " " << problem.key_hex << ": "
                    << problem.message;
    }
    return report->rows_to_build;
  }

  void ExpectSound() { EXPECT_EQ(RowsToBuild(), 0); }

  TestGraph graph_{EngineKind::kRocks,
                   {.unindexed_paths = Paths{"/hidden", "/kept"}}};
};

TEST_F(IndexBuildTest, GoesOnWhereItWasWhenTheProcessEnded) {
  const Revision before = graph_->Newest()->revision();
  AskFor({"/kept"});
  int steps = 0;
  for (bool is_done = false; !is_done; ++steps) {
    EXPECT_FALSE(IsServed());
    const int64_t to_build = RowsToBuild();
    ASSERT_OK_AND_ASSIGN(is_done, Step());
    EXPECT_LE(RowsToBuild(), to_build - (is_done ? 0 : 1));
    if (steps % 2 == 0 && !is_done) {
      graph_.Reopen();  // with what was committed, and nothing else
    }
  }
  EXPECT_GT(steps, 5);
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(IsServed());
    EXPECT_FALSE(graph_->Newest()->IsIndexed(Path{"kept"}));
    // What was read before the index was there does without it.
    EXPECT_FALSE(graph_.At(before)->IsIndexed(Path{"hidden"}));
    EXPECT_TRUE(graph_.At(before)->IsIndexed(Path{"open"}));
    EXPECT_EQ(Count(3), std::pair(size_t{45}, size_t{45}));
    ExpectSound();
    graph_.Reopen();
  }
}

TEST_F(IndexBuildTest, WritersMayChangeWhatItHasAndHasNotSeen) {
  AskFor({});
  std::thread writer([&] {
    std::mt19937 random(1);
    for (int k = 0; k < 150; ++k) {
      const std::string id = absl::StrCat("t", random() % kTwins);
      const auto info = graph_->RunTransaction(
          ctx(), {}, [&](GraphWriter& write) -> absl::Status {
            ASSIGN_OR_RETURN(const auto twin,
                             write.FindTwinForUpdate(ctx(), id));
            if (!twin.has_value() || k % 5 == 0) {
              return twin.has_value()
                         ? write.DeleteTwin(ctx(), id, DeleteMode::kCascade)
                         : absl::OkStatus();
            }
            return write.UpdateTwin(
                ctx(), *twin,
                {.id = id, .model = "dtmi:M;1", .contents = Contents(k)});
          });
      EXPECT_OK(info);
    }
  });
  for (bool is_done = false; !is_done;) {
    const auto step = Step();
    EXPECT_OK(step);
    is_done = step.value_or(true);
  }
  writer.join();
  EXPECT_TRUE(IsServed());
  EXPECT_TRUE(graph_->Newest()->IsIndexed(Path{"kept"}));
  ExpectSound();
}

TEST_F(IndexBuildTest, AStoreBuildsByItselfWhenItIsAskedTo) {
  graph_.options().unindexed_paths = Paths{};
  graph_.options().builds_indexes = true;
  graph_.Reopen();
  for (int i = 0; i < 500 && !IsServed(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(IsServed());
  EXPECT_EQ(Count(7), std::pair(size_t{45}, size_t{45}));
  ExpectSound();
  // Nothing more to do, and nothing is taken back.
  graph_.options().unindexed_paths = Paths{"/hidden"};
  graph_.Reopen();
  EXPECT_TRUE(IsServed());
}

TEST_F(IndexBuildTest, GoesOnWhenTheStoreTakesWritesAgain) {
  AskFor({});
  graph_.options().builds_indexes = true;
  LyingEngine* lying = nullptr;
  graph_.SetWrapper([&](std::unique_ptr<kv::Engine> engine) {
    auto made = std::make_unique<LyingEngine>(std::move(engine), /*seed=*/1);
    made->SetUnknown(/*is_unknown=*/true, /*is_stored=*/false);
    lying = made.get();
    return made;
  });
  graph_.Reopen();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_FALSE(IsServed());
  lying->SetUnknown(false, false);
  for (int i = 0; i < 1000 && !IsServed(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(IsServed());
  EXPECT_EQ(Count(7), std::pair(size_t{45}, size_t{45}));
  ExpectSound();
}

TEST_F(IndexBuildTest, WithoutAListAStoreKeepsWhatItHas) {
  graph_.options().unindexed_paths.reset();
  graph_.options().builds_indexes = true;
  graph_.Reopen();
  EXPECT_FALSE(IsServed());
  EXPECT_FALSE(graph_->Newest()->IsIndexed(Path{"kept"}));
  ASSERT_OK_AND_ASSIGN(const bool is_done, Step());
  EXPECT_TRUE(is_done);
}

TEST_F(IndexBuildTest, ALongerListBuildsNothing) {
  graph_.options().unindexed_paths = Paths{"/hidden", "/kept", "/open"};
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(const GraphSettings settings,
                         OpenSettings(ctx(), graph_->commits(),
                                      graph_.options().unindexed_paths));
    EXPECT_FALSE(settings.build.has_value());
    EXPECT_EQ(
        PathsThatKeepTheirIndex(*graph_.options().unindexed_paths, settings),
        Paths{"/open"});
    graph_.Reopen();
    EXPECT_TRUE(graph_->Newest()->IsIndexed(Path{"open"}));
  }
}

TEST_F(IndexBuildTest, APathThatIsAboveOneOfTheStoreBuildsNothing) {
  AskFor({"/hidden/deep", "/kept"});
  for (bool is_done = false; !is_done;) {
    ASSERT_OK_AND_ASSIGN(is_done, Step());
  }
  ASSERT_OK_AND_ASSIGN(
      const GraphSettings settings,
      OpenSettings(ctx(), graph_->commits(), Paths{"/hidden", "/kept"}));
  EXPECT_FALSE(settings.build.has_value());
  EXPECT_FALSE(IsServed());
  EXPECT_EQ(PathsThatKeepTheirIndex({"/hidden", "/kept"}, settings),
            Paths{"/hidden"});
}

TEST_F(IndexBuildTest, AShorterListDuringABuildBeginsItAgain) {
  AskFor({"/kept"});
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(Step());
  }
  AskFor({});
  const Paths all{"/hidden", "/kept"};
  ASSERT_OK_AND_ASSIGN(const GraphSettings settings,
                       OpenSettings(ctx(), graph_->commits(), std::nullopt));
  for (const std::string& path : PathsBeingBuilt(settings)) {
    EXPECT_THAT(all, testing::Contains(path));
  }
  for (bool is_done = false; !is_done;) {
    EXPECT_FALSE(IsServed());
    ASSERT_OK_AND_ASSIGN(is_done, Step());
  }
  EXPECT_TRUE(IsServed());
  EXPECT_TRUE(graph_->Newest()->IsIndexed(Path{"kept"}));
  EXPECT_EQ(Count(3), std::pair(size_t{45}, size_t{45}));
  ExpectSound();
}

TEST_F(IndexBuildTest, TheLogNamesThePaths) {
  FlushLog();
  testing::internal::CaptureStderr();
  graph_.options().unindexed_paths = Paths{"/kept", "/open"};
  graph_.options().builds_indexes = true;
  graph_.Reopen();
  for (int i = 0; i < 500 && !IsServed(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  FlushLog();
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::AllOf(testing::HasSubstr("is being built paths=/hidden"),
                             testing::HasSubstr("and keeps it paths=/open")));
}

}  // namespace
}  // namespace twingraph::graph

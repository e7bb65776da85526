// Writers that meet: whoever comes second sees it, whatever the order, so no
// relationship is left without its ends, no twin without its model and no name
// with two numbers.

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

#include "storage/graph/check_graph.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

constexpr int kThreads = 4;

class GraphRaceTest : public testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override {
    ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
      return writer
          .CreateModels(graph_.ctx(), {{.id = "dtmi:Base;1", .text = "{}"}})
          .status();
    }));
  }

  // Runs `work` on every thread, each with its own random numbers.
  void Race(const std::function<void(std::mt19937& random)>& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        std::mt19937 random(static_cast<unsigned>(i) + 1);
        work(random);
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
  }

  // Commits `function`. A refusal with one of `codes` is part of the game.
  bool Commits(std::initializer_list<absl::StatusCode> codes,
               GraphStore::TransactionFunction function) {
    const auto info = graph_->RunTransaction(graph_.ctx(), {}, function);
    if (!info.ok()) {
      EXPECT_TRUE(std::find(codes.begin(), codes.end(), info.status().code()) !=
                  codes.end())
          << info.status();
    }
    return info.ok();
  }

  void ExpectSound() {
    const auto report = CheckGraph(graph_.ctx(), *graph_);
    ASSERT_OK(report);
    for (const CheckProblem& problem : report->problems) {
      ADD_FAILURE() << problem.space << " " << problem.key_hex << ": "
                    << problem.message;
    }
  }

  TestGraph graph_{GetParam()};
};

TEST_P(GraphRaceTest, NoRelationshipLosesItsEnds) {
  std::atomic<int> related = 0;
  std::atomic<int> deleted = 0;
  std::atomic<int> refused = 0;
  Race([&](std::mt19937& random) {
    for (int i = 0; i < 150; ++i) {
      const std::string a = absl::StrCat("t", random() % 4);
      const std::string b = absl::StrCat("t", random() % 4);
      switch (random() % 4) {
        case 0:
          Commits({absl::StatusCode::kAlreadyExists}, [&](GraphWriter& writer) {
            return writer
                .CreateTwin(graph_.ctx(), {.id = a, .model = "dtmi:Base;1"})
                .status();
          });
          break;
        case 1: {
          const bool is_deleted =
              Commits({absl::StatusCode::kNotFound,
                       absl::StatusCode::kFailedPrecondition},
                      [&](GraphWriter& writer) {
                        return writer.DeleteTwin(graph_.ctx(), a,
                                                 random() % 3 == 0
                                                     ? DeleteMode::kCascade
                                                     : DeleteMode::kRefuse);
                      });
          (is_deleted ? deleted : refused) += 1;
          break;
        }
        default: {
          const RelationshipDraft draft = {
              .source = a,
              .id = absl::StrCat("r", random() % 2),
              .name = absl::StrCat("name", random() % 3),
              .target = b};
          related += Commits({absl::StatusCode::kNotFound,
                              absl::StatusCode::kAlreadyExists},
                             [&](GraphWriter& writer) {
                               return writer
                                   .PutRelationship(graph_.ctx(), draft,
                                                    WriteMode::kCreate)
                                   .status();
                             })
                         ? 1
                         : 0;
        }
      }
    }
  });
  // The game was played.
  EXPECT_GT(related, 10);
  EXPECT_GT(deleted, 10);
  EXPECT_GT(refused, 10);
  ExpectSound();
}

TEST_P(GraphRaceTest, NoTwinLosesItsModel) {
  std::atomic<int> created = 0;
  std::atomic<int> deleted = 0;
  Race([&](std::mt19937& random) {
    for (int i = 0; i < 100; ++i) {
      const std::string model = absl::StrCat("dtmi:M", random() % 2, ";1");
      const std::string twin = absl::StrCat("t", random() % 4);
      switch (random() % 4) {
        case 0:
          Commits({absl::StatusCode::kAlreadyExists}, [&](GraphWriter& writer) {
            return writer
                .CreateModels(graph_.ctx(), {{.id = model, .text = "{}"}})
                .status();
          });
          break;
        case 1:
          deleted += Commits({absl::StatusCode::kNotFound,
                              absl::StatusCode::kFailedPrecondition},
                             [&](GraphWriter& writer) {
                               return writer.DeleteModel(graph_.ctx(), model);
                             })
                         ? 1
                         : 0;
          break;
        case 2:
          Commits({absl::StatusCode::kNotFound}, [&](GraphWriter& writer) {
            return writer.DeleteTwin(graph_.ctx(), twin);
          });
          break;
        default:
          created += Commits({absl::StatusCode::kNotFound,
                              absl::StatusCode::kAlreadyExists},
                             [&](GraphWriter& writer) {
                               return writer
                                   .CreateTwin(graph_.ctx(),
                                               {.id = twin, .model = model})
                                   .status();
                             })
                         ? 1
                         : 0;
      }
    }
  });
  EXPECT_GT(created, 5);
  EXPECT_GT(deleted, 5);
  ExpectSound();
  // Every twin's model is there.
  const auto reader = graph_.Snapshot();
  const auto twins = reader->ListTwins(graph_.ctx(), "", 100);
  ASSERT_OK(twins);
  for (const TwinRecord& twin : *twins) {
    EXPECT_OK(reader->GetModel(graph_.ctx(), twin.model_id()));
  }
}

TEST_P(GraphRaceTest, WritersOfOneTwinLoseNoUpdate) {
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
    return writer
        .CreateTwin(graph_.ctx(), {.id = "t",
                                   .model = "dtmi:Base;1",
                                   .contents = Json(R"({"n": 0})")})
        .status();
  }));
  constexpr int kUpdates = 50;
  Race([&](std::mt19937&) {
    for (int i = 0; i < kUpdates; ++i) {
      EXPECT_TRUE(Commits({}, [&](GraphWriter& writer) -> absl::Status {
        ASSIGN_OR_RETURN(const TwinRecord twin,
                         writer.GetTwinForUpdate(graph_.ctx(), "t"));
        Value contents = DecodeValue(twin.contents());
        contents.Set("n", Value::Int(contents.Find("n")->as_int() + 1));
        return writer.UpdateTwin(
            graph_.ctx(), twin,
            {.id = "t", .model = "dtmi:Base;1", .contents = contents});
      }));
    }
  });
  const auto twin = graph_->Newest()->GetTwin(graph_.ctx(), "t");
  ASSERT_OK(twin);
  EXPECT_EQ(twin->contents().Find("n").as_int(), kThreads * kUpdates);
  ExpectSound();
}

INSTANTIATE_TEST_SUITE_P(Engines, GraphRaceTest,
                         testing::Values(EngineKind::kMemory,
                                         EngineKind::kRocks),
                         NameOf);

}  // namespace
}  // namespace twingraph::graph

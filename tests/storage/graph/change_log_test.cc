#include "storage/graph/change_log.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ChangeLogTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(start_, graph_.Write([&](GraphWriter& writer) {
      return writer
          .CreateModels(graph_.ctx(), {{.id = "dtmi:A;1", .text = "{}"}})
          .status();
    }));
  }

  Revision Create(const std::string& id) {
    return *graph_.Write([&](GraphWriter& writer) {
      return writer.CreateTwin(graph_.ctx(), {.id = id, .model = "dtmi:A;1"})
          .status();
    });
  }

  Revision Delete(const std::string& id) {
    return *graph_.Write([&](GraphWriter& writer) {
      return writer.DeleteTwin(graph_.ctx(), id);
    });
  }

  TwinNumber NumberOf(const std::string& id) {
    return graph_->Newest()->GetTwin(graph_.ctx(), id)->number();
  }

  ChangedFacts Between(Revision from, Revision to) {
    auto changes = ChangesBetween(graph_.ctx(), graph_->commits(), from, to);
    EXPECT_OK(changes);
    return *std::move(changes);
  }

  TestGraph graph_{EngineKind::kMemory};
  Revision start_ = 0;
};

TEST_F(ChangeLogTest, NamesTheTwinsOfTheIntervalOnce) {
  const Revision first = Create("a");
  const TwinNumber a = NumberOf("a");
  const Revision second = Create("b");
  const TwinNumber b = NumberOf("b");
  const Revision third = Delete("a");
  EXPECT_THAT(Between(start_, third).twins, ElementsAre(a, b));
  EXPECT_THAT(Between(first, second).twins, ElementsAre(b));
  EXPECT_THAT(Between(second, third).twins, ElementsAre(a));
  EXPECT_TRUE(Between(third, third).empty());
}

TEST_F(ChangeLogTest, NamesFactsOfEveryKind) {
  Create("a");
  const Revision before = Create("b");
  ASSERT_OK_AND_ASSIGN(
      const Revision after,
      graph_.Write([&](GraphWriter& writer) -> absl::Status {
        RETURN_IF_ERROR(
            writer.PutHub(graph_.ctx(), {.id = "h"}, WriteMode::kCreate));
        RETURN_IF_ERROR(
            writer
                .CreateModels(graph_.ctx(), {{.id = "dtmi:B;1", .text = "{}"}})
                .status());
        return writer
            .PutRelationship(
                graph_.ctx(),
                {.source = "a", .id = "r", .name = "n", .target = "b"},
                WriteMode::kCreate)
            .status();
      }));
  const ChangedFacts changes = Between(before, after);
  EXPECT_THAT(changes.twins, IsEmpty());
  EXPECT_THAT(changes.models, ElementsAre("dtmi:B;1"));
  EXPECT_THAT(changes.hubs, ElementsAre("h"));
  ASSERT_EQ(changes.relationships.size(), 1u);
  EXPECT_EQ(changes.relationships[0].source, NumberOf("a"));
}

TEST_F(ChangeLogTest, VisitsCommitsInOrderUntilToldToStop) {
  const Revision first = Create("a");
  const Revision second = Create("b");
  const Revision third = Create("c");
  std::vector<Revision> visited;
  ASSERT_OK(ReadChanges(graph_.ctx(), graph_->commits(), start_, third,
                        [&](const CommitChanges& changes) {
                          EXPECT_EQ(changes.facts.twins.size(), 1u);
                          EXPECT_EQ(changes.header.actor, "anonymous");
                          visited.push_back(changes.revision);
                          return visited.size() < 2;
                        }));
  EXPECT_THAT(visited, ElementsAre(first, second));
}

TEST_F(ChangeLogTest, AnExpiredIntervalIsRefused) {
  const Revision first = Create("a");
  const Revision second = Create("b");
  ASSERT_OK(graph_->commits().TrimBefore(graph_.ctx(), second));
  EXPECT_THAT(ChangesBetween(graph_.ctx(), graph_->commits(), start_, second),
              IsError(absl::StatusCode::kOutOfRange,
                      v1::ERROR_REASON_REVISION_EXPIRED));
  EXPECT_THAT(graph_->ReaderAt(graph_.ctx(), first),
              IsError(absl::StatusCode::kOutOfRange,
                      v1::ERROR_REASON_REVISION_EXPIRED));
}

}  // namespace
}  // namespace twingraph::graph

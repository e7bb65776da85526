#include "storage/graph/sequence_limits.h"

#include <iterator>
#include <optional>
#include <string>

#include "gtest/gtest.h"

#include "storage/graph/check_graph.h"
#include "storage/graph/repair_indexes.h"
#include "storage/key/key_space.h"
#include "storage/kv/counter.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

constexpr key::Sequence kSequences[] = {
    key::Sequence::kModel, key::Sequence::kRelationshipName,
    key::Sequence::kPath, key::Sequence::kTwin, key::Sequence::kRelationship};

struct Damage {
  const char* name;
  // What the rows become; nullopt: they are lost.
  std::optional<std::string> value;
  bool is_reopened;
};

class SequenceLimitsTest : public testing::TestWithParam<Damage> {
 protected:
  absl::Status AddTwin(GraphWriter& writer, const std::string& id) const {
    return writer
        .CreateTwin(graph_.ctx(),
                    {.id = id,
                     .model = "dtmi:A;1",
                     .contents = Json(R"({"name": ")" + id + R"("})")})
        .status();
  }

  absl::Status AddRelationship(GraphWriter& writer,
                               const std::string& id) const {
    return writer
        .PutRelationship(graph_.ctx(),
                         {.source = "a", .id = id, .name = "of", .target = "b"},
                         WriteMode::kCreate)
        .status();
  }

  void SetUp() override {
    ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
      RETURN_IF_ERROR(
          writer.CreateModels(graph_.ctx(), {{.id = "dtmi:A;1", .text = "{}"}})
              .status());
      RETURN_IF_ERROR(AddTwin(writer, "a"));
      RETURN_IF_ERROR(AddTwin(writer, "b"));
      return AddRelationship(writer, "r");
    }));
  }

  void DamageRows() {
    ASSERT_OK(graph_->commits().RunTransaction(
        graph_.ctx(), {}, [](commit::Transaction& transaction) -> absl::Status {
          for (const key::Sequence sequence : kSequences) {
            const std::string key = key::EncodeSequenceKey(sequence);
            RETURN_IF_ERROR(GetParam().value.has_value()
                                ? transaction.Put(key::kSequenceSpace, key,
                                                  *GetParam().value)
                                : transaction.Delete(key::kSequenceSpace, key));
          }
          return absl::OkStatus();
        }));
    if (GetParam().is_reopened) {
      graph_.Reopen();
    }
  }

  CheckReport Check() {
    const auto report = CheckGraph(graph_.ctx(), *graph_);
    EXPECT_OK(report);
    return report.value_or(CheckReport());
  }

  // Is a twin what AddTwin made?
  void ExpectTwin(const std::string& id) {
    const auto reader = graph_.Snapshot();
    const auto twin = reader->FindTwin(graph_.ctx(), id);
    ASSERT_OK(twin);
    ASSERT_TRUE(twin->has_value()) << id;
    EXPECT_EQ((*twin)->id(), id);
  }

  TestGraph graph_{EngineKind::kRocks};
};

TEST_P(SequenceLimitsTest, NumbersInUseAreNotGivenOutAgain) {
  DamageRows();
  const CheckReport found = Check();
  EXPECT_EQ(found.problem_count, std::ssize(kSequences));
  for (const CheckProblem& problem : found.problems) {
    EXPECT_EQ(problem.space, "sequence");
  }
  const auto repaired = RepairIndexes(graph_.ctx(), *graph_);
  ASSERT_OK(repaired);
  EXPECT_EQ(repaired->rows_written, std::ssize(kSequences));
  EXPECT_EQ(Check().problem_count, 0);
  for (const std::string round : {"1", "2"}) {
    ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
      RETURN_IF_ERROR(AddTwin(writer, "new" + round));
      return AddRelationship(writer, "new" + round);
    }));
    graph_.Reopen();
  }
  for (const char* id : {"a", "b", "new1", "new2"}) {
    ExpectTwin(id);
  }
  const CheckReport after = Check();
  EXPECT_EQ(after.problem_count, 0);
  EXPECT_EQ(after.twins, 4);
  EXPECT_EQ(after.relationships, 3);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, SequenceLimitsTest,
    testing::Values(Damage{"Lost", std::nullopt, false},
                    Damage{"LostBefore", std::nullopt, true},
                    Damage{"Unreadable", "x", false},
                    Damage{"UnreadableBefore", "x", true},
                    Damage{"TooLow", kv::EncodeCounter(0), false},
                    Damage{"TooLowBefore", kv::EncodeCounter(0), true}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace twingraph::graph

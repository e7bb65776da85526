#include "storage/graph/repair_indexes.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/graph/check_graph.h"
#include "storage/graph/index_build.h"
#include "storage/graph/parts.h"
#include "storage/key/counter_key.h"
#include "storage/key/twin_key.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

// Spaces that can be made again from facts.
constexpr kv::SpaceId kRepairable[] = {key::kTwinIdSpace,
                                       key::kRelationshipIdSpace,
                                       key::kOutSpace,
                                       key::kInSpace,
                                       key::kNameIndexSpace,
                                       key::kModelReferrerSpace,
                                       key::kModelIndexSpace,
                                       key::kPropertyIndexSpace,
                                       key::kRelationshipPropertyIndexSpace};

class RepairIndexesTest : public testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override {
    ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
      RETURN_IF_ERROR(
          writer
              .CreateModels(graph_.ctx(), {{.id = "dtmi:A;1", .text = "{}"},
                                           {.id = "dtmi:B;1",
                                            .text = "{}",
                                            .dependencies = {"dtmi:A;1"}}})
              .status());
      for (const char* id : {"a", "b", "c"}) {
        RETURN_IF_ERROR(
            writer
                .CreateTwin(graph_.ctx(),
                            {.id = id,
                             .model = "dtmi:A;1",
                             .contents = Json(R"({"t": 1, "u": "x"})")})
                .status());
      }
      return writer
          .PutRelationship(graph_.ctx(),
                           {.source = "a",
                            .id = "r",
                            .name = "n",
                            .target = "b",
                            .contents = Json(R"({"w": 1})")},
                           WriteMode::kCreate)
          .status();
    }));
  }

  void Damage(absl::FunctionRef<absl::Status(commit::Transaction&)> change) {
    ASSERT_OK(graph_->commits().RunTransaction(graph_.ctx(), {}, change));
  }

  int64_t Problems() {
    const auto report = CheckGraph(graph_.ctx(), *graph_);
    EXPECT_OK(report);
    return report.ok() ? report->problem_count : -1;
  }

  RepairReport Repair() {
    const auto report = RepairIndexes(graph_.ctx(), *graph_);
    EXPECT_OK(report);
    return report.value_or(RepairReport());
  }

  std::string FirstKey(kv::SpaceId space) {
    const auto reader = graph_.Snapshot();
    const auto cursor =
        reader->rows().Scan(graph_.ctx(), space, kv::Range::All());
    EXPECT_TRUE(cursor->Next());
    return std::string(cursor->key());
  }

  TestGraph graph_{GetParam()};
};

TEST_P(RepairIndexesTest, HasNothingToDoInASoundGraph) {
  const Revision before = graph_->commits().head()->revision;
  EXPECT_EQ(Repair().total(), 0);
  EXPECT_EQ(graph_->commits().head()->revision, before);
}

TEST_P(RepairIndexesTest, MakesMissingRowsAgain) {
  for (const kv::SpaceId space : kRepairable) {
    const std::string key = FirstKey(space);
    Damage([&](commit::Transaction& t) { return t.Delete(space, key); });
    ASSERT_GT(Problems(), 0) << key::SpaceName(space);
    EXPECT_EQ(Repair().rows_written, 1) << key::SpaceName(space);
    EXPECT_EQ(Problems(), 0) << key::SpaceName(space);
  }
}

TEST_P(RepairIndexesTest, DeletesRowsThatBelongToNothing) {
  for (const kv::SpaceId space : kRepairable) {
    std::string key = FirstKey(space);
    key.back() = static_cast<char>(key.back() + 100);
    const std::string value = space == key::kTwinIdSpace
                                  ? key::EncodeTwinIdValue(TwinNumber{99})
                                  : "";
    Damage([&](commit::Transaction& t) { return t.Put(space, key, value); });
    ASSERT_GT(Problems(), 0) << key::SpaceName(space);
    EXPECT_EQ(Repair().rows_deleted, 1) << key::SpaceName(space);
    EXPECT_EQ(Problems(), 0) << key::SpaceName(space);
  }
}

// One row too few and one too many leave the count as it was.
TEST_P(RepairIndexesTest, AStrangerIsFoundBesideAMissingRow) {
  const std::string key = FirstKey(key::kPropertyIndexSpace);
  std::string stranger = key;
  stranger.back() = static_cast<char>(stranger.back() + 100);
  Damage([&](commit::Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Delete(key::kPropertyIndexSpace, key));
    return t.Put(key::kPropertyIndexSpace, stranger, "");
  });
  EXPECT_EQ(Problems(), 2);
  const RepairReport report = Repair();
  EXPECT_EQ(report.rows_written, 1);
  EXPECT_EQ(report.rows_deleted, 1);
  EXPECT_EQ(Problems(), 0);
}

TEST_P(RepairIndexesTest, SetsCountersRight) {
  Damage([&](commit::Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Increment(key::kCounterSpace, key::TwinCounterKey(), 7));
    return t.Delete(key::kCounterSpace, key::RelationshipCounterKey());
  });
  EXPECT_EQ(Problems(), 2);
  EXPECT_EQ(Repair().counters_changed, 2);
  EXPECT_EQ(Problems(), 0);
  EXPECT_EQ(*graph_.Snapshot()->CountTwins(graph_.ctx()), 3);
}

TEST_P(RepairIndexesTest, LeavesDamagedFactsToTheCheck) {
  const std::string key = FirstKey(key::kRelationshipSpace);
  Damage([&](commit::Transaction& t) {
    return t.Put(key::kRelationshipSpace, key, "?");
  });
  Repair();
  EXPECT_GT(Problems(), 0);
}

// What is repaired while others write is right in the end, and theirs is kept.
TEST_P(RepairIndexesTest, GoesOnBesideWriters) {
  std::atomic<bool> is_done{false};
  std::thread writer([&] {
    for (int i = 0; !is_done; ++i) {
      EXPECT_OK(graph_->RunTransaction(
          graph_.ctx(), {}, [&](GraphWriter& w) -> absl::Status {
            ASSIGN_OR_RETURN(const TwinRecord twin,
                             w.GetTwinForUpdate(graph_.ctx(), "b"));
            return w.UpdateTwin(
                graph_.ctx(), twin,
                {.id = "b",
                 .model = "dtmi:A;1",
                 .contents = Json(absl::StrCat(R"({"t": )", i % 5, "}"))});
          }));
    }
  });
  for (int round = 0; round < 10; ++round) {
    Damage([&](commit::Transaction& t) -> absl::Status {
      const auto rows = t.Scan(graph_.ctx(), key::kPropertyIndexSpace,
                               kv::Range::All(), kv::Order::kAscending);
      while (rows->Next()) {
        RETURN_IF_ERROR(
            t.Delete(key::kPropertyIndexSpace, std::string(rows->key())));
      }
      return rows->status();
    });
    Repair();
  }
  is_done = true;
  writer.join();
  Repair();
  EXPECT_EQ(Problems(), 0);
}

class RepairDamageTest : public RepairIndexesTest {
 protected:
  bool IsIndexed() {
    return graph_->Newest()->IsIndexed(std::vector<std::string>{"t"});
  }
};

TEST_P(RepairDamageTest, MakesDamagedIndexesAgain) {
  graph_.ReopenDamaged("churning");
  ASSERT_GT(Problems(), 0);
  const RepairReport report = Repair();
  EXPECT_EQ(report.rows_written, 7);  // two of each twin, one of "r"
  EXPECT_TRUE(IsIndexed());
  EXPECT_EQ(Problems(), 0);
  graph_.Reopen();
  EXPECT_TRUE(IsIndexed());
  EXPECT_EQ(Problems(), 0);
  EXPECT_EQ(Repair().total(), 0);
}

TEST_P(RepairDamageTest, GoesOnWhereItWasCutOff) {
  graph_.ReopenDamaged("churning");
  auto& parts = const_cast<Parts&>(graph_.Snapshot()->parts());
  ASSERT_OK(ClearIndexes(graph_.ctx(), parts));
  for (int i = 0; i < 2; ++i) {
    EXPECT_FALSE(IsIndexed());
    graph_.Reopen();
  }
  Repair();
  EXPECT_TRUE(IsIndexed());
  EXPECT_EQ(Problems(), 0);
}

TEST_P(RepairDamageTest, WhoReadsAlreadySeesTheOldRows) {
  const auto reader = graph_.Snapshot();
  auto& parts = const_cast<Parts&>(reader->parts());
  ASSERT_OK(ClearIndexes(graph_.ctx(), parts));
  const auto rows = reader->rows().Scan(graph_.ctx(), key::kPropertyIndexSpace,
                                        kv::Range::All());
  EXPECT_TRUE(rows->Next());
  const auto later = graph_.Snapshot();
  const auto none = later->rows().Scan(graph_.ctx(), key::kPropertyIndexSpace,
                                       kv::Range::All());
  EXPECT_FALSE(none->Next());
  EXPECT_OK(none->status());
}

TEST_P(RepairDamageTest, NamesWhatItCannotMakeAgain) {
  graph_.ReopenDamaged("churning");
  EXPECT_GT(DamageTables(graph_.path(), "history"), 0);
  const auto report = RepairIndexes(graph_.ctx(), *graph_);
  EXPECT_THAT(report.status(), IsError(absl::StatusCode::kDataLoss,
                                       v1::ERROR_REASON_STORE_CORRUPT));
  EXPECT_EQ(MetadataOf(report.status(), "space"), "history");
}

INSTANTIATE_TEST_SUITE_P(Files, RepairDamageTest,
                         testing::Values(EngineKind::kRocks), NameOf);

INSTANTIATE_TEST_SUITE_P(Engines, RepairIndexesTest,
                         testing::Values(EngineKind::kMemory,
                                         EngineKind::kRocks),
                         NameOf);

}  // namespace
}  // namespace twingraph::graph

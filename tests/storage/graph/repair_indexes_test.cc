#include "storage/graph/repair_indexes.h"

#include <atomic>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/graph/check_graph.h"
#include "storage/graph/fact_walk.h"
#include "storage/graph/index_build.h"
#include "storage/graph/parts.h"
#include "storage/key/counter_key.h"
#include "storage/key/key_space.h"
#include "storage/kv/counter.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

// Rows that follow from others, and in which way they may be damaged so that
// what is right is still known.
struct DerivedRows {
  const char* name;
  kv::SpaceId space;
  // Part of their keys from the second byte on; empty: all of the space.
  absl::string_view key_part = "";
  bool is_mended_where_others_stand_in = true;
};

// Wrong rows take the place of the right ones, or come beside them.
constexpr bool kOthersStandIn = true;

// Each space of a graph is in this list or in the next one.
constexpr DerivedRows kDerived[] = {
    {"dict by text", key::kDictSpace, "n"},
    // The rows by number say which text is meant.
    {"dict by number", key::kDictSpace, "#", false},
    {"twin_id", key::kTwinIdSpace},
    {"relationship_id", key::kRelationshipIdSpace},
    {"out", key::kOutSpace},
    {"in", key::kInSpace},
    {"name_index", key::kNameIndexSpace},
    {"model_referrer", key::kModelReferrerSpace},
    {"model_index", key::kModelIndexSpace},
    {"property_index", key::kPropertyIndexSpace},
    {"relationship_property_index", key::kRelationshipPropertyIndexSpace},
    {"counter", key::kCounterSpace}};

constexpr kv::SpaceId kFactSpaces[] = {
    key::kMetaSpace,      key::kSequenceSpace,     key::kTwinSpace,
    key::kGuardSpace,     key::kRelationshipSpace, key::kModelSpace,
    key::kModelTextSpace, key::kHubSpace,          key::kHubProgressSpace,
    key::kDeviceSpace};

TEST(DerivedRowsTest, EachSpaceIsMadeOfFactsOrHasACaseHere) {
  std::set<kv::SpaceId> cases;
  for (const DerivedRows& each : kDerived) {
    cases.insert(each.space);
  }
  std::set<kv::SpaceId> derived(std::begin(kDerivedSpaces),
                                std::end(kDerivedSpaces));
  derived.insert(key::kCounterSpace);
  EXPECT_EQ(cases, derived);
  std::set<kv::SpaceId> all = std::move(cases);
  for (const kv::SpaceId space : kFactSpaces) {
    EXPECT_TRUE(all.insert(space).second) << key::SpaceName(space);
  }
  for (const kv::SpaceSpec& space : key::GraphSpaces()) {
    EXPECT_TRUE(all.contains(space.id)) << space.name;
  }
}

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

  using KeysAndValues = std::map<std::string, std::string>;
  using DamageRow = std::function<absl::Status(
      commit::Transaction&, kv::SpaceId, const std::string& key,
      const std::string& value)>;

  // Counters of nothing apart.
  KeysAndValues Rows(const DerivedRows& which) {
    const auto reader = graph_.Snapshot();
    const auto cursor =
        reader->rows().Scan(graph_.ctx(), which.space, kv::Range::All());
    KeysAndValues rows;
    while (cursor->Next()) {
      const bool is_meant =
          which.key_part.empty() ||
          absl::StartsWith(cursor->key().substr(1), which.key_part);
      if (is_meant && (which.space != key::kCounterSpace ||
                       kv::DecodeCounter(cursor->value()) != 0)) {
        rows.emplace(cursor->key(), cursor->value());
      }
    }
    EXPECT_OK(cursor->status());
    return rows;
  }

  // Damages all derived rows, one kind after the other: in a graph that is open
  // and, where it is kept, in one that was opened with the damage.
  void ExpectMended(const DamageRow& damage, bool others_stand_in = false) {
    for (const DerivedRows& each : kDerived) {
      if (others_stand_in && !each.is_mended_where_others_stand_in) {
        continue;
      }
      for (const bool reopens : {false, true}) {
        if (reopens && GetParam() == EngineKind::kMemory) {
          continue;
        }
        SCOPED_TRACE(absl::StrCat(each.name, reopens ? ", reopened" : ""));
        const KeysAndValues before = Rows(each);
        ASSERT_FALSE(before.empty());
        Damage([&](commit::Transaction& t) -> absl::Status {
          for (const auto& [key, value] : before) {
            RETURN_IF_ERROR(damage(t, each.space, key, value));
          }
          return absl::OkStatus();
        });
        ASSERT_NE(Rows(each), before);
        if (reopens) {
          graph_.Reopen();
        }
        EXPECT_GT(Problems(), 0);
        EXPECT_GT(Repair().total(), 0);
        EXPECT_EQ(Rows(each), before);
        EXPECT_EQ(Problems(), 0);
      }
    }
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
  ExpectMended(
      [](commit::Transaction& t, kv::SpaceId space, const std::string& key,
         const std::string& /*value*/) { return t.Delete(space, key); });
}

TEST_P(RepairIndexesTest, DeletesRowsThatBelongToNothing) {
  ExpectMended(
      [](commit::Transaction& t, kv::SpaceId space, std::string key,
         const std::string& value) {
        key.back() = static_cast<char>(key.back() + 100);
        return t.Put(space, key, value);
      },
      kOthersStandIn);
}

TEST_P(RepairIndexesTest, WritesRowsThatHaveAnotherValue) {
  ExpectMended(
      [](commit::Transaction& t, kv::SpaceId space, const std::string& key,
         std::string value) {
        if (value.empty()) {
          value = "?";
        } else {
          value.back() = static_cast<char>(value.back() ^ 64);
        }
        return t.Put(space, key, value);
      },
      kOthersStandIn);
}

TEST_P(RepairIndexesTest, WritesRowsWhoseValueIsNone) {
  ExpectMended(
      [](commit::Transaction& t, kv::SpaceId space, const std::string& key,
         const std::string& value) { return t.Put(space, key, value + "?"); },
      kOthersStandIn);
}

TEST_P(RepairIndexesTest, DeletesRowsWhoseKeyIsNone) {
  ExpectMended(
      [](commit::Transaction& t, kv::SpaceId space, const std::string& key,
         const std::string& value) { return t.Put(space, key + "?", value); },
      kOthersStandIn);
}

// A document is a fact: its only copy is no stranger.
TEST_P(RepairIndexesTest, KeepsDocumentsWhoseModelIsGone) {
  const std::string model = FirstKey(key::kModelSpace);
  Damage([&](commit::Transaction& t) {
    return t.Delete(key::kModelSpace, model);
  });
  const auto before = Rows({"", key::kModelTextSpace});
  ASSERT_GT(Problems(), 0);
  Repair();
  EXPECT_EQ(Rows({"", key::kModelTextSpace}), before);
  EXPECT_GT(Problems(), 0);
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

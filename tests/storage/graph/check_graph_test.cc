#include "storage/graph/check_graph.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/base/bytes.h"
#include "storage/key/counter_key.h"
#include "storage/key/dict_key.h"
#include "storage/key/model_key.h"
#include "storage/key/relationship_key.h"
#include "storage/key/twin_key.h"
#include "storage/kv/counter.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

// One twin with a relationship to itself, a hub and a device; then one row is
// damaged, and the check has to say which.
class CheckGraphTest : public testing::Test {
 protected:
  explicit CheckGraphTest(EngineKind kind = EngineKind::kMemory)
      : graph_(kind) {}

  void SetUp() override {
    ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
      RETURN_IF_ERROR(
          writer
              .CreateModels(graph_.ctx(), {{.id = "dtmi:A;1", .text = "{}"},
                                           {.id = "dtmi:B;1",
                                            .text = "{}",
                                            .dependencies = {"dtmi:A;1"}}})
              .status());
      ASSIGN_OR_RETURN(
          const TwinNumber twin,
          writer.CreateTwin(graph_.ctx(), {.id = "a",
                                           .model = "dtmi:A;1",
                                           .contents = Json(R"({"t": 1})")}));
      RETURN_IF_ERROR(
          writer.PutHub(graph_.ctx(), {.id = "h"}, WriteMode::kCreate));
      RETURN_IF_ERROR(writer.PutDevice(
          graph_.ctx(),
          {.hub = "h", .path = {"d"}, .twin = twin, .twin_id = "a"}));
      return writer
          .PutRelationship(graph_.ctx(),
                           {.source = "a",
                            .id = "r",
                            .name = "n",
                            .target = "a",
                            .contents = Json(R"({"w": 1})")},
                           WriteMode::kCreate)
          .status();
    }));
  }

  void Damage(absl::FunctionRef<absl::Status(commit::Transaction&)> change) {
    ASSERT_OK(graph_->commits().RunTransaction(graph_.ctx(), {}, change));
  }

  CheckReport Check() {
    auto report = CheckGraph(graph_.ctx(), *graph_);
    EXPECT_OK(report);
    return *std::move(report);
  }

  // The first key of a space.
  std::string FirstKey(kv::SpaceId space) {
    const auto reader = graph_.Snapshot();
    const auto cursor =
        reader->rows().Scan(graph_.ctx(), space, kv::Range::All());
    EXPECT_TRUE(cursor->Next());
    return std::string(cursor->key());
  }

  TestGraph graph_;
};

TEST_F(CheckGraphTest, FindsNothingInASoundGraph) {
  const CheckReport report = Check();
  EXPECT_EQ(report.problem_count, 0);
  EXPECT_EQ(report.twins, 1);
  EXPECT_EQ(report.relationships, 1);
  EXPECT_EQ(report.models, 2);
  EXPECT_GT(report.index_entries, 8);
}

TEST_F(CheckGraphTest, NamesEveryRowThatIsMissing) {
  for (const kv::SpaceId space :
       {key::kTwinIdSpace, key::kRelationshipIdSpace, key::kOutSpace,
        key::kInSpace, key::kNameIndexSpace, key::kModelTextSpace,
        key::kModelReferrerSpace, key::kModelIndexSpace,
        key::kPropertyIndexSpace, key::kRelationshipPropertyIndexSpace,
        key::kCounterSpace}) {
    const std::string key = FirstKey(space);
    const auto row = *graph_.Snapshot()->rows().Get(graph_.ctx(), space, key);
    Damage([&](commit::Transaction& t) { return t.Delete(space, key); });
    const CheckReport report = Check();
    EXPECT_GT(report.problem_count, 0) << key::SpaceName(space);
    ASSERT_FALSE(report.problems.empty()) << key::SpaceName(space);
    EXPECT_EQ(report.problems[0].space, key::SpaceName(space));
    EXPECT_EQ(report.problems[0].key_hex, ToHex(key));
    Damage(
        [&](commit::Transaction& t) { return t.Put(space, key, row->value); });
    EXPECT_EQ(Check().problem_count, 0) << key::SpaceName(space);
  }
}

TEST_F(CheckGraphTest, NamesEveryRowThatBelongsToNothing) {
  for (const kv::SpaceId space :
       {key::kTwinIdSpace, key::kRelationshipIdSpace, key::kOutSpace,
        key::kInSpace, key::kNameIndexSpace, key::kModelTextSpace,
        key::kModelReferrerSpace, key::kModelIndexSpace,
        key::kPropertyIndexSpace, key::kRelationshipPropertyIndexSpace}) {
    // Another last byte makes a key of the same shape.
    std::string key = FirstKey(space);
    key.back() = static_cast<char>(key.back() + 100);
    const std::string value = space == key::kTwinIdSpace
                                  ? key::EncodeTwinIdValue(TwinNumber{99})
                                  : "";
    Damage([&](commit::Transaction& t) { return t.Put(space, key, value); });
    const CheckReport report = Check();
    ASSERT_EQ(report.problem_count, 1) << key::SpaceName(space);
    EXPECT_EQ(report.problems[0].space, key::SpaceName(space));
    EXPECT_EQ(report.problems[0].key_hex, ToHex(key));
    Damage([&](commit::Transaction& t) { return t.Delete(space, key); });
    EXPECT_EQ(Check().problem_count, 0) << key::SpaceName(space);
  }
}

TEST_F(CheckGraphTest, NamesDamagedFacts) {
  for (const kv::SpaceId space :
       {key::kTwinSpace, key::kRelationshipSpace, key::kModelSpace,
        key::kHubSpace, key::kDeviceSpace}) {
    const std::string key = FirstKey(space);
    const auto row = *graph_.Snapshot()->rows().Get(graph_.ctx(), space, key);
    Damage([&](commit::Transaction& t) { return t.Put(space, key, "?"); });
    const CheckReport report = Check();
    EXPECT_GT(report.problem_count, 0) << key::SpaceName(space);
    EXPECT_THAT(report.problems,
                testing::Contains(testing::AllOf(
                    testing::Field(&CheckProblem::space, key::SpaceName(space)),
                    testing::Field(&CheckProblem::key_hex, ToHex(key)))));
    Damage(
        [&](commit::Transaction& t) { return t.Put(space, key, row->value); });
    EXPECT_EQ(Check().problem_count, 0) << key::SpaceName(space);
  }
}

TEST_F(CheckGraphTest, NamesHubsWithoutTheirDefaultModel) {
  Damage([](commit::Transaction& transaction) {
    return transaction.Put(
        key::kHubSpace, "h",
        EncodeHubRecord({.id = "h", .default_model = "dtmi:None;1"}));
  });
  const CheckReport report = Check();
  ASSERT_EQ(report.problem_count, 1);
  EXPECT_EQ(report.problems[0].space, key::SpaceName(key::kModelSpace));
  EXPECT_EQ(report.problems[0].key_hex,
            ToHex(key::EncodeModelKey("dtmi:None;1")));
}

TEST_F(CheckGraphTest, NamesRelationshipsWithoutTheirEnds) {
  // A graph writer would not do this.
  Damage([&](commit::Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Delete(key::kTwinIdSpace, "a"));
    return t.Delete(key::kTwinSpace, key::EncodeTwinKey(TwinNumber{1}));
  });
  const CheckReport report = Check();
  EXPECT_THAT(report.problems,
              testing::Contains(testing::AllOf(
                  testing::Field(&CheckProblem::space, "twin_id"),
                  testing::Field(&CheckProblem::key_hex, ToHex("a")))));
}

TEST_F(CheckGraphTest, NamesWrongCounters) {
  Damage([&](commit::Transaction& t) {
    return t.Increment(key::kCounterSpace, key::TwinCounterKey(), 2);
  });
  const CheckReport report = Check();
  ASSERT_EQ(report.problem_count, 1);
  EXPECT_EQ(report.problems[0].space, "counter");
  EXPECT_EQ(report.problems[0].message, "the counter says 3, there are 1");
}

TEST_F(CheckGraphTest, KeepsTheFirstProblemsAndCountsAll) {
  Damage([&](commit::Transaction& t) -> absl::Status {
    for (int i = 0; i < 5; ++i) {
      RETURN_IF_ERROR(t.Put(key::kTwinIdSpace, "extra" + std::to_string(i),
                            key::EncodeTwinIdValue(TwinNumber{99})));
    }
    return absl::OkStatus();
  });
  const auto report = CheckGraph(graph_.ctx(), *graph_, /*problem_limit=*/2);
  ASSERT_OK(report);
  EXPECT_EQ(report->problem_count, 5);
  EXPECT_EQ(report->problems.size(), 2u);
}

// A graph in files: what is damaged there is told, and what can be read is
// compared all the same.
class CheckDamageTest : public CheckGraphTest {
 protected:
  CheckDamageTest() : CheckGraphTest(EngineKind::kRocks) {}

  static testing::Matcher<CheckProblem> NamesFile(const std::string& space) {
    return testing::AllOf(
        testing::Field(&CheckProblem::space, space),
        testing::Field(&CheckProblem::message, testing::HasSubstr(".sst")));
  }

  static testing::Matcher<CheckProblem> NamesUnreadable(
      const std::string& space) {
    return testing::AllOf(
        testing::Field(&CheckProblem::space, space),
        testing::Field(&CheckProblem::message,
                       testing::StartsWith("cannot be read")));
  }
};

TEST_F(CheckDamageTest, NamesEveryDamagedFileAndWhatCannotBeRead) {
  graph_.ReopenDamaged("churning");
  EXPECT_GT(DamageTables(graph_.path(), "history"), 0);
  const CheckReport report = Check();
  EXPECT_THAT(report.problems, testing::Contains(NamesFile("churning")));
  EXPECT_THAT(report.problems, testing::Contains(NamesFile("history")));
  EXPECT_THAT(report.problems,
              testing::Contains(NamesUnreadable("property_index")));
  // What lies elsewhere was read.
  EXPECT_EQ(report.twins, 1);
  EXPECT_EQ(report.models, 2);
  EXPECT_EQ(report.relationships, 1);
}

TEST_F(CheckDamageTest, EndsWithAReportWithoutTheHead) {
  const Revision head = graph_->commits().head()->revision;
  ASSERT_OK(graph_->commits().engine().Flush());
  EXPECT_GT(DamageTables(graph_.path(), "default"), 0);
  ASSERT_FALSE(graph_->OpenSnapshot(graph_.ctx()).ok());
  const CheckReport report = Check();
  EXPECT_EQ(report.revision, head);
  EXPECT_THAT(report.problems, testing::Contains(NamesFile("default")));
}

}  // namespace
}  // namespace twingraph::graph

// Executions against the meaning of their queries: whatever the plan, the
// indexes, the batches and the pages, the rows are those of brute force.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "server/query/query.h"
#include "storage/value/json.h"
#include "tests/support/brute_force.h"
#include "tests/support/golden_file.h"
#include "tests/support/query_rows.h"
#include "tests/support/random_query.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_data.h"
#include "tests/support/toy_graph.h"

namespace twingraph::query {
namespace {

using Compiled = std::shared_ptr<const CompiledQuery>;

std::vector<std::string> Sorted(std::vector<std::string> rows) {
  std::sort(rows.begin(), rows.end());
  return rows;
}

// Every way in which a graph may present itself to a planner.
std::vector<ToyOptions> AllOptions(uint64_t seed) {
  return {{},
          {.has_index = false},
          {.is_index_exact = false},
          {.estimate_seed = seed + 1},
          {.is_index_exact = false, .estimate_seed = seed + 2}};
}

void ExpectRowsOfBruteForce(const Compiled& query, ToyGraph& graph,
                            uint64_t seed) {
  const std::vector<std::string> expected = BruteForceRows(*query, graph);
  for (const ToyOptions& options : AllOptions(seed)) {
    graph.options = options;
    const auto rows = ReadRows(query, graph);
    ASSERT_OK(rows);
    ASSERT_EQ(Sorted(*rows), expected) << "seed " << options.estimate_seed;
    for (const size_t page : {1, 2, 7}) {
      // A plan stays, though the statistics change between two pages.
      const auto paged = ReadRows(
          query, graph, {.page = page, .is_resumed = true, .before_page = [&] {
                           ++graph.options.estimate_seed;
                         }});
      ASSERT_OK(paged);
      ASSERT_EQ(*paged, *rows) << "pages of " << page;
      graph.options = options;
    }
  }
}

void CheckRandomQueries(RandomQuery::Text (RandomQuery::*make)()) {
  for (uint64_t seed = 0; seed < 120; ++seed) {
    ToyGraph graph;
    FillRandomGraph(seed / 4, graph);
    RandomQuery random(seed);
    const RandomQuery::Text text = (random.*make)();
    SCOPED_TRACE(absl::StrCat("seed ", seed, ": ", text.all()));
    ASSERT_OK_AND_ASSIGN(const Compiled query, Compile(text.all(), graph));
    ExpectRowsOfBruteForce(query, graph, seed);
    if (testing::Test::HasFatalFailure()) {
      return;
    }
    const size_t rows = BruteForceRows(*query, graph).size();
    EXPECT_THAT(
        RunQuery(absl::StrCat("SELECT COUNT()", text.rest), graph, graph)
            .value(),
        testing::ElementsAre(absl::StrCat("COUNT=", rows)));
    EXPECT_EQ(RunQuery(absl::StrCat("SELECT TOP(3) ", text.columns, text.rest),
                       graph, graph)
                  ->size(),
              std::min<size_t>(rows, 3));
  }
}

TEST(ExecutionTest, CollectionsGiveTheRowsOfBruteForce) {
  CheckRandomQueries(&RandomQuery::Collection);
}

TEST(ExecutionTest, JoinsGiveTheRowsOfBruteForce) {
  CheckRandomQueries(&RandomQuery::Join);
}

TEST(ExecutionTest, PatternsGiveTheRowsOfBruteForce) {
  CheckRandomQueries(&RandomQuery::Match);
}

class FixtureTest : public testing::Test {
 protected:
  FixtureTest() {
    graph_.AddLines(ReadLinesOrDie(GoldenPath("query/fixture.ndjson")));
  }

  std::unique_ptr<Execution> OpenOrDie(absl::string_view text,
                                       absl::string_view position = {}) {
    return Execution::Open(Context(), Compile(text, graph_).value(), graph_,
                           position)
        .value();
  }

  ToyGraph graph_;
};

TEST_F(FixtureTest, CountsWithoutReadingDocuments) {
  for (const char* text :
       {"SELECT COUNT() FROM DIGITALTWINS", "SELECT COUNT() FROM RELATIONSHIPS",
        "SELECT COUNT() FROM DIGITALTWINS T WHERE T.$dtId IN ['b1', 'b2']",
        "SELECT COUNT() FROM DIGITALTWINS T WHERE T.temperature > 20",
        "SELECT COUNT() FROM DIGITALTWINS T WHERE "
        "IS_OF_MODEL('dtmi:demo:Room;1') AND IS_OF_MODEL('dtmi:demo:Space;2')",
        "SELECT COUNT() FROM DIGITALTWINS b JOIN f RELATED b.contains JOIN r "
        "RELATED f.contains WHERE b.$dtId = 'b1' AND "
        "IS_OF_MODEL(r, 'dtmi:demo:Room;1')",
        "SELECT COUNT() FROM RELATIONSHIPS WHERE $relationshipName = 'feeds'",
        "SELECT COUNT() FROM RELATIONSHIPS WHERE $sourceId = 'm1'"}) {
    const auto execution = OpenOrDie(text);
    RowBatch batch;
    ASSERT_OK(execution->NextBatch(Context(), 10, batch));
    EXPECT_EQ(batch.size(), 1U);
    EXPECT_EQ(execution->stats().documents_read, 0U) << text << "\n"
                                                     << execution->Explain();
  }
}

TEST_F(FixtureTest, ReadsDocumentsOfOutputRowsOnly) {
  const auto execution = OpenOrDie(
      "SELECT r.name FROM DIGITALTWINS b JOIN f RELATED b.contains JOIN r "
      "RELATED f.contains WHERE b.$dtId = 'b1' AND "
      "IS_OF_MODEL(r, 'dtmi:demo:MeetingRoom;1')");
  RowBatch batch;
  ASSERT_OK(execution->NextBatch(Context(), 10, batch));
  EXPECT_EQ(batch.size(), 1U);
  EXPECT_EQ(execution->stats().documents_read, 1U) << execution->Explain();
}

TEST_F(FixtureTest, RefusesPositionsOfOtherQueriesAndDamage) {
  const std::string text =
      "SELECT dev FROM DIGITALTWINS floor JOIN room RELATED floor.contains "
      "JOIN dev RELATED room.hasDevice WHERE floor.$dtId = 'f1'";
  const auto execution = OpenOrDie(text);
  RowBatch batch;
  ASSERT_OK(execution->NextBatch(Context(), 2, batch));
  const std::string position = execution->Position();
  const auto invalid = IsError(absl::StatusCode::kInvalidArgument,
                               v1::ERROR_REASON_INVALID_PAGE_TOKEN);
  EXPECT_THAT(
      Execution::Open(Context(),
                      Compile("SELECT * FROM DIGITALTWINS", graph_).value(),
                      graph_, position),
      invalid);
  const Compiled query = Compile(text, graph_).value();
  for (size_t size = 1; size < position.size(); ++size) {
    EXPECT_THAT(
        Execution::Open(Context(), query, graph_, position.substr(0, size)),
        invalid)
        << size;
  }
  // Any byte may be wrong: an error or other rows, but no crash and no loop.
  for (size_t i = 0; i < position.size(); ++i) {
    for (const char byte : {'\0', '\x01', '\x7F', '\xFF'}) {
      std::string damaged = position;
      damaged[i] = byte;
      const auto opened = Execution::Open(Context(), query, graph_, damaged);
      if (opened.ok()) {
        RowBatch rest;
        (void)(*opened)->NextBatch(Context(), 100, rest);
        EXPECT_LE(rest.size(), 10U);
      }
    }
  }
}

TEST_F(FixtureTest, EndsWithItsContext) {
  Context ctx;
  const auto execution = OpenOrDie("SELECT * FROM DIGITALTWINS");
  ctx.Cancel();
  RowBatch batch;
  EXPECT_THAT(
      execution->NextBatch(ctx, 10, batch),
      IsError(absl::StatusCode::kCancelled, v1::ERROR_REASON_CALL_ENDED));
}

// Twins of fifty kilobytes, of which every second has an even number.
class LargeTwinsTest : public testing::Test {
 protected:
  static constexpr size_t kTwins = 200;

  LargeTwinsTest() {
    graph_.options.has_index = false;
    graph_.AddModel("dtmi:large:A;1", {});
    for (size_t i = 0; i < kTwins; ++i) {
      Value contents = Value::MakeMap();
      contents.Set("even", Value::Bool(i % 2 == 0));
      contents.Set("text", Value::String(std::string(50'000, 'x')));
      graph_.AddTwin(absl::StrCat("t", i), "dtmi:large:A;1", contents);
    }
  }

  // Twins whose documents somebody else than the graph holds.
  size_t CountHeld() const {
    size_t held = 0;
    for (TwinNumber twin = 1; twin <= kTwins; ++twin) {
      const TwinDocument document = graph_.document(twin);
      held += document.owner.use_count() > 2 ? 1 : 0;
    }
    return held;
  }

  // The number of rows; between two batches few documents are held.
  size_t CountRows(absl::string_view text) const {
    const auto execution =
        Execution::Open(Context(), Compile(text, graph_).value(), graph_, {})
            .value();
    size_t rows = 0;
    RowBatch batch;
    do {
      EXPECT_OK(execution->NextBatch(Context(), kMaxBatchRows, batch));
      rows += batch.size();
      EXPECT_LE(CountHeld(), 20U);
    } while (!batch.empty());
    return rows;
  }

  ToyGraph graph_;
};

TEST_F(LargeTwinsTest, FewAreHeldAtATime) {
  EXPECT_EQ(CountRows("SELECT * FROM DIGITALTWINS"), kTwins);
  EXPECT_EQ(CountRows("SELECT * FROM DIGITALTWINS T WHERE T.even = true"),
            kTwins / 2);
  EXPECT_EQ(CountRows("SELECT * FROM DIGITALTWINS T WHERE T.even = 5"), 0U);
}

TEST_F(LargeTwinsTest, ARowOfValuesHoldsNoDocument) {
  const auto execution =
      Execution::Open(
          Context(),
          Compile("SELECT T.$dtId, T.even FROM DIGITALTWINS T", graph_).value(),
          graph_, {})
          .value();
  RowBatch batch;
  ASSERT_OK(execution->NextBatch(Context(), kMaxBatchRows, batch));
  EXPECT_EQ(batch.size(), kTwins);
  EXPECT_LE(CountHeld(), 20U);
}

}  // namespace
}  // namespace twingraph::query

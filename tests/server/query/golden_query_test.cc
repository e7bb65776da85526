// The tables of the language: every valid query with its rows, every refused
// one with its message.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

#include "server/query/query.h"
#include "storage/base/status.h"
#include "tests/support/brute_force.h"
#include "tests/support/golden_file.h"
#include "tests/support/query_rows.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_data.h"
#include "tests/support/toy_graph.h"

namespace twingraph::query {
namespace {

class GoldenQueryTest : public testing::Test {
 protected:
  GoldenQueryTest() {
    graph_.components = {"thermostat"};
    graph_.AddLines(ReadLinesOrDie(GoldenPath("query/fixture.ndjson")));
  }

  ToyGraph graph_;

  std::string Rows(const GoldenCase& test) const {
    auto rows = RunQuery(test.input, graph_, graph_);
    if (!rows.ok()) {
      return std::string(rows.status().message());
    }
    std::sort(rows->begin(), rows->end());
    return absl::StrCat("rows: ", rows->size(), "\n",
                        absl::StrJoin(*rows, "\n"));
  }

  std::string Refusal(const GoldenCase& test) const {
    const auto query = Compile(test.input, graph_);
    if (query.ok()) {
      return "accepted";
    }
    const absl::Status& status = query.status();
    EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                                v1::ERROR_REASON_INVALID_QUERY));
    return absl::StrCat(MetadataOf(status, "kind"), " ",
                        MetadataOf(status, "rule"), "\n", status.message());
  }

  std::string Plan(const GoldenCase& test) const {
    const auto query = Compile(test.input, graph_);
    return query.ok()
               ? Execution::Open(Context(), *query, graph_).value()->Explain()
               : std::string(query.status().message());
  }
};

TEST_F(GoldenQueryTest, ValidQueriesGiveTheirRows) {
  RunGoldenFile("query/valid.test",
                [&](const GoldenCase& test) { return Rows(test); });
}

TEST_F(GoldenQueryTest, ValidPatternsGiveTheirRows) {
  RunGoldenFile("query/valid_match.test",
                [&](const GoldenCase& test) { return Rows(test); });
}

TEST_F(GoldenQueryTest, RefusedQueriesSayWhere) {
  RunGoldenFile("query/invalid.test",
                [&](const GoldenCase& test) { return Refusal(test); });
}

TEST_F(GoldenQueryTest, RefusedPatternsSayWhere) {
  RunGoldenFile("query/invalid_match.test",
                [&](const GoldenCase& test) { return Refusal(test); });
}

TEST_F(GoldenQueryTest, PlansBeginWhereRowsAreFew) {
  RunGoldenFile("query/plan.test",
                [&](const GoldenCase& test) { return Plan(test); });
}

}  // namespace
}  // namespace twingraph::query

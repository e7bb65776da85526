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
};

TEST_F(GoldenQueryTest, ValidQueriesGiveTheirRows) {
  RunGoldenFile("query/valid.test", [&](const GoldenCase& test) {
    auto rows = RunQuery(test.input, graph_, graph_);
    if (!rows.ok()) {
      return std::string(rows.status().message());
    }
    std::sort(rows->begin(), rows->end());
    return absl::StrCat("rows: ", rows->size(), "\n",
                        absl::StrJoin(*rows, "\n"));
  });
}

TEST_F(GoldenQueryTest, RefusedQueriesSayWhere) {
  RunGoldenFile("query/invalid.test", [&](const GoldenCase& test) {
    const auto query = Compile(test.input, graph_);
    if (query.ok()) {
      return std::string("accepted");
    }
    const absl::Status& status = query.status();
    EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                                v1::ERROR_REASON_INVALID_QUERY));
    return absl::StrCat(MetadataOf(status, "kind"), " ",
                        MetadataOf(status, "rule"), "\n", status.message());
  });
}

}  // namespace
}  // namespace twingraph::query

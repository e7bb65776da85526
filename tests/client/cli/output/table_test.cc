#include "client/cli/output/table.h"

#include <sstream>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::cli {
namespace {

TEST(TableTest, PadsColumnsToTheWidestCell) {
  std::ostringstream out;
  {
    Table table(out, {"TWIN", "N"});
    table.AddRow({"a", "1"});
    table.AddRow({"längster", "22"});
  }
  EXPECT_EQ(out.str(),
            "TWIN      N\n"
            "a         1\n"
            "längster  22\n");
}

TEST(TableTest, AListWithoutRowsHasAHeaderUnlessItFailed) {
  for (const bool is_ok : {true, false}) {
    std::ostringstream out;
    {
      Table table(out, {"TWIN", "MODEL"});
      const absl::Status status =
          is_ok ? absl::OkStatus() : absl::UnavailableError("away");
      EXPECT_EQ(EndList(&table, status), status);
    }
    EXPECT_EQ(out.str(), is_ok ? "TWIN  MODEL\n" : "");
  }
  EXPECT_OK(EndList(/*table=*/nullptr, absl::OkStatus()));
}

TEST(TableTest, RowsBeforeAFailureAppear) {
  std::ostringstream out;
  {
    Table table(out, {"A"});
    table.AddRow({"x"});
    EndList(&table, absl::UnavailableError("away")).IgnoreError();
  }
  EXPECT_EQ(out.str(), "A\nx\n");
}

TEST(TableTest, RowsStayOneLine) {
  std::ostringstream out;
  {
    Table table(out, {"A", "B"});
    table.AddRow({"x\ny", ""});
  }
  EXPECT_EQ(out.str(), "A    B\nx y\n");
}

TEST(TableTest, DoesNotHoldALongResultBack) {
  std::ostringstream out;
  Table table(out, {"A"});
  for (int i = 0; i < 1000; ++i) {
    table.AddRow({"x"});
  }
  EXPECT_GE(out.str().size(), 2000U);
  table.AddRow({"wider than all before"});
  EXPECT_EQ(out.str().substr(out.str().size() - 7), "before\n");
}

TEST(TableTest, OneWideCellDoesNotWidenAllRows) {
  std::ostringstream out;
  {
    Table table(out, {"A", "B"});
    table.AddRow({std::string(500, 'x'), "1"});
    table.AddRow({"y", "2"});
  }
  EXPECT_LT(out.str().size(), 700U);
}

TEST(DisplayWidthTest, CountsCodePoints) {
  EXPECT_EQ(DisplayWidth(""), 0U);
  EXPECT_EQ(DisplayWidth("Öl 21 °C"), 8U);
}

}  // namespace
}  // namespace twingraph::cli

#include "client/cli/output/table.h"

#include <sstream>

#include "gtest/gtest.h"

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

TEST(TableTest, ShowsItsHeaderWithoutRows) {
  std::ostringstream out;
  {
    const Table table(out, {"TWIN", "MODEL"});
  }
  EXPECT_EQ(out.str(), "TWIN  MODEL\n");
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

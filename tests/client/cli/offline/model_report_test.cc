#include "client/cli/offline/model_report.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace twingraph::cli {
namespace {

dtdl::Diagnostic At(int line, int column) {
  return {.rule = "someRule",
          .element = "dtmi:t:Room;1",
          .path = "/contents/0",
          .document = 0,
          .line = line,
          .column = column,
          .message = "change it"};
}

TEST(ModelReportTest, ShowsTheLineWithACaret) {
  const ModelText text = {"rooms.json", 1, "{\n  \"é\": 1}"};
  EXPECT_EQ(FormatDiagnostic(At(2, 9), text),
            "rooms.json:2:9: change it [someRule]\n"
            "      \"é\": 1}\n"
            "           ^\n"
            "  in dtmi:t:Room;1, at /contents/0\n");
}

TEST(ModelReportTest, CountsLinesFromTheTopOfTheFile) {
  const ModelText text = {"rooms.jsonl", 7, "{}"};
  EXPECT_THAT(FormatDiagnostic(At(1, 1), text),
              testing::StartsWith("rooms.jsonl:7:1: "));
}

TEST(ModelReportTest, CutsLongLinesAroundThePlace) {
  const ModelText text = {"a.json", 1, std::string(500, 'x') + "Y"};
  const std::string report = FormatDiagnostic(At(1, 501), text);
  EXPECT_THAT(report, testing::HasSubstr("xxY\n"));
  EXPECT_LT(report.size(), 300U);
}

TEST(ModelReportTest, SurvivesPlacesOutsideTheText) {
  const ModelText text = {"a.json", 1, ""};
  EXPECT_EQ(FormatDiagnostic(At(3, 9), text),
            "a.json:3:9: change it [someRule]\n"
            "  in dtmi:t:Room;1, at /contents/0\n");
}

TEST(ModelReportTest, IsJsonForPrograms) {
  const ModelText text = {"a \"b\".json", 2, "{}"};
  EXPECT_EQ(FormatDiagnosticJson(At(1, 5), text),
            R"({"file":"a \"b\".json","line":2,"column":5,"rule":"someRule",)"
            R"("element":"dtmi:t:Room;1","path":"/contents/0",)"
            R"("message":"change it"})");
}

}  // namespace
}  // namespace twingraph::cli

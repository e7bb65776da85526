#include "client/graphfile/scanner.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::graphfile {
namespace {

struct ValueCase {
  std::string name;
  std::string text;
  std::string value;  // empty: an error
};

class ScannerValueTest : public testing::TestWithParam<ValueCase> {};

TEST_P(ScannerValueTest, FindsTheExtentOfAValue) {
  std::istringstream input(GetParam().text);
  Scanner scanner(input);
  const auto value = scanner.ReadValue();
  if (GetParam().value.empty()) {
    EXPECT_THAT(value, IsError(absl::StatusCode::kInvalidArgument,
                               v1::ERROR_REASON_INVALID_FIELD));
    return;
  }
  ASSERT_OK(value);
  EXPECT_EQ(*value, GetParam().value);
  std::istringstream again(GetParam().text);
  Scanner skipping(again);
  EXPECT_OK(skipping.SkipValue());
  EXPECT_EQ(skipping.PeekToken(), scanner.PeekToken());
}

INSTANTIATE_TEST_SUITE_P(
    All, ScannerValueTest,
    testing::Values(ValueCase{"Number", " -1.5e3,", "-1.5e3"},
                    ValueCase{"Word", "true]", "true"},
                    ValueCase{"LastWord", "null", "null"},
                    ValueCase{"String", R"("a,b" ,)", R"("a,b")"},
                    ValueCase{"EscapedQuote", R"("a\"}\\" ])", R"("a\"}\\")"},
                    ValueCase{"Object", R"( {"a": [1, {"b": "}"}]} ,)",
                              R"({"a": [1, {"b": "}"}]})"},
                    ValueCase{"Array", R"([[], "]"],)", R"([[], "]"])"},
                    ValueCase{"ByteOrderMark", "\xEF\xBB\xBF{}", "{}"},
                    ValueCase{"OpenString", R"("abc)", ""},
                    ValueCase{"OpenObject", R"({"a": 1)", ""},
                    ValueCase{"Nothing", "  ", ""},
                    ValueCase{"OnlyComma", ",", ""}),
    [](const auto& test) { return test.param.name; });

TEST(ScannerTest, ReadsAValueLongerThanItsBuffer) {
  const std::string text = "{\"a\":\"" + std::string(200'000, 'x') + "\"}";
  std::istringstream input("  " + text + "\n1");
  Scanner scanner(input);
  EXPECT_THAT(scanner.ReadValue(), IsOk());
  EXPECT_EQ(scanner.PeekToken(), '1');
  EXPECT_EQ(scanner.line(), 2);
}

TEST(ScannerTest, ReadsLinesWithAndWithoutCarriageReturn) {
  std::istringstream input("one\r\n\ntwo");
  Scanner scanner(input);
  std::string line;
  ASSERT_TRUE(scanner.ReadLine(line));
  EXPECT_EQ(line, "one");
  ASSERT_TRUE(scanner.ReadLine(line));
  EXPECT_EQ(line, "");
  EXPECT_EQ(scanner.line(), 3);
  ASSERT_TRUE(scanner.ReadLine(line));
  EXPECT_EQ(line, "two");
  EXPECT_FALSE(scanner.ReadLine(line));
}

TEST(ScannerTest, KeysTakeTheirColon) {
  std::istringstream input(R"("a b" : 1 x)");
  Scanner scanner(input);
  ASSERT_OK_AND_ASSIGN(const std::string key, scanner.ReadKey());
  EXPECT_EQ(key, "a b");
  EXPECT_OK(scanner.SkipValue());
  EXPECT_THAT(scanner.ReadKey(), IsError(absl::StatusCode::kInvalidArgument,
                                         v1::ERROR_REASON_INVALID_FIELD));
}

TEST(ScannerTest, ErrorsNameTheLine) {
  std::istringstream input("\n\n{");
  Scanner scanner(input);
  const absl::Status status = scanner.Take('[');
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("line 3"));
  EXPECT_EQ(MetadataOf(status, "line"), "3");
}

}  // namespace
}  // namespace twingraph::graphfile

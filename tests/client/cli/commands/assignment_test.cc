#include "client/cli/commands/assignment.h"

#include <string>

#include "gtest/gtest.h"

#include "client/cli/output/json.h"
#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::cli {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string key;
  std::string json;
};

class AssignmentTest : public testing::TestWithParam<Case> {};

TEST_P(AssignmentTest, ReadsJsonOrText) {
  ASSERT_OK_AND_ASSIGN(const auto assignment, ParseAssignment(GetParam().text));
  EXPECT_EQ(assignment.first, GetParam().key);
  EXPECT_EQ(FormatJson(assignment.second), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    All, AssignmentTest,
    testing::Values(Case{"Integer", "level=2", "level", "2"},
                    Case{"Double", "t=21.5", "t", "21.5"},
                    Case{"Bool", "on=true", "on", "true"},
                    Case{"Text", "name=Room 1", "name", "\"Room 1\""},
                    Case{"TextOfDigits", "code=\"12\"", "code", "\"12\""},
                    Case{"Object", "o={\"a\":1}", "o", "{\"a\":1}"},
                    Case{"Pointer", "/a/b=1", "/a/b", "1"},
                    Case{"Empty", "name=", "name", "\"\""},
                    Case{"SecondEquals", "f=a=b", "f", "\"a=b\""}),
    [](const auto& test) { return test.param.name; });

TEST(AssignmentErrorTest, NeedsNameAndEquals) {
  for (const char* text : {"", "level", "=2"}) {
    EXPECT_THAT(ParseAssignment(text),
                IsError(absl::StatusCode::kInvalidArgument,
                        v1::ERROR_REASON_INVALID_FIELD))
        << text;
  }
}

TEST(ContentTest, AssignmentsGoOverTheObject) {
  ASSERT_OK_AND_ASSIGN(const auto content,
                       ParseContent(R"({"a":1,"b":2})", {"b=3", "c=x"}));
  EXPECT_EQ(StructToJson(content), R"({"a":1,"b":3,"c":"x"})");
  EXPECT_THAT(ParseContent("[1]", {}),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

}  // namespace
}  // namespace twingraph::cli

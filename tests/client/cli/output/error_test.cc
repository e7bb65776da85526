#include "client/cli/output/error.h"

#include "gtest/gtest.h"

#include "storage/base/status.h"
#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::cli {
namespace {

absl::Status ContentError() {
  return InvalidFields(v1::ERROR_REASON_CONTENT_INVALID,
                       {{"temperature", "a number is needed"},
                        {"level", "an integer is needed"}},
                       {{"model", "dtmi:a;1"}});
}

TEST(ErrorTest, ShowsOtherFieldsAndParts) {
  EXPECT_EQ(FormatError(ContentError()),
            "error: INVALID_ARGUMENT / CONTENT_INVALID: temperature: a number "
            "is needed (and 1 more)\n"
            "  field level: an integer is needed\n"
            "  model: dtmi:a;1\n");
  EXPECT_EQ(FormatError(NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND,
                                 "no such twin", {{"twin", "r1"}, {"by", ""}})),
            "error: NOT_FOUND / TWIN_NOT_FOUND: no such twin\n"
            "  twin: r1\n");
}

TEST(ErrorTest, IsOneJsonObject) {
  const std::string json = FormatErrorJson(ContentError());
  EXPECT_EQ(json.find('\n'), json.size() - 1);
  ASSERT_OK_AND_ASSIGN(const Value value, ParseJsonValue(json));
  const Value* error = value.Find("error");
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->Find("code")->as_string(), "INVALID_ARGUMENT");
  EXPECT_EQ(error->Find("reason")->as_string(), "CONTENT_INVALID");
  EXPECT_EQ(error->Find("violations")->as_list().size(), 2U);
  EXPECT_EQ(error->Find("metadata")->Find("model")->as_string(), "dtmi:a;1");
  ASSERT_OK(ParseJsonValue(FormatErrorJson(absl::UnavailableError("\"x\""))));
}

}  // namespace
}  // namespace twingraph::cli

#include "client/cli/commands/read_at.h"

#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::cli {
namespace {

TEST(ReadAtTest, TakesATokenAsItIs) {
  ASSERT_OK_AND_ASSIGN(const v1::ReadOptions read,
                       ParseReadAt("AbCd-_2026-05-31"));
  EXPECT_EQ(read.exactly_at(), "AbCd-_2026-05-31");
}

TEST(ReadAtTest, ReadsTimesToTheNanosecondInAnyZone) {
  ASSERT_OK_AND_ASSIGN(const v1::ReadOptions read,
                       ParseReadAt("2023-11-14T23:13:20.000000007+01:00"));
  EXPECT_EQ(read.as_of().seconds(), 1'700'000'000);
  EXPECT_EQ(read.as_of().nanos(), 7);
  ASSERT_OK_AND_ASSIGN(const v1::ReadOptions early,
                       ParseReadAt("1969-12-31T23:59:59.5Z"));
  EXPECT_EQ(early.as_of().seconds(), -1);
  EXPECT_EQ(early.as_of().nanos(), 500'000'000);
}

TEST(ReadAtTest, RefusesWhatIsNeither) {
  for (const char* text :
       {"", "2023-11-14 22:13", "22:13:20", "a:b", "2023-11-14T22:13:20",
        "2023-13-14T22:13:20Z", "2023-11-14", "2023-11-14T22"}) {
    const auto read = ParseReadAt(text);
    EXPECT_THAT(read, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_FIELD))
        << text;
    EXPECT_EQ(read.status().message(),
              absl::StrCat("\"", text,
                           "\" is neither a revision token nor a time such "
                           "as 2026-05-31T08:00:00Z"));
  }
}

TEST(ReadAtTest, TheOptionSetsWhatIsReadOrSaysWhatIsWrong) {
  v1::ReadOptions read;
  CLI::App app;
  AddAtOption(app, read);
  app.parse("--at 2023-11-14T22:13:20Z");
  EXPECT_EQ(read.as_of().seconds(), 1'700'000'000);
  try {
    app.parse("--at 22:13");
    FAIL() << "a wrong time was taken";
  } catch (const CLI::ParseError& error) {
    EXPECT_STREQ(error.what(),
                 "--at: \"22:13\" is neither a revision token nor a time such "
                 "as 2026-05-31T08:00:00Z");
  }
}

}  // namespace
}  // namespace twingraph::cli

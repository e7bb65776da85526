#include "storage/base/json.h"

#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph {
namespace {

// Writes every event with the place of its token.
class Recorder final : public JsonEvents {
 public:
  explicit Recorder(absl::string_view source) : source_(source) {}

  bool Null(size_t end) override { return Note("null", end); }

  bool Bool(bool value, size_t end) override {
    return Note(value ? "true" : "false", end);
  }

  bool Number(absl::string_view token, size_t end) override {
    return Note(absl::StrCat("#", token), end);
  }

  bool String(absl::string_view text, size_t end) override {
    return Note(absl::StrCat("'", text), end);
  }

  bool BeginObject(size_t end) override { return Note("{", end); }

  bool Key(absl::string_view name, size_t end) override {
    return Note(absl::StrCat("key ", name), end);
  }

  bool EndObject(size_t) override { return Add("}"); }

  bool BeginArray(size_t end) override { return Note("[", end); }

  bool EndArray(size_t) override { return Add("]"); }

  std::vector<std::string> events;

 private:
  bool Note(std::string what, size_t end) {
    return Add(absl::StrCat(what, "@", JsonTokenStart(source_, end)));
  }

  bool Add(std::string what) {
    events.push_back(std::move(what));
    return true;
  }

  absl::string_view source_;
};

TEST(ParseJsonTest, ReportsEveryTokenWithItsPlace) {
  const std::string text =
      R"({"a\"": [1, -2.50e3 ,true], "b":"x\\", "c":null})";
  Recorder recorder(text);
  ASSERT_OK(ParseJson(text, recorder));
  EXPECT_EQ(recorder.events,
            (std::vector<std::string>{"{@0", "key a\"@1", "[@8", "#1@9",
                                      "#-2.50e3@12", "true@21", "]", "key b@28",
                                      "'x\\@32", "key c@39", "null@43", "}"}));
}

struct BadCase {
  const char* text;
  int line;
  int column;
};

class BadJsonTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadJsonTest, NamesTheLineAndColumn) {
  Recorder recorder(GetParam().text);
  const absl::Status status = ParseJson(GetParam().text, recorder);
  EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_EQ(MetadataOf(status, "line"), absl::StrCat(GetParam().line));
  EXPECT_EQ(MetadataOf(status, "column"), absl::StrCat(GetParam().column));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadJsonTest,
    testing::Values(BadCase{"", 1, 1}, BadCase{"{\n  \"a\": ,", 2, 8},
                    BadCase{"[1, 2", 1, 6}, BadCase{"{} {}", 1, 4},
                    BadCase{"[01]", 1, 3}, BadCase{"'a'", 1, 1},
                    BadCase{"[NaN]", 1, 2}, BadCase{"\"\xff\"", 1, 2}));

TEST(ParseJsonTest, RefusesDepthWithoutUsingTheStack) {
  const std::string deep(1'000'000, '[');
  Recorder recorder(deep);
  const absl::Status status = ParseJson(deep, recorder, /*depth_limit=*/64);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(recorder.events.size(), 64U);
}

TEST(AppendJsonTest, EscapesAndKeepsNumbersShort) {
  std::string out;
  AppendJsonString(out, "a\"\\\n\x01ü");
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001ü\"");
  out.clear();
  AppendJsonDouble(out, 0.1);
  out.push_back(' ');
  AppendJsonDouble(out, 27.0);
  out.push_back(' ');
  AppendJsonDouble(out, std::numeric_limits<double>::max());
  EXPECT_EQ(out, "0.1 27 1.7976931348623157e+308");
}

}  // namespace
}  // namespace twingraph

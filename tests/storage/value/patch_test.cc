#include "storage/value/patch.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph {
namespace {

struct Case {
  const char* name;
  const char* document;
  const char* op;
  const char* path;
  const char* value;
  const char* expected;  // null: INVALID_PATCH
};

class PatchTest : public testing::TestWithParam<Case> {};

absl::Status Apply(const Case& c, Value& root) {
  auto path = ParseJsonPointer(c.path);
  if (!path.ok()) {
    return path.status();
  }
  const std::string op = c.op;
  if (op == "remove") {
    return RemoveAtPath(root, *path);
  }
  Value value = *ParseJsonValue(c.value);
  return op == "add" ? AddAtPath(root, *path, std::move(value))
                     : ReplaceAtPath(root, *path, std::move(value));
}

TEST_P(PatchTest, ChangesTheDocumentOrSaysWhyNot) {
  const Case& c = GetParam();
  Value root = *ParseJsonValue(c.document);
  const absl::Status status = Apply(c, root);
  if (c.expected == nullptr) {
    EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                                v1::ERROR_REASON_INVALID_PATCH));
    EXPECT_EQ(FormatJson(root), FormatJson(*ParseJsonValue(c.document)));
  } else {
    EXPECT_OK(status);
    EXPECT_EQ(FormatJson(root), c.expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Cases, PatchTest,
    testing::Values(
        Case{"AddNew", "{}", "add", "/a", "1", R"({"a":1})"},
        Case{"AddOver", R"({"a":1})", "add", "/a", "2", R"({"a":2})"},
        Case{"AddEscaped", "{}", "add", "/a~1b~0", "1", R"({"a/b~":1})"},
        Case{"AddEmptyName", "{}", "add", "/", "1", R"({"":1})"},
        Case{"AddInside", R"({"a":{}})", "add", "/a/b", "1",
             R"({"a":{"b":1}})"},
        Case{"AddWithoutParent", "{}", "add", "/a/b", "1", nullptr},
        Case{"AddIntoScalar", R"({"a":1})", "add", "/a/b", "1", nullptr},
        Case{"InsertFirst", R"({"a":[1]})", "add", "/a/0", "0",
             R"({"a":[0,1]})"},
        Case{"Append", R"({"a":[1]})", "add", "/a/-", "2", R"({"a":[1,2]})"},
        Case{"InsertPastEnd", R"({"a":[1]})", "add", "/a/2", "2", nullptr},
        Case{"LeadingZero", R"({"a":[1,2]})", "replace", "/a/01", "2", nullptr},
        Case{"Replace", R"({"a":1})", "replace", "/a", "[2]", R"({"a":[2]})"},
        Case{"ReplaceElement", R"({"a":[1]})", "replace", "/a/0", "5",
             R"({"a":[5]})"},
        Case{"ReplaceAbsent", "{}", "replace", "/a", "1", nullptr},
        Case{"ReplaceEnd", R"({"a":[]})", "replace", "/a/-", "1", nullptr},
        Case{"Remove", R"({"a":1,"b":2})", "remove", "/a", "", R"({"b":2})"},
        Case{"RemoveElement", R"({"a":[1,2]})", "remove", "/a/0", "",
             R"({"a":[2]})"},
        Case{"RemoveAbsent", "{}", "remove", "/a", "", nullptr},
        Case{"WholeDocument", "{}", "replace", "", "1", nullptr},
        Case{"NoSlash", "{}", "add", "a", "1", nullptr},
        Case{"BadEscape", "{}", "add", "/a~2", "1", nullptr}),
    [](const auto& param) { return param.param.name; });

TEST(PatchMessageTest, NamesTheWholePath) {
  Value root = *ParseJsonValue(R"({"a":{"b/~":1}})");
  EXPECT_EQ(RemoveAtPath(root, {"a", "x/~"}).message(),
            "nothing is at /a/x~1~0");
  EXPECT_EQ(AddAtPath(root, {"a", "x", "y", "z"}, Value()).message(),
            "nothing is at /a/x, so nothing can be changed inside");
}

}  // namespace
}  // namespace twingraph

#include "server/engine/twin_patch.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::engine {
namespace {

constexpr char kContents[] =
    R"({"level":1,"tags":{"a":true},"heater":{"target":20}})";

TwinDraft MakeDraft() {
  return {.model = "dtmi:demo:Room;1",
          .contents = *ParseJsonValue(kContents),
          .touched = {},
          .source_times = {}};
}

PatchOperation Op(std::string op, std::string path,
                  const char* json = nullptr) {
  PatchOperation operation{std::move(op), std::move(path), std::nullopt};
  if (json != nullptr) {
    operation.value = *ParseJsonValue(json);
  }
  return operation;
}

TEST(TwinPatchTest, ChangesContentsInOrderAndNotesWhere) {
  TwinDraft draft = MakeDraft();
  ASSERT_OK(ApplyTwinPatch(
      {Op("replace", "/level", "2"), Op("remove", "/level"),
       Op("add", "/tags/b", "false"), Op("replace", "/heater/target", "21")},
      draft));
  EXPECT_EQ(FormatJson(draft.contents),
            R"({"heater":{"target":21},"tags":{"a":true,"b":false}})");
  EXPECT_EQ(draft.touched,
            (std::set<std::pair<std::string, std::string>>{
                {"level", ""}, {"tags", "b"}, {"heater", "target"}}));
}

TEST(TwinPatchTest, ReachesModelAndSourceTimes) {
  TwinDraft draft = MakeDraft();
  ASSERT_OK(ApplyTwinPatch(
      {Op("replace", "/$metadata/$model", R"("dtmi:demo:Hall;1")"),
       Op("replace", "/$metadata/level/sourceTime",
          R"("1970-01-01T00:00:01Z")"),
       Op("remove", "/heater/$metadata/target/sourceTime")},
      draft));
  EXPECT_EQ(draft.model, "dtmi:demo:Hall;1");
  EXPECT_EQ(draft.source_times.at({"", "level"}), absl::FromUnixSeconds(1));
  EXPECT_EQ(draft.source_times.at({"heater", "target"}), absl::InfinitePast());
  EXPECT_TRUE(draft.touched.empty());
}

TEST(TwinPatchTest, ASourceTimeNeedsAValue) {
  TwinDraft draft = MakeDraft();
  const char* const time = R"("1970-01-01T00:00:01Z")";
  const absl::Status status = ApplyTwinPatch(
      {Op("replace", "/$metadata/nope/sourceTime", time)}, draft);
  EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_PATCH));
  EXPECT_EQ(MetadataOf(status, "path"), "/$metadata/nope/sourceTime");
  // In one patch with its value, in any order.
  draft = MakeDraft();
  EXPECT_OK(ApplyTwinPatch({Op("replace", "/$metadata/nope/sourceTime", time),
                            Op("add", "/nope", "1")},
                           draft));
}

TEST(TwinPatchTest, APathHasALimit) {
  TwinDraft draft = MakeDraft();
  const std::string longest = "/" + std::string(1023, 'x');
  EXPECT_OK(ApplyTwinPatch({Op("add", longest, "1")}, draft));
  EXPECT_THAT(ApplyTwinPatch({Op("add", longest + "x", "1")}, draft),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_PATCH));
}

struct BadCase {
  const char* name;
  PatchOperation operation;
};

class BadTwinPatchTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadTwinPatchTest, NamesTheOperation) {
  TwinDraft draft = MakeDraft();
  const absl::Status status =
      ApplyTwinPatch({Op("add", "/level", "3"), GetParam().operation}, draft);
  EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_PATCH));
  EXPECT_EQ(MetadataOf(status, "operation"), "1");
  EXPECT_EQ(MetadataOf(status, "op"), GetParam().operation.op);
  EXPECT_EQ(MetadataOf(status, "path"), GetParam().operation.path);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadTwinPatchTest,
    testing::Values(
        BadCase{"Move", Op("move", "/level", "1")},
        BadCase{"Test", Op("test", "/level", "1")}, BadCase{"NoOp", Op("", "")},
        BadCase{"NoValue", Op("add", "/level")},
        BadCase{"ReplaceUnset", Op("replace", "/humidity", "1")},
        BadCase{"RemoveUnset", Op("remove", "/humidity")},
        BadCase{"InsideUnset", Op("add", "/place/floor", "1")},
        BadCase{"TwinId", Op("replace", "/$dtId", R"("x")")},
        BadCase{"Etag", Op("replace", "/$etag", R"("x")")},
        BadCase{"Device", Op("remove", "/$device/hub")},
        BadCase{"LastUpdateTime",
                Op("replace", "/$metadata/level/lastUpdateTime", R"("x")")},
        BadCase{"AllMetadata", Op("remove", "/$metadata")},
        BadCase{"RemoveModel", Op("remove", "/$metadata/$model")},
        BadCase{"ModelOfComponent",
                Op("replace", "/heater/$metadata/$model", R"("x")")},
        BadCase{"NumberAsModel", Op("replace", "/$metadata/$model", "1")},
        BadCase{"BadSourceTime",
                Op("add", "/$metadata/level/sourceTime", R"("noon")")},
        BadCase{"Root", Op("replace", "", "{}")},
        BadCase{"NoSlash", Op("add", "level", "1")}),
    [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace twingraph::engine

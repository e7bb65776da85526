#include "server/engine/twin_ops.h"

#include <string>
#include <vector>

#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

using absl::StatusCode;

class TwinOpsTest : public EngineTest {
 protected:
  absl::StatusOr<At<Twin>> Patch(const std::string& id,
                                 const std::vector<PatchOperation>& operations,
                                 const WriteOptions& options = {}) {
    return Wait(engine_->twins().Patch(ctx_, id, operations, options));
  }

  absl::StatusOr<At<Twin>> Replace(const std::string& id,
                                   const std::string& model,
                                   const std::string& contents,
                                   bool allow_missing = false,
                                   const WriteOptions& options = {}) {
    TwinInput input;
    input.id = id;
    input.model = model;
    input.contents = *ParseJsonValue(contents);
    return Wait(engine_->twins().Replace(ctx_, input, allow_missing, options));
  }
};

PatchOperation Op(const char* op, const char* path,
                  const char* json = nullptr) {
  PatchOperation operation{op, path, std::nullopt};
  if (json != nullptr) {
    operation.value = *ParseJsonValue(json);
  }
  return operation;
}

TEST_F(TwinOpsTest, GivesBackWhatItWasGivenInCanonicalForm) {
  const std::string contents =
      R"({"installed":"2024-05-01T12:00:00Z","label":"lab 1",)"
      R"("serial":"9007199254740993","size":{"h":2.5,"w":3},)"
      R"("tags":{"cold":true},"temperature":21,"thermostat":{"mode":2.0},)"
      R"("use":"lab"})";
  const Twin made = Create("r1", "dtmi:demo:Room;1", contents);
  EXPECT_EQ(made.model, "dtmi:demo:Room;1");
  ASSERT_OK_AND_ASSIGN(const Twin read, Get("r1"));
  EXPECT_EQ(read.contents, made.contents);
  EXPECT_EQ(read.etag, made.etag);
  EXPECT_EQ(read.create_time, clock_.Now());
  EXPECT_EQ(read.update_time, clock_.Now());
  // An integer that came as a double is one; a long beyond 2^53 is exact.
  EXPECT_EQ(read.contents_view().Find("thermostat").Find("mode").kind(),
            ValueKind::kInt);
  EXPECT_THAT(JsonOf(read.contents), testing::HasSubstr("9007199254740993"));
}

struct BadContent {
  const char* name;
  const char* model;
  const char* contents;
  const char* field;
};

class BadContentTest : public EngineTest,
                       public testing::WithParamInterface<BadContent> {};

TEST_P(BadContentTest, IsRefusedWithItsPath) {
  const auto made = TryCreate("r1", GetParam().model, GetParam().contents);
  ASSERT_THAT(made, IsError(StatusCode::kInvalidArgument,
                            v1::ERROR_REASON_CONTENT_INVALID));
  const auto violations = ViolationsOf(made.status());
  ASSERT_EQ(violations.size(), 1U) << made.status();
  EXPECT_EQ(violations[0].field, GetParam().field);
  EXPECT_EQ(MetadataOf(made.status(), "twin"), "r1");
  EXPECT_EQ(MetadataOf(made.status(), "model"), GetParam().model);
  EXPECT_THAT(Get("r1"),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
}

constexpr char kRoom[] = "dtmi:demo:Room;1";
constexpr char kFloor[] = "dtmi:demo:Floor;1";

INSTANTIATE_TEST_SUITE_P(
    Cases, BadContentTest,
    testing::Values(
        BadContent{"WrongType", kFloor, R"({"label":7})", "contents.label"},
        BadContent{"Fraction", kFloor, R"({"level":1.5})", "contents.level"},
        BadContent{"Range", kFloor, R"({"level":3000000000})",
                   "contents.level"},
        BadContent{"Null", kFloor, R"({"level":null})", "contents.level"},
        BadContent{"Unknown", kFloor, R"({"levle":1})", "contents.levle"},
        BadContent{"Relationship", kFloor, R"({"contains":1})",
                   "contents.contains"},
        BadContent{"Telemetry", kRoom, R"({"alarm":"x","thermostat":{}})",
                   "contents.alarm"},
        BadContent{"Enum", kRoom, R"({"use":"bath","thermostat":{}})",
                   "contents.use"},
        BadContent{"Date", kRoom, R"({"installed":"noon","thermostat":{}})",
                   "contents.installed"},
        BadContent{"Map", kRoom, R"({"tags":{"a":1},"thermostat":{}})",
                   "contents.tags.a"},
        BadContent{"Field", kRoom, R"({"size":{"w":"x"},"thermostat":{}})",
                   "contents.size.w"},
        BadContent{"MissingComponent", kRoom, "{}", "contents.thermostat"},
        BadContent{"NoObjectAsComponent", kRoom, R"({"thermostat":1})",
                   "contents.thermostat"},
        BadContent{"InComponent", kRoom, R"({"thermostat":{"target":"x"}})",
                   "contents.thermostat.target"},
        BadContent{"UnknownInComponent", kRoom, R"({"thermostat":{"x":1}})",
                   "contents.thermostat.x"},
        BadContent{"RoundedLong", kRoom, R"({"serial":1e300,"thermostat":{}})",
                   "contents.serial"}),
    [](const auto& param) { return param.param.name; });

TEST_F(TwinOpsTest, ReportsAllViolationsAtOnce) {
  const auto made =
      TryCreate("r1", kRoom, R"({"label":1,"use":"x","nope":2,"size":3})");
  EXPECT_EQ(MetadataOf(made.status(), "violations"), "5");
  EXPECT_EQ(ViolationsOf(made.status()).size(), 5U);
}

TEST_F(TwinOpsTest, AThousandViolationsAreCounted) {
  Value contents = Value::MakeMap();
  for (int i = 0; i < 1000; ++i) {
    contents.Set("p" + std::to_string(i), Value::Int(i));
  }
  TwinInput input{
      .id = "r1", .model = kFloor, .contents = contents, .source_times = {}};
  const auto made = Wait(engine_->twins().Create(ctx_, input, {}));
  EXPECT_EQ(MetadataOf(made.status(), "violations"), "1000");
}

TEST_F(TwinOpsTest, RefusesIdsOutsideTheAlphabet) {
  for (const char* id : {"", "a b", "\xC3\xA4", "a/b"}) {
    EXPECT_THAT(
        TryCreate(id, kFloor, "{}"),
        IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD))
        << id;
  }
  EXPECT_OK(TryCreate("A.b-c+d%_#*?!(),=@$'", kFloor, "{}"));
}

TEST_F(TwinOpsTest, RefusesAModelThatIsNotThere) {
  EXPECT_THAT(TryCreate("r1", "dtmi:demo:Nothing;1", "{}"),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
}

TEST_F(TwinOpsTest, DoesNotMakeATwinTwice) {
  CreateRoom("r1");
  const auto again = TryCreate("r1", kFloor, "{}");
  EXPECT_THAT(again, IsError(StatusCode::kAlreadyExists,
                             v1::ERROR_REASON_TWIN_ALREADY_EXISTS));
  EXPECT_EQ(MetadataOf(again.status(), "twin"), "r1");
}

TEST_F(TwinOpsTest, ValidateOnlyStoresNothing) {
  ASSERT_OK_AND_ASSIGN(
      const auto checked,
      TryCreate("f1", kFloor, R"({"level":1})", {.validate_only = true}));
  EXPECT_EQ(JsonOf(checked.value.contents), R"({"level":1})");
  EXPECT_EQ(checked.value.etag, "");
  EXPECT_THAT(Get("f1"),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  EXPECT_FALSE(
      TryCreate("f1", kFloor, R"({"level":"x"})", {.validate_only = true})
          .ok());
}

TEST_F(TwinOpsTest, ARequestIdMakesARepetitionHarmless) {
  const WriteOptions options{.request_id = "req-1", .request_fingerprint = 7};
  ASSERT_OK_AND_ASSIGN(const auto first,
                       TryCreate("f1", kFloor, R"({"level":1})", options));
  ASSERT_OK_AND_ASSIGN(const auto second,
                       TryCreate("f1", kFloor, R"({"level":1})", options));
  EXPECT_EQ(first.revision, second.revision);
  EXPECT_EQ(first.value.contents, second.value.contents);
  EXPECT_EQ(first.value.etag, second.value.etag);
  EXPECT_THAT(TryCreate("f2", kFloor, "{}",
                        {.request_id = "req-1", .request_fingerprint = 8}),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_REQUEST_ID_REUSED));
}

TEST_F(TwinOpsTest, PatchesPropertiesComponentsAndPartsOfValues) {
  Create("r1", kRoom,
         R"({"tags":{"a":true},"temperature":20,"thermostat":{"target":1}})");
  ASSERT_OK_AND_ASSIGN(
      const auto patched,
      Patch("r1",
            {Op("replace", "/temperature", "22"), Op("add", "/label", R"("x")"),
             Op("add", "/tags/b", "false"), Op("remove", "/tags/a"),
             Op("add", "/thermostat/mode", "3")}));
  EXPECT_EQ(JsonOf(patched.value.contents),
            R"({"label":"x","tags":{"b":false},"temperature":22,)"
            R"("thermostat":{"mode":3,"target":1}})");
  EXPECT_EQ(ContentsOf("r1"), JsonOf(patched.value.contents));
}

TEST_F(TwinOpsTest, APatchThatDoesNotFitChangesNothing) {
  Create("f1", kFloor, R"({"level":1})");
  const auto bad_value = Patch(
      "f1", {Op("add", "/label", R"("x")"), Op("replace", "/level", R"("y")")});
  EXPECT_THAT(bad_value, IsError(StatusCode::kInvalidArgument,
                                 v1::ERROR_REASON_CONTENT_INVALID));
  const auto bad_path =
      Patch("f1", {Op("add", "/label", R"("x")"), Op("remove", "/nothing")});
  EXPECT_THAT(bad_path, IsError(StatusCode::kInvalidArgument,
                                v1::ERROR_REASON_INVALID_PATCH));
  EXPECT_EQ(MetadataOf(bad_path.status(), "operation"), "1");
  EXPECT_EQ(ContentsOf("f1"), R"({"level":1})");
}

TEST_F(TwinOpsTest, AComponentCannotBeRemoved) {
  CreateRoom("r1");
  EXPECT_THAT(
      Patch("r1", {Op("remove", "/thermostat")}),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_CONTENT_INVALID));
}

TEST_F(TwinOpsTest, AnEmptyPatchSucceeds) {
  Create("f1", kFloor);
  ASSERT_OK_AND_ASSIGN(const Twin before, Get("f1"));
  clock_.Advance(absl::Seconds(1));
  const auto same = Patch("f1", {});
  ASSERT_OK(same);
  EXPECT_EQ(same->value.etag, before.etag);
  EXPECT_EQ(same->value.update_time, before.update_time);
  ASSERT_OK_AND_ASSIGN(const Twin after, Get("f1"));
  EXPECT_EQ(after.etag, before.etag);
  EXPECT_EQ(after.update_time, before.update_time);
  EXPECT_THAT(Patch("f2", {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
}

TEST_F(TwinOpsTest, AModelChangesTogetherWithWhatMustFitIt) {
  Create("x", kFloor, R"({"label":"a","level":1})");
  const PatchOperation to_room =
      Op("replace", "/$metadata/$model", R"("dtmi:demo:Room;1")");
  EXPECT_THAT(Patch("x", {to_room}), IsError(StatusCode::kInvalidArgument,
                                             v1::ERROR_REASON_CONTENT_INVALID));
  ASSERT_OK(Patch(
      "x", {to_room, Op("remove", "/level"), Op("add", "/thermostat", "{}")}));
  ASSERT_OK_AND_ASSIGN(const Twin read, Get("x"));
  EXPECT_EQ(read.model, kRoom);
  EXPECT_EQ(JsonOf(read.contents), R"({"label":"a","thermostat":{}})");
  EXPECT_THAT(
      Patch("x", {Op("replace", "/$metadata/$model", R"("dtmi:no:One;1")")}),
      IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
}

TEST_F(TwinOpsTest, EachWriteMakesANewEtagAndAWrongOneIsRefused) {
  const Twin first = Create("f1", kFloor);
  EXPECT_THAT(first.etag, testing::MatchesRegex("W/\"[0-9a-f]+-[0-9]+\""));
  ASSERT_OK_AND_ASSIGN(
      const auto second,
      Patch("f1", {Op("add", "/level", "1")}, {.expected_etag = first.etag}));
  EXPECT_NE(second.value.etag, first.etag);
  const auto stale =
      Patch("f1", {Op("add", "/level", "2")}, {.expected_etag = first.etag});
  EXPECT_THAT(stale,
              IsError(StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH));
  EXPECT_EQ(MetadataOf(stale.status(), "current"), second.value.etag);
  EXPECT_THAT(
      Wait(engine_->twins().Delete(ctx_, "f1", {.expected_etag = first.etag})),
      IsError(StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH));
  EXPECT_OK(Patch("f1", {Op("add", "/level", "2")}, {.expected_etag = "*"}));
}

TEST_F(TwinOpsTest, TimesSayWhenEachPropertyWasWritten) {
  Create("r1", kRoom, R"({"temperature":20,"label":"a","thermostat":{}})");
  const absl::Time made = clock_.Now();
  clock_.Advance(absl::Seconds(5));
  ASSERT_OK(Patch("r1", {Op("replace", "/temperature", "21"),
                         Op("add", "/thermostat/target", "19"),
                         Op("add", "/$metadata/label/sourceTime",
                            R"("2024-05-01T00:00:00.123456789Z")")}));
  ASSERT_OK_AND_ASSIGN(const Twin read, Get("r1", TwinView::kFull));
  EXPECT_EQ(read.create_time, made);
  EXPECT_EQ(read.update_time, clock_.Now());
  std::vector<std::string> seen;
  for (const PropertyMetadata& each : read.metadata) {
    seen.push_back(each.component + "/" + each.property +
                   (each.update_time == made ? " old" : " new"));
  }
  EXPECT_THAT(seen,
              testing::ElementsAre("/label old", "/temperature new",
                                   "thermostat/ new", "thermostat/target new"));
  EXPECT_EQ(absl::ToUnixNanos(read.metadata[0].source_time) % 1'000'000'000,
            123'456'789);
  ASSERT_OK_AND_ASSIGN(const Twin basic, Get("r1"));
  EXPECT_TRUE(basic.metadata.empty());
}

TEST_F(TwinOpsTest, ReplacingLeavesNothingOfTheOldContents) {
  Create("f1", kFloor, R"({"label":"a","level":1})");
  const absl::Time made = clock_.Now();
  clock_.Advance(absl::Seconds(5));
  ASSERT_OK(Replace("f1", kFloor, R"({"level":2})"));
  ASSERT_OK_AND_ASSIGN(const Twin read, Get("f1"));
  EXPECT_EQ(JsonOf(read.contents), R"({"level":2})");
  EXPECT_EQ(read.create_time, made);
  EXPECT_EQ(read.update_time, clock_.Now());
}

TEST_F(TwinOpsTest, ReplacingWhatIsNotThereIsACreationOnRequest) {
  EXPECT_THAT(Replace("f1", kFloor, "{}"),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  EXPECT_OK(Replace("f1", kFloor, "{}", /*allow_missing=*/true));
  EXPECT_OK(Get("f1"));
}

TEST_F(TwinOpsTest, AnExportedTwinIsTakenBackAsItIs) {
  TwinInput input;
  input.id = "r1";
  input.model = kRoom;
  input.contents = *ParseJsonValue(
      R"({"temperature":20,
          "$metadata":{"$model":"dtmi:demo:Room;1",
            "temperature":{"lastUpdateTime":"2024-05-01T00:00:00Z",
                           "sourceTime":"2024-04-01T00:00:00Z"}},
          "thermostat":{"target":1,"$metadata":{
            "$lastUpdateTime":"2024-05-01T00:00:00Z",
            "target":{"sourceTime":"2024-03-01T00:00:00Z"}}}})");
  ASSERT_OK(Wait(engine_->twins().Create(ctx_, input, {})));
  ASSERT_OK_AND_ASSIGN(const Twin read, Get("r1", TwinView::kFull));
  EXPECT_EQ(JsonOf(read.contents),
            R"({"temperature":20,"thermostat":{"target":1}})");
  EXPECT_EQ(read.metadata[0].source_time, absl::FromUnixSeconds(1711929600));
  EXPECT_EQ(read.metadata[2].source_time, absl::FromUnixSeconds(1709251200));
}

TEST_F(TwinOpsTest, WhatDoesNotConformIsKeptOnRequest) {
  TwinInput input{.id = "r1", .model = kRoom, .allow_nonconforming = true};
  input.contents = *ParseJsonValue(
      R"({"label":7,"other":[1],"serial":"9007199254740993",
          "size":{"w":"x","h":1}})");
  ASSERT_OK(Wait(engine_->twins().Create(ctx_, input, {})));
  // The missing component is added; what conforms is canonical.
  EXPECT_THAT(ContentsOf("r1"),
              testing::StartsWith(R"({"label":7,"other":[1],)"));
  EXPECT_THAT(ContentsOf("r1"),
              testing::EndsWith(R"("size":{"h":1,"w":"x"},"thermostat":{}})"));
  // From now on it can only be made to conform.
  EXPECT_THAT(
      Patch("r1", {Op("add", "/temperature", "1")}),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_CONTENT_INVALID));
  EXPECT_OK(Patch("r1", {Op("remove", "/label"), Op("remove", "/other"),
                         Op("replace", "/size/w", "2")}));
  input.id = "r2";
  input.contents = *ParseJsonValue(R"({"$nothing":1})");
  EXPECT_THAT(
      Wait(engine_->twins().Create(ctx_, input, {})),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_CONTENT_INVALID));
}

TEST_F(TwinOpsTest, DeletingNeedsATwinWithoutRelationships) {
  CreateRoom("r1");
  CreateSensor("s1");
  ASSERT_OK(TryRelate("r1", "d", "hasDevice", "s1"));
  ASSERT_OK(TryRelate("r1", "n", "near", "r1"));
  const auto refused = Wait(engine_->twins().Delete(ctx_, "s1", {}));
  EXPECT_THAT(refused, IsError(StatusCode::kFailedPrecondition,
                               v1::ERROR_REASON_TWIN_HAS_RELATIONSHIPS));
  EXPECT_EQ(MetadataOf(refused.status(), "outgoing"), "0");
  EXPECT_EQ(MetadataOf(refused.status(), "incoming"), "1");
  ASSERT_OK(Wait(engine_->relationships().Delete(ctx_, "r1", "d", {})));
  EXPECT_OK(Wait(engine_->twins().Delete(ctx_, "s1", {})));
  EXPECT_THAT(Wait(engine_->twins().Delete(ctx_, "s1", {})),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
}

TEST_F(TwinOpsTest, TryGetAnswersWithoutWaiting) {
  CreateRoom("r1");
  ASSERT_OK_AND_ASSIGN(const auto found,
                       engine_->twins().TryGet("r1", TwinView::kBasic, {}));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->value.id, "r1");
  EXPECT_THAT(engine_->twins().TryGet("r2", TwinView::kBasic, {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  // What may have to wait is for Get.
  ASSERT_OK_AND_ASSIGN(
      const auto fresh,
      engine_->twins().TryGet("r1", TwinView::kBasic,
                              {.at_least_as_fresh = found->revision}));
  EXPECT_FALSE(fresh.has_value());
}

TEST_F(TwinOpsTest, ReadsExactlyAtARevisionAfterLaterChanges) {
  ASSERT_OK_AND_ASSIGN(const auto made,
                       TryCreate("f1", kFloor, R"({"level":1})"));
  ASSERT_OK(Patch("f1", {Op("replace", "/level", "2")}));
  ASSERT_OK_AND_ASSIGN(const auto then,
                       engine_->twins().Get(ctx_, "f1", TwinView::kBasic,
                                            {.exactly_at = made.revision}));
  EXPECT_EQ(JsonOf(then.value.contents), R"({"level":1})");
  EXPECT_EQ(then.value.etag, made.value.etag);
  EXPECT_EQ(then.revision, made.revision);
  EXPECT_THAT(engine_->twins().Get(ctx_, "f1", TwinView::kBasic,
                                   {.exactly_at = "not-a-token"}),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_REVISION_TOKEN));
}

TEST_F(TwinOpsTest, ReadsAsOfATime) {
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK_AND_ASSIGN(const auto made,
                       TryCreate("f1", kFloor, R"({"level":1})"));
  const absl::Time time = clock_.Now();
  clock_.Advance(absl::Seconds(1));
  ASSERT_OK(Patch("f1", {Op("replace", "/level", "2")}));
  for (const absl::Duration later :
       {absl::ZeroDuration(), absl::Milliseconds(999)}) {
    ASSERT_OK_AND_ASSIGN(const auto then,
                         engine_->twins().Get(ctx_, "f1", TwinView::kBasic,
                                              {.as_of = time + later}));
    EXPECT_EQ(JsonOf(then.value.contents), R"({"level":1})");
    EXPECT_EQ(then.revision, made.revision);
  }
  ASSERT_OK_AND_ASSIGN(const auto now,
                       engine_->twins().Get(ctx_, "f1", TwinView::kBasic,
                                            {.as_of = clock_.Now()}));
  EXPECT_EQ(JsonOf(now.value.contents), R"({"level":2})");
  EXPECT_THAT(engine_->twins().Get(ctx_, "f1", TwinView::kBasic,
                                   {.as_of = time - absl::Seconds(1)}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  ASSERT_OK_AND_ASSIGN(
      const auto cached,
      engine_->twins().TryGet("f1", TwinView::kBasic, {.as_of = time}));
  EXPECT_FALSE(cached.has_value());
}

TEST_F(TwinOpsTest, NoStateIsReadOfATimeToCome) {
  const auto refused = engine_->twins().Get(
      ctx_, "f1", TwinView::kBasic, {.as_of = clock_.Now() + absl::Seconds(1)});
  EXPECT_THAT(refused, IsError(StatusCode::kInvalidArgument,
                               v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_THAT(std::string(refused.status().message()),
              testing::AllOf(testing::HasSubstr("read.as_of"),
                             testing::HasSubstr("the present")));
}

TEST_F(TwinOpsTest, PagesAsOfATimeStayAtItsRevision) {
  for (const char* id : {"a", "b", "c"}) {
    Create(id, kFloor);
  }
  const absl::Time time = clock_.Now();
  clock_.Advance(absl::Seconds(1));
  Create("aa", kFloor);
  ASSERT_OK_AND_ASSIGN(
      const auto first,
      engine_->twins().List(ctx_, {}, {.size = 2}, {.as_of = time}));
  ASSERT_OK_AND_ASSIGN(
      const auto second,
      engine_->twins().List(ctx_, {},
                            {.size = 2, .position = first.next_position},
                            {.exactly_at = first.revision}));
  EXPECT_EQ(first.items[1].id, "b");
  ASSERT_EQ(second.items.size(), 1u);
  EXPECT_EQ(second.items[0].id, "c");
}

TEST_F(TwinOpsTest, PagesHoldEachTwinOfTheirRevisionOnce) {
  for (const char* id : {"b", "d", "a", "e", "c"}) {
    Create(id, kFloor);
  }
  CreateRoom("r");
  std::vector<std::string> ids;
  PageRequest page{.size = 2, .position = ""};
  ReadOptions read;
  do {
    ASSERT_OK_AND_ASSIGN(const auto got,
                         engine_->twins().List(ctx_, {}, page, read));
    for (const Twin& twin : got.items) {
      ids.push_back(twin.id);
    }
    page.position = got.next_position;
    read.exactly_at = got.revision;
    // Changes between pages do not show.
    if (ids.size() == 2) {
      Create("bb", kFloor);
      ASSERT_OK(Wait(engine_->twins().Delete(ctx_, "e", {})));
    }
  } while (!page.position.empty());
  EXPECT_THAT(ids, testing::ElementsAre("a", "b", "c", "d", "e", "r"));
}

TEST_F(TwinOpsTest, ListsTheTwinsOfAModel) {
  Create("f1", kFloor);
  CreateRoom("r1");
  ASSERT_OK_AND_ASSIGN(
      const auto rooms,
      engine_->twins().List(ctx_, {.model = kRoom, .view = TwinView::kBasic},
                            {}, {}));
  ASSERT_EQ(rooms.items.size(), 1U);
  EXPECT_EQ(rooms.items[0].id, "r1");
  EXPECT_THAT(
      engine_->twins().List(
          ctx_, {.model = "dtmi:no:One;1", .view = TwinView::kBasic}, {}, {}),
      IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  for (const int size : {0, -1, 1'000'000}) {
    EXPECT_THAT(
        engine_->twins().List(ctx_, {}, {.size = size, .position = ""}, {}),
        IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD));
  }
}

class SmallLimitsTest : public EngineTest {
 protected:
  SmallLimitsTest()
      : EngineTest(
            {.twin_bytes = 400, .string_bytes = 200, .patch_operations = 2}) {}
};

TEST_F(SmallLimitsTest, RefusesWhatIsTooLarge) {
  const std::string long_label =
      R"({"label":")" + std::string(201, 'x') + R"("})";
  EXPECT_THAT(
      TryCreate("f1", kFloor, long_label),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_CONTENT_INVALID));
  std::string many_tags = R"({"thermostat":{},"tags":{)";
  for (int i = 0; i < 50; ++i) {
    many_tags +=
        (i == 0 ? "" : ",") + ("\"tag" + std::to_string(i)) + R"(":true)";
  }
  EXPECT_THAT(
      TryCreate("r1", kRoom, many_tags + "}}"),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_LIMIT_EXCEEDED));
  Create("f2", kFloor);
  EXPECT_THAT(
      Wait(engine_->twins().Patch(
          ctx_, "f2",
          {Op("add", "/level", "1"), Op("add", "/level", "2"),
           Op("add", "/level", "3")},
          {})),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD));
}

}  // namespace
}  // namespace twingraph::engine

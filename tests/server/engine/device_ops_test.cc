#include "server/engine/device_ops.h"

#include <string>
#include <utility>
#include <vector>

#include "server/engine/device_codec.h"
#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

using absl::StatusCode;
using Path = std::vector<std::string>;

DeviceRecord Sensor(Path path, std::string generation = "g1") {
  DeviceRecord device;
  device.path = std::move(path);
  device.generation = std::move(generation);
  device.model = "dtmi:demo:Sensor;1";
  return device;
}

DeviceMessage Telemetry(Path path, const std::string& json,
                        absl::Time source_time = absl::InfinitePast()) {
  DeviceMessage message;
  message.path = std::move(path);
  message.body = *ParseJsonValue(json);
  message.source_time = source_time;
  return message;
}

ReportedPatch Reported(Path path, const std::string& json,
                       bool complete = false) {
  ReportedPatch patch;
  patch.path = std::move(path);
  patch.patch = *ParseJsonValue(json);
  patch.complete = complete;
  return patch;
}

class DeviceOpsTest : public EngineTest {
 protected:
  DeviceOpsTest() {
    EXPECT_OK(engine_->hubs().Attach(ctx_, {.id = "site", .kind = "grpc"}, {}));
  }

  absl::StatusOr<DeviceOutcome> ApplyAll(std::vector<DeviceInput> inputs) {
    return engine_->devices().Apply(ctx_, "site", inputs);
  }

  // What became of one event.
  absl::Status Apply(DeviceEvent event,
                     std::optional<Cursor> cursor = std::nullopt) {
    auto outcome = ApplyAll({{std::move(cursor), std::move(event)}});
    EXPECT_OK(outcome);
    return outcome.ok() ? outcome->events.at(0) : outcome.status();
  }

  absl::Status Announce(DeviceRecord device) {
    return Apply(DeviceUpserted{std::move(device)});
  }

  DeviceBlock BlockOf(const std::string& twin) {
    const auto found = Get(twin);
    EXPECT_OK(found);
    EXPECT_TRUE(found.ok() && found->device.has_value());
    return found.ok() && found->device.has_value() ? *found->device
                                                   : DeviceBlock();
  }

  std::string EtagOf(const std::string& twin) {
    const auto found = Get(twin);
    return found.ok() ? found->etag : "";
  }
};

TEST_F(DeviceOpsTest, AnAnnouncedDeviceIsATwinLikeAllOthers) {
  DeviceRecord device = Sensor({"gw", "s.1"});
  device.display_name = "Sensor 1";
  device.tags.Set("room", Value::String("r1"));
  device.gateway_path = {"gw"};
  device.connection = {.state = ConnectionState::kOnline,
                       .confidence = Confidence::kReported,
                       .since = clock_.Now(),
                       .reason = "hello"};
  ASSERT_OK(Announce(device));
  ASSERT_OK_AND_ASSIGN(const Twin twin, Get("site.gw.s%2E1"));
  EXPECT_EQ(twin.model, "dtmi:demo:Sensor;1");
  EXPECT_EQ(JsonOf(twin.contents), R"({"thermostat":{}})");
  ASSERT_TRUE(twin.device.has_value());
  EXPECT_EQ(twin.device->hub, "site");
  EXPECT_EQ(twin.device->path, (Path{"gw", "s.1"}));
  EXPECT_EQ(twin.device->generation, "g1");
  EXPECT_EQ(twin.device->state, BindingState::kAttached);
  EXPECT_EQ(twin.device->display_name, "Sensor 1");
  EXPECT_EQ(twin.device->tags.Find("room")->as_string(), "r1");
  EXPECT_EQ(twin.device->connection.state, ConnectionState::kOnline);
  CreateRoom("r1");
  EXPECT_OK(TryRelate("r1", "d", "hasDevice", "site.gw.s%2E1"));
  ASSERT_OK_AND_ASSIGN(const auto list,
                       engine_->twins().List(ctx_, {}, {}, {}));
  EXPECT_EQ(list.items.size(), 2U);
}

TEST_F(DeviceOpsTest, ADecommissionedModelIsForProxiesThatHaveIt) {
  constexpr char kSensor[] = "dtmi:demo:Sensor;1";
  ASSERT_OK(Announce(Sensor({"old"})));
  ASSERT_OK(engine_->models().Decommission(ctx_, kSensor, {}));
  ASSERT_OK(Announce(Sensor({"old"})));
  ASSERT_OK(Announce(Sensor({"new"})));
  EXPECT_EQ(Get("site.old")->model, kSensor);
  EXPECT_EQ(Get("site.new")->model, "dtmi:twingraph:Device;1");
  ASSERT_OK(engine_->models().Reactivate(ctx_, kSensor, {}));
  ASSERT_OK(Announce(Sensor({"new"})));
  EXPECT_EQ(Get("site.new")->model, kSensor);
}

TEST_F(DeviceOpsTest, AnOpaqueDeviceHasTheBuiltInModel) {
  DeviceRecord device = Sensor({"d1"});
  device.model = "dtmi:nobody:Uploaded;1";
  ASSERT_OK(Announce(device));
  ASSERT_OK_AND_ASSIGN(const Twin twin, Get("site.d1"));
  EXPECT_EQ(twin.model, "dtmi:twingraph:Device;1");
  EXPECT_EQ(twin.device->announced_model, "dtmi:nobody:Uploaded;1");
  EXPECT_OK(Apply(Telemetry({"d1"}, R"({"anything":[1,2]})")));
  EXPECT_EQ(ContentsOf("site.d1"), "{}");
  EXPECT_EQ(BlockOf("site.d1").last_activity, clock_.Now());
}

TEST_F(DeviceOpsTest, AModelThatIsAnnouncedLaterIsTaken) {
  DeviceRecord device = Sensor({"d1"});
  device.model = "";
  ASSERT_OK(Announce(device));
  ASSERT_OK(Apply(ModelAnnounced{{"d1"}, "g1", "dtmi:demo:Sensor;1"}));
  ASSERT_OK_AND_ASSIGN(const Twin twin, Get("site.d1"));
  EXPECT_EQ(twin.model, "dtmi:demo:Sensor;1");
  ASSERT_OK(Apply(Telemetry({"d1"}, R"({"temperature":20.5})")));
  EXPECT_EQ(ContentsOf("site.d1"), R"({"temperature":20.5,"thermostat":{}})");
  // Values that also fit the next model stay.
  ASSERT_OK(Apply(ModelAnnounced{{"d1"}, "", "dtmi:demo:Room;1"}));
  EXPECT_EQ(ContentsOf("site.d1"), R"({"temperature":20.5,"thermostat":{}})");
  ASSERT_OK(Apply(ModelAnnounced{{"d1"}, "", "dtmi:demo:Device;1"}));
  EXPECT_EQ(ContentsOf("site.d1"), "{}");
}

TEST_F(DeviceOpsTest, AProxyMadeAheadIsBoundAndKeepsWhatItHas) {
  Create("site.s1", "dtmi:demo:Sensor;1",
         R"({"firmware":"1","thermostat":{"mode":1}})");
  CreateRoom("r1");
  ASSERT_OK(TryRelate("r1", "d", "hasDevice", "site.s1"));
  ASSERT_OK(Announce(Sensor({"s1"})));
  EXPECT_EQ(ContentsOf("site.s1"),
            R"({"firmware":"1","thermostat":{"mode":1}})");
  EXPECT_EQ(BlockOf("site.s1").state, BindingState::kAttached);
  EXPECT_OK(engine_->relationships().Get(ctx_, "r1", "d", {}));
  // A model that a client chose stays, whatever the device says.
  Create("site.s2", "dtmi:demo:Device;1");
  ASSERT_OK(Announce(Sensor({"s2"})));
  ASSERT_OK_AND_ASSIGN(const Twin twin, Get("site.s2"));
  EXPECT_EQ(twin.model, "dtmi:demo:Device;1");
}

TEST_F(DeviceOpsTest, TelemetryAndReportsBecomeProperties) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  ASSERT_OK(Apply(Telemetry({"s1"}, R"({"temperature":21,"vibration":0.5,
                  "thermostat":{"target":20}})")));
  EXPECT_EQ(ContentsOf("site.s1"),
            R"({"temperature":21,"thermostat":{"target":20}})");
  DeviceMessage of_component = Telemetry({"s1"}, R"({"mode":2})");
  of_component.component = "thermostat";
  ASSERT_OK(Apply(of_component));
  ASSERT_OK(Apply(Reported({"s1"}, R"({"setting":{"rate":5,"unit":"s"}})")));
  ASSERT_OK(
      Apply(Reported({"s1"}, R"({"setting":{"rate":6},"temperature":null})")));
  EXPECT_EQ(
      ContentsOf("site.s1"),
      R"({"setting":{"rate":6,"unit":"s"},"thermostat":{"mode":2,"target":20}})");
  ASSERT_OK(Apply(Reported({"s1"}, R"({"firmware":"2"})", true)));
  EXPECT_EQ(ContentsOf("site.s1"),
            R"({"firmware":"2","thermostat":{"mode":2,"target":20}})");
}

struct BadMessage {
  const char* name;
  const char* json;
  const char* field;
};

class BadMessageTest : public DeviceOpsTest,
                       public testing::WithParamInterface<BadMessage> {};

TEST_P(BadMessageTest, IsRefusedAloneAndChangesNothing) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  ASSERT_OK_AND_ASSIGN(
      const DeviceOutcome outcome,
      ApplyAll({{std::nullopt, Telemetry({"s1"}, R"({"firmware":"1"})")},
                {std::nullopt, Telemetry({"s1"}, GetParam().json)},
                {std::nullopt, Telemetry({"s1"}, R"({"temperature":9})")}}));
  ASSERT_EQ(outcome.events.size(), 3U);
  EXPECT_OK(outcome.events[0]);
  EXPECT_OK(outcome.events[2]);
  EXPECT_THAT(outcome.events[1],
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_DEVICE_MESSAGE_INVALID));
  EXPECT_EQ(MetadataOf(outcome.events[1], "hub"), "site");
  EXPECT_EQ(MetadataOf(outcome.events[1], "device"), "s1");
  ASSERT_FALSE(ViolationsOf(outcome.events[1]).empty());
  EXPECT_EQ(ViolationsOf(outcome.events[1])[0].field, GetParam().field);
  EXPECT_EQ(ContentsOf("site.s1"),
            R"({"firmware":"1","temperature":9,"thermostat":{}})");
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadMessageTest,
    testing::Values(
        BadMessage{"Type", R"({"firmware":"2","temperature":"warm"})",
                   "body.temperature"},
        BadMessage{"Unknown", R"({"firmware":"2","humidity":1})",
                   "body.humidity"},
        BadMessage{"Telemetry", R"({"vibration":"much"})", "body.vibration"},
        BadMessage{"NoObject", "[1]", "body"},
        BadMessage{"Component", R"({"thermostat":{"target":"x"}})",
                   "body.thermostat.target"},
        BadMessage{"Null", R"({"temperature":null})", "body.temperature"}),
    [](const auto& param) { return param.param.name; });

TEST_F(DeviceOpsTest, AMessageForAComponentThatIsNotThereIsRefused) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  DeviceMessage message = Telemetry({"s1"}, R"({"mode":2})");
  message.component = "engine";
  EXPECT_THAT(Apply(message), IsError(StatusCode::kInvalidArgument,
                                      v1::ERROR_REASON_DEVICE_MESSAGE_INVALID));
}

TEST_F(DeviceOpsTest, AnOlderValueDoesNotTakeThePlaceOfANewerOne) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  const absl::Time noon = absl::FromUnixSeconds(1'000'000);
  ASSERT_OK(Apply(Telemetry({"s1"}, R"({"temperature":2})", noon)));
  ASSERT_OK(Apply(Telemetry({"s1"}, R"({"temperature":1,"firmware":"1"})",
                            noon - absl::Seconds(1))));
  EXPECT_EQ(ContentsOf("site.s1"),
            R"({"firmware":"1","temperature":2,"thermostat":{}})");
  ASSERT_OK(Apply(
      Telemetry({"s1"}, R"({"temperature":3})", noon + absl::Seconds(1))));
  ASSERT_OK_AND_ASSIGN(const Twin twin, Get("site.s1", TwinView::kFull));
  EXPECT_EQ(JsonOf(twin.contents),
            R"({"firmware":"1","temperature":3,"thermostat":{}})");
  EXPECT_EQ(twin.metadata[1].source_time, noon + absl::Seconds(1));
}

TEST_F(DeviceOpsTest, EventsOfUnknownDevicesAreRefused) {
  for (const DeviceEvent& event : std::vector<DeviceEvent>{
           Telemetry({"s1"}, "{}"), Reported({"s1"}, "{}"),
           ConnectionChanged{{"s1"}, "", {}},
           ModelAnnounced{{"s1"}, "", "dtmi:demo:Sensor;1"}}) {
    const absl::Status status = Apply(event);
    EXPECT_THAT(status, IsError(StatusCode::kNotFound,
                                v1::ERROR_REASON_DEVICE_NOT_FOUND));
    EXPECT_EQ(MetadataOf(status, "device"), "s1");
  }
  // What is not there need not be removed.
  EXPECT_OK(Apply(DeviceRemoved{{"s1"}, ""}));
  EXPECT_OK(Apply(DeviceDisabled{{"s1"}, "", ""}));
}

TEST_F(DeviceOpsTest, WrongPathsAreRefused) {
  for (const Path& path :
       {Path{}, Path{""}, Path{"a", ""}, Path(9, "a"),
        Path{std::string(257, 'a')}, Path{std::string("a\0b", 3)},
        Path{std::string(250, '\xE4'), "b"}}) {
    EXPECT_THAT(
        Announce(Sensor(path)),
        IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD));
  }
}

TEST_F(DeviceOpsTest, ANewGenerationIsAnotherDevice) {
  DeviceRecord device = Sensor({"s1"}, "g1");
  device.connection = {.state = ConnectionState::kOnline,
                       .confidence = Confidence::kReported,
                       .since = clock_.Now(),
                       .reason = ""};
  ASSERT_OK(Announce(device));
  ASSERT_OK(Announce(Sensor({"s1"}, "g2")));
  EXPECT_EQ(BlockOf("site.s1").generation, "g2");
  EXPECT_EQ(BlockOf("site.s1").connection.state, ConnectionState::kUnknown);
  // What still comes of the old one has no effect.
  DeviceMessage late = Telemetry({"s1"}, R"({"temperature":1})");
  late.generation = "g1";
  EXPECT_THAT(Apply(late), IsError(StatusCode::kNotFound,
                                   v1::ERROR_REASON_DEVICE_NOT_FOUND));
  EXPECT_OK(Apply(DeviceRemoved{{"s1"}, "g1"}));
  EXPECT_EQ(BlockOf("site.s1").state, BindingState::kAttached);
  EXPECT_OK(Apply(DeviceRemoved{{"s1"}, "g2"}));
  EXPECT_EQ(BlockOf("site.s1").state, BindingState::kDetached);
}

TEST_F(DeviceOpsTest, ARemovedDeviceLeavesItsTwinAndComesBackToIt) {
  CreateRoom("r1");
  ASSERT_OK(Announce(Sensor({"s1"})));
  ASSERT_OK(Apply(Telemetry({"s1"}, R"({"temperature":20})")));
  ASSERT_OK(TryRelate("r1", "d", "hasDevice", "site.s1"));
  ASSERT_OK(Apply(DeviceRemoved{{"s1"}, "g1"}));
  EXPECT_EQ(BlockOf("site.s1").state, BindingState::kDetached);
  EXPECT_EQ(ContentsOf("site.s1"), R"({"temperature":20,"thermostat":{}})");
  EXPECT_OK(engine_->relationships().Get(ctx_, "r1", "d", {}));
  EXPECT_THAT(
      Apply(Telemetry({"s1"}, "{}")),
      IsError(StatusCode::kNotFound, v1::ERROR_REASON_DEVICE_NOT_FOUND));
  ASSERT_OK(Announce(Sensor({"s1"}, "g2")));
  EXPECT_EQ(BlockOf("site.s1").state, BindingState::kAttached);
  EXPECT_EQ(ContentsOf("site.s1"), R"({"temperature":20,"thermostat":{}})");
}

TEST_F(DeviceOpsTest, OnlyAnAttachedProxyIsTheHubsToDelete) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  const auto refused = Wait(engine_->twins().Delete(ctx_, "site.s1", {}));
  EXPECT_THAT(refused, IsError(StatusCode::kFailedPrecondition,
                               v1::ERROR_REASON_TWIN_MANAGED_BY_HUB));
  EXPECT_EQ(MetadataOf(refused.status(), "hub"), "site");
  ASSERT_OK(Apply(DeviceRemoved{{"s1"}, ""}));
  EXPECT_OK(Wait(engine_->twins().Delete(ctx_, "site.s1", {})));
  // The device may come again.
  ASSERT_OK(Announce(Sensor({"s1"}, "g2")));
  EXPECT_EQ(BlockOf("site.s1").generation, "g2");
}

TEST_F(DeviceOpsTest, UsersWriteProxiesAsOtherTwins) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  TwinInput input;
  input.id = "site.s1";
  input.model = "dtmi:demo:Sensor;1";
  input.contents = *ParseJsonValue(R"({"firmware":"7","thermostat":{}})");
  ASSERT_OK(Wait(engine_->twins().Replace(ctx_, input, false, {})));
  EXPECT_EQ(BlockOf("site.s1").state, BindingState::kAttached);
  ASSERT_OK(Apply(Telemetry({"s1"}, R"({"temperature":20})")));
  EXPECT_EQ(ContentsOf("site.s1"),
            R"({"firmware":"7","temperature":20,"thermostat":{}})");
}

TEST_F(DeviceOpsTest, OlderNewsOfAConnectionHasNoEffect) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  const auto change = [](ConnectionState state, absl::Time since) {
    return ConnectionChanged{{"s1"},
                             "g1",
                             {.state = state,
                              .confidence = Confidence::kReported,
                              .since = since,
                              .reason = "r"}};
  };
  const absl::Time noon = absl::FromUnixSeconds(1'000'000);
  ASSERT_OK(Apply(change(ConnectionState::kOffline, noon)));
  ASSERT_OK(Apply(change(ConnectionState::kOnline, noon - absl::Seconds(10))));
  EXPECT_EQ(BlockOf("site.s1").connection.state, ConnectionState::kOffline);
  ASSERT_OK(Apply(change(ConnectionState::kOnline, noon + absl::Seconds(10))));
  EXPECT_EQ(BlockOf("site.s1").connection.state, ConnectionState::kOnline);
  EXPECT_EQ(BlockOf("site.s1").connection.since, noon + absl::Seconds(10));
}

TEST_F(DeviceOpsTest, AMessageProvesAConnectionNobodyReported) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  ASSERT_OK(Apply(Telemetry({"s1"}, "{}")));
  EXPECT_EQ(BlockOf("site.s1").connection.state, ConnectionState::kOnline);
  EXPECT_EQ(BlockOf("site.s1").connection.confidence, Confidence::kInferred);
}

TEST_F(DeviceOpsTest, ADisabledDeviceIsMarkedUntilItIsUpserted) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  ASSERT_OK(Apply(DeviceDisabled{{"s1"}, "g1", "unpaid"}));
  EXPECT_TRUE(BlockOf("site.s1").disabled);
  ASSERT_OK(Announce(Sensor({"s1"})));
  EXPECT_FALSE(BlockOf("site.s1").disabled);
}

TEST_F(DeviceOpsTest, TellingWhatIsKnownWritesNothing) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  const std::string etag = EtagOf("site.s1");
  ASSERT_OK(Announce(Sensor({"s1"})));
  EXPECT_EQ(EtagOf("site.s1"), etag);
  ASSERT_OK(Announce(Sensor({"s1"}, "g2")));
  EXPECT_NE(EtagOf("site.s1"), etag);
}

TEST_F(DeviceOpsTest, AnEventIsDoneOncePerPlaceInItsSource) {
  ASSERT_OK(Announce(Sensor({"s1"})));
  const auto at = [](uint64_t offset, const std::string& source = "p0") {
    return Cursor{.source = source, .offset = offset, .bookmark = "b"};
  };
  ASSERT_OK(Apply(Telemetry({"s1"}, R"({"temperature":1})"), at(5)));
  ASSERT_OK(Apply(Telemetry({"s1"}, R"({"temperature":2})"), at(5)));
  ASSERT_OK(Apply(Telemetry({"s1"}, R"({"temperature":3})"), at(4)));
  EXPECT_EQ(ContentsOf("site.s1"), R"({"temperature":1,"thermostat":{}})");
  ASSERT_OK(Apply(Telemetry({"s1"}, R"({"temperature":4})"), at(1, "p1")));
  EXPECT_EQ(ContentsOf("site.s1"), R"({"temperature":4,"thermostat":{}})");
  // A refused event counts as done, too.
  EXPECT_FALSE(Apply(Telemetry({"s1"}, R"({"temperature":"x"})"), at(9)).ok());
  ASSERT_OK_AND_ASSIGN(const FeedState feed,
                       engine_->devices().GetFeed(ctx_, "site"));
  ASSERT_EQ(feed.cursors.size(), 2U);
  EXPECT_EQ(feed.cursors[0].source, "p0");
  EXPECT_EQ(feed.cursors[0].offset, 9U);
  EXPECT_EQ(feed.cursors[0].bookmark, "b");
  EXPECT_EQ(feed.cursors[1].source, "p1");
}

TEST_F(DeviceOpsTest, ASnapshotDetachesWhatItDoesNotName) {
  ASSERT_OK_AND_ASSIGN(const FeedState before,
                       engine_->devices().GetFeed(ctx_, "site"));
  EXPECT_TRUE(before.snapshot_required);
  std::vector<DeviceInput> all;
  for (int i = 0; i < 450; ++i) {
    all.push_back(
        {std::nullopt, DeviceUpserted{Sensor({"s" + std::to_string(i)})}});
  }
  ASSERT_OK(ApplyAll(all));
  ASSERT_OK_AND_ASSIGN(
      const SweepOutcome swept,
      engine_->devices().EndSnapshot(ctx_, "site", [](const Path& path) {
        return path[0] == "s7" || path[0] == "s400";
      }));
  EXPECT_EQ(swept.removed, 448U);
  EXPECT_EQ(BlockOf("site.s7").state, BindingState::kAttached);
  EXPECT_EQ(BlockOf("site.s400").state, BindingState::kAttached);
  EXPECT_EQ(BlockOf("site.s8").state, BindingState::kDetached);
  ASSERT_OK_AND_ASSIGN(const FeedState after,
                       engine_->devices().GetFeed(ctx_, "site"));
  EXPECT_FALSE(after.snapshot_required);
}

TEST_F(DeviceOpsTest, AGapMakesConnectionsUnknownUntilTheNextSnapshot) {
  DeviceRecord device = Sensor({"s1"});
  device.connection = {.state = ConnectionState::kOnline,
                       .confidence = Confidence::kReported,
                       .since = clock_.Now(),
                       .reason = ""};
  ASSERT_OK(Announce(device));
  const auto all = [](const Path&) { return true; };
  ASSERT_OK(engine_->devices().EndSnapshot(ctx_, "site", all));
  ASSERT_OK(engine_->devices().OpenGap(ctx_, "site", "lost"));
  EXPECT_EQ(BlockOf("site.s1").connection.state, ConnectionState::kUnknown);
  EXPECT_TRUE(engine_->devices().GetFeed(ctx_, "site")->snapshot_required);
  ASSERT_OK(Announce(device));
  ASSERT_OK(engine_->devices().EndSnapshot(ctx_, "site", all));
  EXPECT_FALSE(engine_->devices().GetFeed(ctx_, "site")->snapshot_required);
  EXPECT_EQ(BlockOf("site.s1").connection.state, ConnectionState::kOnline);
}

TEST_F(DeviceOpsTest, TwoDevicesNeverShareATwin) {
  ASSERT_OK(engine_->hubs().Attach(
      ctx_, {.id = "other", .kind = "grpc", .twin_id_template = "site.{path}"},
      {}));
  ASSERT_OK(Announce(Sensor({"s1"})));
  ASSERT_OK_AND_ASSIGN(
      const DeviceOutcome outcome,
      engine_->devices().Apply(
          ctx_, "other",
          {{std::nullopt, DeviceUpserted{Sensor({"s1"}, "x")}}}));
  EXPECT_OK(outcome.events[0]);
  EXPECT_EQ(BlockOf("site.s1").hub, "site");
  ASSERT_OK_AND_ASSIGN(const auto devices,
                       engine_->hubs().ListDevices(ctx_, "other", {}, {}));
  ASSERT_EQ(devices.items.size(), 1U);
  EXPECT_EQ(devices.items[0].block.state, BindingState::kConflict);
  EXPECT_EQ(devices.items[0].twin, "site.s1");
}

TEST_F(DeviceOpsTest, NothingIsDoneForAHubThatIsNotAttached) {
  EXPECT_THAT(engine_->devices().Apply(ctx_, "nobody", {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
  EXPECT_THAT(engine_->devices().GetFeed(ctx_, "nobody"),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
  EXPECT_THAT(engine_->devices().OpenGap(ctx_, "nobody", ""),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
}

}  // namespace
}  // namespace twingraph::engine

#include "server/engine/hub_ops.h"

#include <string>
#include <utility>
#include <vector>

#include "server/engine/device_ops.h"
#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

using absl::StatusCode;

class HubOpsTest : public EngineTest {
 protected:
  absl::StatusOr<At<Hub>> Attach(const HubSettings& settings,
                                 const WriteOptions& options = {}) {
    return engine_->hubs().Attach(ctx_, settings, options);
  }

  void Announce(const std::string& hub, const std::vector<std::string>& names) {
    std::vector<DeviceInput> inputs;
    for (const std::string& name : names) {
      DeviceUpserted event;
      event.device.path = {name};
      event.device.generation = "g1";
      inputs.push_back({std::nullopt, std::move(event)});
    }
    const auto outcome = engine_->devices().Apply(ctx_, hub, inputs);
    ASSERT_OK(outcome);
    for (const absl::Status& status : outcome->events) {
      EXPECT_OK(status);
    }
  }
};

TEST_F(HubOpsTest, AttachingIsOneCall) {
  ASSERT_OK_AND_ASSIGN(const auto made, Attach({.id = "site", .kind = "grpc"}));
  EXPECT_EQ(made.value.settings.twin_id_template, "{hub}.{path}");
  EXPECT_EQ(made.value.attach_time, clock_.Now());
  ASSERT_OK_AND_ASSIGN(const auto read, engine_->hubs().Get(ctx_, "site", {}));
  EXPECT_EQ(read.value.settings.kind, "grpc");
  EXPECT_EQ(read.value.device_count, 0);
  EXPECT_THAT(engine_->hubs().Get(ctx_, "nobody", {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
}

TEST_F(HubOpsTest, RepeatingTheSameIsHarmlessAndAnotherIsRefused) {
  ASSERT_OK_AND_ASSIGN(const auto first,
                       Attach({.id = "site", .kind = "grpc"}));
  clock_.Advance(absl::Seconds(5));
  ASSERT_OK_AND_ASSIGN(
      const auto again,
      Attach(
          {.id = "site", .kind = "grpc", .twin_id_template = "{hub}.{path}"}));
  EXPECT_EQ(again.value.attach_time, first.value.attach_time);
  EXPECT_THAT(
      Attach({.id = "site", .kind = "grpc", .display_name = "Another"}),
      IsError(StatusCode::kAlreadyExists, v1::ERROR_REASON_HUB_ALREADY_EXISTS));
}

TEST_F(HubOpsTest, WrongSettingsAreRefused) {
  const std::vector<HubSettings> wrong = {
      {.id = "", .kind = "grpc"},
      {.id = "a.b", .kind = "grpc"},
      {.id = std::string(65, 'a'), .kind = "grpc"},
      {.id = "site", .kind = "mqtt"},
      {.id = "site", .kind = "grpc", .twin_id_template = "{hub}"},
      {.id = "site", .kind = "grpc", .display_name = std::string(1025, 'x')}};
  for (const HubSettings& settings : wrong) {
    EXPECT_THAT(Attach(settings), IsError(StatusCode::kInvalidArgument,
                                          v1::ERROR_REASON_INVALID_FIELD))
        << settings.id << settings.kind;
  }
  EXPECT_THAT(
      Attach({.id = "site", .kind = "grpc", .default_model = "dtmi:no:One;1"}),
      IsError(StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
}

TEST_F(HubOpsTest, TheDefaultModelIsOfDevicesThatSayNothing) {
  ASSERT_OK(Attach({.id = "site",
                    .kind = "grpc",
                    .twin_id_template = "dev_{path}",
                    .default_model = "dtmi:demo:Device;1"}));
  Announce("site", {"d1"});
  ASSERT_OK_AND_ASSIGN(const Twin twin, Get("dev_d1"));
  EXPECT_EQ(twin.model, "dtmi:demo:Device;1");
}

TEST_F(HubOpsTest, ListsHubsAndTheirDevicesInPages) {
  for (const char* id : {"b", "c", "a"}) {
    ASSERT_OK(Attach({.id = id, .kind = "grpc"}));
  }
  Announce("b", {"d3", "d1", "d2"});
  ASSERT_OK_AND_ASSIGN(const auto hubs,
                       engine_->hubs().List(ctx_, {.size = 2}, {}));
  ASSERT_EQ(hubs.items.size(), 2U);
  EXPECT_EQ(hubs.items[1].settings.id, "b");
  EXPECT_EQ(hubs.items[1].device_count, 3);
  ASSERT_OK_AND_ASSIGN(
      const auto more,
      engine_->hubs().List(ctx_, {.size = 2, .position = hubs.next_position},
                           {.exactly_at = hubs.revision}));
  ASSERT_EQ(more.items.size(), 1U);
  EXPECT_EQ(more.next_position, "");
  std::vector<std::string> twins;
  PageRequest page{.size = 2, .position = ""};
  ReadOptions read;
  do {
    ASSERT_OK_AND_ASSIGN(const auto got,
                         engine_->hubs().ListDevices(ctx_, "b", page, read));
    for (const Device& device : got.items) {
      twins.push_back(device.twin);
      EXPECT_EQ(device.block.state, BindingState::kAttached);
    }
    page.position = got.next_position;
    read.exactly_at = got.revision;
  } while (!page.position.empty());
  EXPECT_THAT(twins, testing::ElementsAre("b.d1", "b.d2", "b.d3"));
  EXPECT_THAT(engine_->hubs().ListDevices(ctx_, "nobody", {}, {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
}

TEST_F(HubOpsTest, DetachingKeepsTwinsAndTellsTheListener) {
  ASSERT_OK(Attach({.id = "site", .kind = "grpc"}));
  Announce("site", {"d1"});
  std::string told;
  engine_->hubs().SetDetachListener(
      [&](const std::string& hub) { told = hub; });
  ASSERT_OK(engine_->hubs().Detach(ctx_, "site", DetachMode::kKeep, {}));
  EXPECT_EQ(told, "site");
  ASSERT_OK_AND_ASSIGN(const Twin twin, Get("site.d1"));
  EXPECT_EQ(twin.device->state, BindingState::kDetached);
  EXPECT_THAT(engine_->hubs().Get(ctx_, "site", {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
  EXPECT_THAT(engine_->hubs().Detach(ctx_, "site", DetachMode::kKeep, {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
  // A hub of the same id binds them again.
  ASSERT_OK(Attach({.id = "site", .kind = "grpc"}));
  Announce("site", {"d1"});
  ASSERT_OK_AND_ASSIGN(const Twin again, Get("site.d1"));
  EXPECT_EQ(again.device->state, BindingState::kAttached);
}

TEST_F(HubOpsTest, RemovingTakesTheTwinsUnlessOneHasRelationships) {
  ASSERT_OK(Attach(
      {.id = "site", .kind = "grpc", .default_model = "dtmi:demo:Device;1"}));
  Announce("site", {"d1", "d2"});
  CreateRoom("r1");
  ASSERT_OK(TryRelate("r1", "d", "hasDevice", "site.d2"));
  EXPECT_THAT(engine_->hubs().Detach(ctx_, "site", DetachMode::kRemove, {}),
              IsError(StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_TWIN_HAS_RELATIONSHIPS));
  EXPECT_OK(Get("site.d1"));
  ASSERT_OK(Wait(engine_->relationships().Delete(ctx_, "r1", "d", {})));
  ASSERT_OK(engine_->hubs().Detach(ctx_, "site", DetachMode::kRemove, {}));
  EXPECT_FALSE(Get("site.d1").ok());
  EXPECT_FALSE(Get("site.d2").ok());
}

TEST_F(HubOpsTest, ARepeatedDetachWithARequestIdSucceeds) {
  ASSERT_OK(Attach({.id = "site", .kind = "grpc"}));
  const WriteOptions options{.request_id = "detach-1",
                             .request_fingerprint = 1};
  ASSERT_OK_AND_ASSIGN(
      const Done first,
      engine_->hubs().Detach(ctx_, "site", DetachMode::kKeep, options));
  ASSERT_OK_AND_ASSIGN(
      const Done second,
      engine_->hubs().Detach(ctx_, "site", DetachMode::kKeep, options));
  EXPECT_EQ(first.revision, second.revision);
}

}  // namespace
}  // namespace twingraph::engine

#include "client/cli/simulated_hub.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace twingraph::cli {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

TEST(SimulatedHubTest, SnapshotListsEachDeviceOnce) {
  const SimulatedHub hub({.device_count = 2500, .model_id = "dtmi:a;1"});
  const auto frames = hub.Snapshot();
  ASSERT_EQ(frames.size(), 5U);
  EXPECT_TRUE(frames[0].has_snapshot_begin());
  std::set<std::string> names;
  for (size_t i = 1; i < 4; ++i) {
    EXPECT_LE(frames[i].snapshot_items().devices_size(), 1000);
    EXPECT_EQ(frames[i].snapshot_items().snapshot_id(),
              frames[0].snapshot_begin().snapshot_id());
    for (const auto& device : frames[i].snapshot_items().devices()) {
      EXPECT_EQ(device.model_id(), "dtmi:a;1");
      names.insert(device.path(0));
    }
  }
  EXPECT_EQ(names.size(), 2500U);
  EXPECT_EQ(frames[4].snapshot_end().device_count(), 2500);
}

TEST(SimulatedHubTest, TheSameSettingsGiveTheSameFrames) {
  SimulatedHub one({.device_count = 7, .seed = 3});
  SimulatedHub two({.device_count = 7, .seed = 3});
  SimulatedHub other({.device_count = 7, .seed = 4});
  std::string text;
  std::string other_text;
  for (int i = 0; i < 20; ++i) {
    const std::string frame = one.NextMessage(kNow).ShortDebugString();
    EXPECT_EQ(frame, two.NextMessage(kNow).ShortDebugString());
    text += frame;
    other_text += other.NextMessage(kNow).ShortDebugString();
  }
  EXPECT_NE(text, other_text);
}

TEST(SimulatedHubTest, DevicesSpeakInTurnWithinTheirBounds) {
  SimulatedHub hub(
      {.device_count = 3,
       .properties = {{.name = "temperature", .low = 10, .high = 20},
                      {.name = "humidity", .low = 40, .high = 50}}});
  std::multiset<std::string> names;
  for (int i = 0; i < 300; ++i) {
    const auto frame = hub.NextMessage(kNow);
    names.insert(frame.message().path(0));
    const auto& fields = frame.message().json().fields();
    EXPECT_GE(fields.at("temperature").number_value(), 9.5);
    EXPECT_LE(fields.at("temperature").number_value(), 20.5);
    EXPECT_GE(fields.at("humidity").number_value(), 39.5);
    EXPECT_EQ(frame.message().source_time().seconds(), 1'700'000'000);
  }
  EXPECT_EQ(names.count("sensor-001"), 100U);
}

TEST(SimulatedHubTest, DevicesOfOnePlaceMeasureAlike) {
  SimulatedHub hub({.device_count = 40, .devices_per_place = 4});
  std::set<double> places;
  for (int place = 0; place < 10; ++place) {
    std::set<double> values;
    for (int i = 0; i < 4; ++i) {
      values.insert(hub.NextMessage(kNow)
                        .message()
                        .json()
                        .fields()
                        .at("temperature")
                        .number_value());
    }
    EXPECT_EQ(values.size(), 1U);
    places.insert(*values.begin());
  }
  EXPECT_GT(places.size(), 5U);
}

TEST(SimulatedHubTest, DevicesThatAreOfflineAreSilent) {
  SimulatedHub hub({.device_count = 50, .offline_share = 1});
  EXPECT_EQ(hub.online_count(), 0);
  EXPECT_FALSE(hub.NextMessage(kNow).has_message());
  const auto frame = hub.NextFlap(kNow);
  EXPECT_EQ(frame.connection_changed().connection().state(),
            v1::Connection::STATE_ONLINE);
  EXPECT_EQ(hub.online_count(), 1);
  EXPECT_EQ(hub.NextMessage(kNow).message().path(0),
            frame.connection_changed().path(0));
}

TEST(SimulatedHubTest, SomeDevicesAreOfflineAtTheStart) {
  const SimulatedHub hub({.device_count = 1000, .offline_share = 0.2});
  EXPECT_GT(hub.online_count(), 700);
  EXPECT_LT(hub.online_count(), 900);
}

}  // namespace
}  // namespace twingraph::cli

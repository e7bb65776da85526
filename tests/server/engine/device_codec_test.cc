#include "server/engine/device_codec.h"

#include <string>

#include "gtest/gtest.h"

#include "storage/value/json.h"

namespace twingraph::engine {
namespace {

DeviceBlock FullBlock() {
  return {.hub = "site1",
          .path = {"gw", "d1"},
          .generation = "g7",
          .state = BindingState::kAttached,
          .disabled = true,
          .display_name = "Sensor 1",
          .announced_model = "dtmi:demo:Sensor;1",
          .gateway_path = {"gw"},
          .tags = Value::MakeMap({{"room", Value::String("r1")}}),
          .connection = {.state = ConnectionState::kOffline,
                         .confidence = Confidence::kReported,
                         .since = absl::FromUnixNanos(1'500'000'000),
                         .reason = "KEEP_ALIVE"},
          .last_activity = absl::FromUnixSeconds(2)};
}

DeviceBlock RoundTrip(const DeviceBlock& block) {
  std::string bytes;
  EncodeValue(EncodeDevice(block), bytes);
  return DecodeDevice(ValueView(bytes));
}

// The stored form is frozen.
TEST(DeviceCodecTest, StoredFormIsGolden) {
  EXPECT_EQ(FormatJson(EncodeDevice(FullBlock())),
            R"({"connection":{"confidence":"reported","reason":"KEEP_ALIVE",)"
            R"("since":"1970-01-01T00:00:01.5000000Z","state":"offline"},)"
            R"("disabled":true,"displayName":"Sensor 1","gatewayPath":["gw"],)"
            R"("generation":"g7","hub":"site1",)"
            R"("lastActivity":"1970-01-01T00:00:02.0000000Z",)"
            R"("model":"dtmi:demo:Sensor;1","path":["gw","d1"],)"
            R"("state":"Attached","tags":{"room":"r1"}})");
  EXPECT_EQ(FormatJson(EncodeDevice({})),
            R"({"connection":{"state":"unknown"},"state":"Unbound"})");
}

TEST(DeviceCodecTest, ReadsBackWhatItStored) {
  const DeviceBlock read = RoundTrip(FullBlock());
  EXPECT_EQ(FormatJson(EncodeDevice(read)),
            FormatJson(EncodeDevice(FullBlock())));
  EXPECT_EQ(read.connection.since, absl::FromUnixNanos(1'500'000'000));
  EXPECT_EQ(read.path, FullBlock().path);
  const DeviceBlock empty = RoundTrip({});
  EXPECT_EQ(empty.last_activity, absl::InfinitePast());
  EXPECT_EQ(empty.connection.since, absl::InfinitePast());
}

}  // namespace
}  // namespace twingraph::engine

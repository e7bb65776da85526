#include "server/engine/device.h"

#include "gtest/gtest.h"

namespace twingraph::engine {
namespace {

// The names are stored: these lines may grow but not change.
TEST(DeviceTest, NamesAreFrozenAndReadBack) {
  EXPECT_EQ(FormatBindingState(BindingState::kUnbound), "Unbound");
  EXPECT_EQ(FormatBindingState(BindingState::kAttached), "Attached");
  EXPECT_EQ(FormatBindingState(BindingState::kDetached), "Detached");
  EXPECT_EQ(FormatBindingState(BindingState::kConflict), "Conflict");
  EXPECT_EQ(FormatConnectionState(ConnectionState::kUnknown), "unknown");
  EXPECT_EQ(FormatConnectionState(ConnectionState::kOnline), "online");
  EXPECT_EQ(FormatConnectionState(ConnectionState::kOffline), "offline");
  EXPECT_EQ(FormatConfidence(Confidence::kReported), "reported");
  EXPECT_EQ(FormatConfidence(Confidence::kInferred), "inferred");
  EXPECT_EQ(ParseBindingState("Conflict"), BindingState::kConflict);
  EXPECT_EQ(ParseConnectionState("offline"), ConnectionState::kOffline);
  EXPECT_EQ(ParseConfidence("reported"), Confidence::kReported);
  EXPECT_EQ(ParseBindingState("attached"), std::nullopt);
  EXPECT_EQ(ParseConnectionState(""), std::nullopt);
  EXPECT_EQ(ParseConfidence("sure"), std::nullopt);
}

}  // namespace
}  // namespace twingraph::engine

#include "server/hubs/session_registry.h"

#include <string>
#include <utility>

#include "tests/server/hubs/hub_fixture.h"

namespace twingraph::hubs {
namespace {

using absl::StatusCode;

using SessionRegistryTest = HubTest;

TEST_F(SessionRegistryTest, TellsWhoSpeaksForAHub) {
  EXPECT_FALSE(registry_->Find("site").has_value());
  auto session = Open(MakeHello());
  ASSERT_OK(session);
  const auto info = registry_->Find("site");
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->name, "fake");
  EXPECT_EQ(info->instance, "gw-1");
  EXPECT_EQ(info->connect_time, clock_.Now());
  session->reset();
  EXPECT_FALSE(registry_->Find("site").has_value());
}

TEST_F(SessionRegistryTest, RefusesAHelloThatIsNotSpokenHere) {
  Hello newer = MakeHello();
  newer.protocol_versions = {2, 3};
  EXPECT_THAT(Open(newer), IsError(StatusCode::kInvalidArgument,
                                   v1::ERROR_REASON_CONNECTOR_PROTOCOL));
  Hello anonymous = MakeHello("");
  EXPECT_THAT(Open(anonymous), IsError(StatusCode::kInvalidArgument,
                                       v1::ERROR_REASON_INVALID_FIELD));
  Hello nobody = MakeHello();
  nobody.hub = "nobody";
  EXPECT_THAT(Open(nobody),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
}

TEST_F(SessionRegistryTest, AnotherConnectorMustWait) {
  auto first = Open(MakeHello("gw-1"));
  ASSERT_OK(first);
  EXPECT_THAT(Open(MakeHello("gw-2")),
              IsError(StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_HUB_CONNECTED_ELSEWHERE));
  first->reset();
  EXPECT_OK(Open(MakeHello("gw-2")));
}

TEST_F(SessionRegistryTest, TheSameConnectorTakesThePlaceOfItsOldStream) {
  absl::Status told;
  int calls = 0;
  auto session = Open(MakeHello(), [&](const absl::Status& status) {
    told = status;
    ++calls;
  });
  ASSERT_OK(session);
  FakeConnector old(*std::move(session));
  auto replacement = Open(MakeHello());
  ASSERT_OK(replacement);
  EXPECT_EQ(ReasonOf(told), v1::ERROR_REASON_HUB_CONNECTED_ELSEWHERE);
  EXPECT_THAT(old.Send(Heartbeat{}),
              IsError(StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_HUB_CONNECTED_ELSEWHERE));
  FakeConnector next(*std::move(replacement));
  EXPECT_OK(next.Send(Heartbeat{}));
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(registry_->Find("site").has_value());
}

TEST_F(SessionRegistryTest, AnOldStreamThatEndsLeavesTheNewOne) {
  auto old = Open(MakeHello());
  auto replacement = Open(MakeHello());
  ASSERT_OK(replacement);
  old->reset();
  EXPECT_TRUE(registry_->Find("site").has_value());
}

TEST_F(SessionRegistryTest, DetachingAHubEndsItsSession) {
  absl::Status told;
  auto session =
      Open(MakeHello(), [&](const absl::Status& status) { told = status; });
  ASSERT_OK(session);
  FakeConnector connector(*std::move(session));
  ASSERT_OK(connector.Snapshot("1", {"a"}));
  ASSERT_OK(
      engine_->hubs().Detach(ctx_, "site", engine::DetachMode::kKeep, {}));
  EXPECT_EQ(ReasonOf(told), v1::ERROR_REASON_HUB_NOT_FOUND);
  EXPECT_THAT(connector.Send(FakeConnector::Telemetry("a", "{}")),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
  EXPECT_EQ(StateOf("site.a"), engine::BindingState::kDetached);
}

TEST_F(SessionRegistryTest, AfterShutdownNobodyConnects) {
  absl::Status told;
  auto session =
      Open(MakeHello(), [&](const absl::Status& status) { told = status; });
  ASSERT_OK(session);
  registry_->Shutdown();
  EXPECT_EQ(ReasonOf(told), v1::ERROR_REASON_SHUTTING_DOWN);
  EXPECT_THAT(Open(MakeHello()), IsError(StatusCode::kUnavailable,
                                         v1::ERROR_REASON_SHUTTING_DOWN));
}

TEST_F(SessionRegistryTest, ASessionThatIsGoneIsNotTold) {
  bool is_told = false;
  auto session =
      Open(MakeHello(), [&](const absl::Status&) { is_told = true; });
  ASSERT_OK(session);
  session->reset();
  registry_->Shutdown();
  EXPECT_FALSE(is_told);
}

TEST_F(SessionRegistryTest, BeginningBehindTheCursorIsAGap) {
  {
    auto connector = Connect();
    ASSERT_OK(connector->Snapshot("1", {"a"}));
    std::vector<ConnectorInput> inputs;
    inputs.push_back(connector->Next(FakeConnector::Telemetry("a", "{}"),
                                     engine::Cursor{"p0", 7, ""}));
    ASSERT_OK(connector->Send(std::move(inputs)));
  }
  Hello next = MakeHello();
  next.cursors = {{"p0", 8, ""}};
  ASSERT_OK_AND_ASSIGN(auto good, Open(next));
  EXPECT_FALSE(good->welcome().snapshot_required);
  good.reset();
  next.cursors = {{"p0", 9, ""}};
  ASSERT_OK_AND_ASSIGN(const auto late, Open(next));
  EXPECT_TRUE(late->welcome().snapshot_required);
}

}  // namespace
}  // namespace twingraph::hubs

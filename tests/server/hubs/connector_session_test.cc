#include "server/hubs/connector_session.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "tests/server/hubs/hub_fixture.h"

namespace twingraph::hubs {
namespace {

using absl::StatusCode;
using engine::BindingState;

using ConnectorSessionTest = HubTest;

TEST_F(ConnectorSessionTest, ASnapshotMakesTheGraphRight) {
  auto connector = Connect();
  EXPECT_TRUE(connector->welcome().snapshot_required);
  ASSERT_OK_AND_ASSIGN(const Answers answers,
                       connector->Snapshot("1", {"a", "b", "c"}));
  ASSERT_EQ(answers.acks.size(), 1U);
  EXPECT_EQ(answers.acks[0].sequence, 4U);
  EXPECT_TRUE(answers.nacks.empty() && answers.requests.empty());
  EXPECT_EQ(StateOf("site.a"), BindingState::kAttached);
  ASSERT_OK(connector->Snapshot("2", {"b"}));
  EXPECT_EQ(StateOf("site.a"), BindingState::kDetached);
  EXPECT_EQ(StateOf("site.b"), BindingState::kAttached);
  EXPECT_EQ(StateOf("site.c"), BindingState::kDetached);
}

TEST_F(ConnectorSessionTest, AnAckComesAfterTheCommitThatItNames) {
  auto connector = Connect();
  ASSERT_OK(connector->Snapshot("1", {"a"}));
  ASSERT_OK_AND_ASSIGN(
      const Answers answers,
      connector->Send(FakeConnector::Telemetry("a", R"({"temperature":7})")));
  ASSERT_EQ(answers.acks.size(), 1U);
  ASSERT_OK_AND_ASSIGN(
      const auto then,
      engine_->twins().Get(ctx_, "site.a", engine::TwinView::kBasic,
                           {.exactly_at = answers.acks[0].revision}));
  EXPECT_EQ(engine::JsonOf(then.value.contents),
            R"({"temperature":7,"thermostat":{}})");
}

TEST_F(ConnectorSessionTest, ABadMessageIsRefusedAndTheStreamGoesOn) {
  auto connector = Connect();
  ASSERT_OK(connector->Snapshot("1", {"a", "b"}));
  std::vector<ConnectorInput> inputs;
  inputs.push_back(
      connector->Next(FakeConnector::Telemetry("a", R"({"temperature":1})")));
  inputs.push_back(connector->Next(
      FakeConnector::Telemetry("a", R"({"temperature":"warm"})")));
  inputs.push_back(
      connector->Next(FakeConnector::Telemetry("b", R"({"temperature":2})")));
  ASSERT_OK_AND_ASSIGN(const Answers answers,
                       connector->Send(std::move(inputs)));
  ASSERT_EQ(answers.nacks.size(), 1U);
  EXPECT_EQ(answers.nacks[0].sequence, 6U);
  EXPECT_FALSE(answers.nacks[0].requeue);
  EXPECT_THAT(answers.nacks[0].status,
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_DEVICE_MESSAGE_INVALID));
  ASSERT_EQ(answers.acks.size(), 1U);
  EXPECT_EQ(answers.acks[0].sequence, 7U);
  EXPECT_EQ(ContentsOf("site.a"), R"({"temperature":1,"thermostat":{}})");
  EXPECT_EQ(ContentsOf("site.b"), R"({"temperature":2,"thermostat":{}})");
}

TEST_F(ConnectorSessionTest, ManyEventsShareACommit) {
  auto connector = Connect();
  ASSERT_OK(connector->Snapshot("1", {"a"}));
  ASSERT_OK_AND_ASSIGN(const auto before, Get("site.a"));
  std::vector<ConnectorInput> inputs;
  for (int i = 0; i < 200; ++i) {
    inputs.push_back(connector->Next(FakeConnector::Telemetry(
        "a", absl::StrCat(R"({"temperature":)", i, "}"))));
  }
  ASSERT_OK(connector->Send(std::move(inputs)));
  ASSERT_OK_AND_ASSIGN(const auto after, Get("site.a"));
  const auto revision = [](const std::string& etag) {
    return std::stoll(etag.substr(etag.find('-') + 1));
  };
  EXPECT_EQ(revision(after.etag), revision(before.etag) + 2)
      << "one commit for the end of the snapshot, one for the messages";
  EXPECT_EQ(ContentsOf("site.a"), R"({"temperature":199,"thermostat":{}})");
}

TEST_F(ConnectorSessionTest, AMessageOfAnUnknownDeviceAsksForASnapshotOnce) {
  auto connector = Connect();
  ASSERT_OK(connector->Snapshot("1", {"a"}));
  ASSERT_OK_AND_ASSIGN(const Answers first,
                       connector->Send(FakeConnector::Telemetry("z", "{}")));
  EXPECT_THAT(
      first.nacks.at(0).status,
      IsError(StatusCode::kNotFound, v1::ERROR_REASON_DEVICE_NOT_FOUND));
  EXPECT_EQ(first.requests.size(), 1U);
  ASSERT_OK_AND_ASSIGN(const Answers second,
                       connector->Send(FakeConnector::Telemetry("z", "{}")));
  EXPECT_EQ(second.nacks.size(), 1U);
  EXPECT_EQ(second.requests.size(), 0U);
  ASSERT_OK_AND_ASSIGN(const Answers third,
                       connector->Snapshot("2", {"a", "z"}));
  EXPECT_TRUE(third.requests.empty());
  ASSERT_OK_AND_ASSIGN(const Answers fourth,
                       connector->Send(FakeConnector::Telemetry("z", "{}")));
  EXPECT_TRUE(fourth.nacks.empty());
}

TEST_F(ConnectorSessionTest, EventsAreNewerThanTheSnapshotAroundThem) {
  auto connector = Connect();
  ASSERT_OK(connector->Snapshot("1", {"a", "b"}));
  std::vector<ConnectorInput> inputs;
  inputs.push_back(connector->Next(SnapshotBegin{"2"}));
  // New since the list was read; and b was removed since.
  inputs.push_back(connector->Next(
      engine::DeviceEvent(engine::DeviceUpserted{FakeConnector::Sensor("c")})));
  inputs.push_back(
      connector->Next(engine::DeviceEvent(engine::DeviceRemoved{{"b"}, "g1"})));
  inputs.push_back(connector->Next(SnapshotItems{
      "2", {FakeConnector::Sensor("a"), FakeConnector::Sensor("b")}}));
  inputs.push_back(connector->Next(SnapshotEnd{"2", 2}));
  ASSERT_OK_AND_ASSIGN(const Answers answers,
                       connector->Send(std::move(inputs)));
  EXPECT_TRUE(answers.nacks.empty());
  EXPECT_EQ(StateOf("site.a"), BindingState::kAttached);
  EXPECT_EQ(StateOf("site.b"), BindingState::kDetached);
  EXPECT_EQ(StateOf("site.c"), BindingState::kAttached);
}

TEST_F(ConnectorSessionTest, ASnapshotThatMissesDevicesRemovesNothing) {
  auto connector = Connect();
  ASSERT_OK(connector->Snapshot("1", {"a", "b"}));
  std::vector<ConnectorInput> inputs;
  inputs.push_back(connector->Next(SnapshotBegin{"2"}));
  inputs.push_back(
      connector->Next(SnapshotItems{"2", {FakeConnector::Sensor("a")}}));
  inputs.push_back(connector->Next(SnapshotEnd{"2", 2}));
  ASSERT_OK_AND_ASSIGN(const Answers answers,
                       connector->Send(std::move(inputs)));
  ASSERT_EQ(answers.nacks.size(), 1U);
  EXPECT_THAT(answers.nacks[0].status,
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_CONNECTOR_PROTOCOL));
  EXPECT_EQ(answers.requests.size(), 1U);
  EXPECT_EQ(StateOf("site.b"), BindingState::kAttached);
}

TEST_F(ConnectorSessionTest, PartsOfAnotherSnapshotAreRefused) {
  auto connector = Connect();
  for (InputBody body :
       std::vector<InputBody>{SnapshotItems{"9", {}}, SnapshotEnd{"9", 0}}) {
    ASSERT_OK_AND_ASSIGN(const Answers answers,
                         connector->Send(std::move(body)));
    EXPECT_THAT(answers.nacks.at(0).status,
                IsError(StatusCode::kInvalidArgument,
                        v1::ERROR_REASON_CONNECTOR_PROTOCOL));
  }
}

TEST_F(ConnectorSessionTest, ADeviceCountsOnceHoweverOftenItIsListed) {
  auto connector = Connect();
  std::vector<ConnectorInput> inputs;
  inputs.push_back(connector->Next(SnapshotBegin{"1"}));
  for (int i = 0; i < 2; ++i) {
    inputs.push_back(
        connector->Next(SnapshotItems{"1", {FakeConnector::Sensor("a")}}));
  }
  inputs.push_back(connector->Next(SnapshotEnd{"1", 1}));
  ASSERT_OK_AND_ASSIGN(const Answers answers,
                       connector->Send(std::move(inputs)));
  EXPECT_TRUE(answers.nacks.empty());
}

TEST_F(ConnectorSessionTest, AGapAsksForASnapshot) {
  auto connector = Connect();
  ASSERT_OK(connector->Snapshot("1", {"a"}));
  ASSERT_OK_AND_ASSIGN(const Answers answers,
                       connector->Send(Gap{"p0", "restarted"}));
  EXPECT_EQ(answers.requests.size(), 1U);
  connector.reset();
  auto again = Connect();
  EXPECT_TRUE(again->welcome().snapshot_required);
  ASSERT_OK(again->Snapshot("2", {"a"}));
  again.reset();
  EXPECT_FALSE(Connect()->welcome().snapshot_required);
}

TEST_F(ConnectorSessionTest, AReconnectGoesOnBehindTheCommittedCursor) {
  auto connector = Connect();
  ASSERT_OK(connector->Snapshot("1", {"a"}));
  std::vector<ConnectorInput> inputs;
  for (uint64_t offset = 1; offset <= 3; ++offset) {
    inputs.push_back(connector->Next(
        FakeConnector::Telemetry(
            "a", absl::StrCat(R"({"temperature":)", offset, "}")),
        engine::Cursor{"p0", offset, absl::StrCat("bookmark", offset)}));
  }
  ASSERT_OK(connector->Send(std::move(inputs)));
  connector.reset();
  auto again = Connect();
  ASSERT_EQ(again->welcome().cursors.size(), 1U);
  EXPECT_EQ(again->welcome().cursors[0].offset, 3U);
  EXPECT_EQ(again->welcome().cursors[0].bookmark, "bookmark3");
  // What it sends again has no effect.
  inputs.clear();
  inputs.push_back(
      again->Next(FakeConnector::Telemetry("a", R"({"temperature":2})"),
                  engine::Cursor{"p0", 2, ""}));
  ASSERT_OK_AND_ASSIGN(const Answers answers, again->Send(std::move(inputs)));
  EXPECT_EQ(answers.acks.size(), 1U);
  EXPECT_EQ(ContentsOf("site.a"), R"({"temperature":3,"thermostat":{}})");
}

TEST_F(ConnectorSessionTest, AnEventTooLargeForACommitIsRefusedAlone) {
  auto connector = Connect();
  ASSERT_OK(connector->Snapshot("1", {"a", "b"}));
  const std::string huge =
      absl::StrCat(R"({"firmware":")", std::string(2 << 20, 'x'), R"("})");
  std::vector<ConnectorInput> inputs;
  inputs.push_back(
      connector->Next(FakeConnector::Telemetry("a", R"({"temperature":1})")));
  inputs.push_back(connector->Next(FakeConnector::Telemetry("a", huge)));
  inputs.push_back(
      connector->Next(FakeConnector::Telemetry("b", R"({"temperature":2})")));
  ASSERT_OK_AND_ASSIGN(const Answers answers,
                       connector->Send(std::move(inputs)));
  ASSERT_EQ(answers.nacks.size(), 1U);
  EXPECT_EQ(answers.nacks[0].sequence, 6U);
  EXPECT_EQ(ContentsOf("site.b"), R"({"temperature":2,"thermostat":{}})");
}

TEST_F(ConnectorSessionTest, SequenceNumbersMustGrow) {
  auto connector = Connect();
  std::vector<ConnectorInput> inputs;
  inputs.push_back(connector->Next(Heartbeat{}));
  inputs.push_back(inputs[0]);
  EXPECT_THAT(connector->Send(std::move(inputs)),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_CONNECTOR_PROTOCOL));
}

TEST_F(ConnectorSessionTest, AHeartbeatIsAcknowledged) {
  auto connector = Connect();
  ASSERT_OK_AND_ASSIGN(const Answers answers, connector->Send(Heartbeat{}));
  ASSERT_EQ(answers.acks.size(), 1U);
  EXPECT_EQ(answers.acks[0].sequence, 2U);
}

}  // namespace
}  // namespace twingraph::hubs

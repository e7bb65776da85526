#include "server/rpc/convert/connector.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

#include "server/rpc/convert/device.h"
#include "server/rpc/convert/value.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::rpc {
namespace {

// A frame that was refused because too much work waits may be sent again after
// this.
constexpr absl::Duration kRequeueDelay = absl::Milliseconds(200);

absl::Status ProtocolError(absl::string_view message) {
  return InvalidArgument(v1::ERROR_REASON_CONNECTOR_PROTOCOL, message);
}

absl::Status BadPayload(absl::string_view message) {
  return InvalidArgument(v1::ERROR_REASON_DEVICE_MESSAGE_INVALID, message);
}

// The type without parameters, "application/json; charset=utf-8".
bool IsJson(absl::string_view content_type) {
  const absl::string_view type = content_type.substr(0, content_type.find(';'));
  return type.empty() || type == "application/json" ||
         (type.size() > 5 && type.substr(type.size() - 5) == "+json");
}

absl::StatusOr<Value> ToBody(const v1::DeviceMessage& message) {
  switch (message.body_case()) {
    case v1::DeviceMessage::kJson:
      return ToValue(message.json(), "message.json");
    case v1::DeviceMessage::kPayload:
      break;
    case v1::DeviceMessage::BODY_NOT_SET:
      return ProtocolError("a device message needs a body");
  }
  if (!IsJson(message.content_type())) {
    return BadPayload(absl::StrCat("the content type ", message.content_type(),
                                   " is not JSON"));
  }
  if (!IsValidUtf8(message.payload())) {
    return BadPayload("the payload is not UTF-8");
  }
  absl::StatusOr<Value> body = ParseJsonValue(message.payload());
  if (!body.ok()) {
    return BadPayload(
        absl::StrCat("the payload is not JSON: ", body.status().message()));
  }
  if (!body->is_map()) {
    return BadPayload("the payload is no JSON object");
  }
  return body;
}

template <typename Message>
absl::StatusOr<absl::Time> SourceTimeOf(const Message& message) {
  return message.has_source_time()
             ? ToTime(message.source_time(), "source_time")
             : absl::InfinitePast();
}

absl::StatusOr<hubs::InputBody> ToItems(const v1::SnapshotItems& items) {
  hubs::SnapshotItems result{.snapshot = items.snapshot_id(), .devices = {}};
  for (int i = 0; i < items.devices_size(); ++i) {
    ASSIGN_OR_RETURN(
        engine::DeviceRecord record,
        ToDeviceRecord(items.devices(i), absl::StrCat("devices[", i, "]")));
    result.devices.push_back(std::move(record));
  }
  return result;
}

absl::StatusOr<hubs::InputBody> ToUpserted(const v1::DeviceUpserted& event) {
  ASSIGN_OR_RETURN(engine::DeviceRecord record,
                   ToDeviceRecord(event.device(), "device"));
  return engine::DeviceEvent(engine::DeviceUpserted{std::move(record)});
}

absl::StatusOr<hubs::InputBody> ToConnectionChanged(
    const v1::ConnectionChanged& event) {
  ASSIGN_OR_RETURN(engine::Connection connection,
                   ToConnection(event.connection(), "connection"));
  return engine::DeviceEvent(engine::ConnectionChanged{
      ToStrings(event.path()), event.generation(), std::move(connection)});
}

absl::StatusOr<hubs::InputBody> ToMessage(const v1::DeviceMessage& message) {
  engine::DeviceMessage result{.path = ToStrings(message.path()),
                               .generation = message.generation(),
                               .component = message.component(),
                               .body = {}};
  ASSIGN_OR_RETURN(result.body, ToBody(message));
  ASSIGN_OR_RETURN(result.source_time, SourceTimeOf(message));
  return engine::DeviceEvent(std::move(result));
}

absl::StatusOr<hubs::InputBody> ToReported(const v1::ReportedPatch& patch) {
  engine::ReportedPatch result{.path = ToStrings(patch.path()),
                               .generation = patch.generation(),
                               .component = patch.component(),
                               .patch = {}};
  ASSIGN_OR_RETURN(result.patch, ToValue(patch.patch(), "patch"));
  ASSIGN_OR_RETURN(result.source_time, SourceTimeOf(patch));
  result.complete = patch.complete();
  return engine::DeviceEvent(std::move(result));
}

void SetCursor(const engine::Cursor& cursor, v1::Cursor& proto) {
  proto.set_source(cursor.source);
  proto.set_offset(cursor.offset);
  proto.set_bookmark(cursor.bookmark);
}

void SetDuration(absl::Duration duration, google::protobuf::Duration& proto) {
  const int64_t nanos = absl::ToInt64Nanoseconds(duration);
  proto.set_seconds(nanos / 1'000'000'000);
  proto.set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
}

void SetFrame(const hubs::Ack& ack, v1::ConnectResponse& frame) {
  frame.mutable_ack()->set_sequence(ack.sequence);
  frame.mutable_ack()->set_revision(ack.revision);
}

void SetFrame(const hubs::Nack& nack, v1::ConnectResponse& frame) {
  v1::Nack& proto = *frame.mutable_nack();
  proto.set_sequence(nack.sequence);
  proto.set_requeue(nack.requeue);
  if (nack.requeue) {
    SetDuration(kRequeueDelay, *proto.mutable_retry_delay());
  }
  v1::Rejection& rejection = *proto.mutable_rejection();
  rejection.set_code(static_cast<int>(nack.status.code()));
  rejection.set_reason(ReasonOf(nack.status));
  rejection.set_message(std::string(nack.status.message()));
  for (const auto& [key, value] : AllMetadataOf(nack.status)) {
    (*rejection.mutable_metadata())[key] = value;
  }
}

void SetFrame(const hubs::SnapshotRequested& request,
              v1::ConnectResponse& frame) {
  frame.mutable_snapshot_requested()->set_reason(request.reason);
}

}  // namespace

hubs::Hello ToHello(const v1::Hello& hello) {
  hubs::Hello result{.protocol_versions = {hello.protocol_versions().begin(),
                                           hello.protocol_versions().end()},
                     .hub = hello.hub_id(),
                     .name = hello.connector().name(),
                     .version = hello.connector().version(),
                     .instance = hello.connector().instance_id(),
                     .cursors = {}};
  for (const v1::Cursor& cursor : hello.cursors()) {
    result.cursors.push_back(ToCursor(cursor));
  }
  return result;
}

absl::StatusOr<hubs::InputBody> ToInputBody(const v1::ConnectRequest& frame) {
  using Frame = v1::ConnectRequest;
  switch (frame.frame_case()) {
    case Frame::kSnapshotBegin:
      return hubs::SnapshotBegin{frame.snapshot_begin().snapshot_id()};
    case Frame::kSnapshotItems:
      return ToItems(frame.snapshot_items());
    case Frame::kSnapshotEnd:
      return hubs::SnapshotEnd{frame.snapshot_end().snapshot_id(),
                               frame.snapshot_end().device_count()};
    case Frame::kDeviceUpserted:
      return ToUpserted(frame.device_upserted());
    case Frame::kDeviceRemoved:
      return engine::DeviceEvent(
          engine::DeviceRemoved{ToStrings(frame.device_removed().path()),
                                frame.device_removed().generation()});
    case Frame::kDeviceDisabled:
      return engine::DeviceEvent(
          engine::DeviceDisabled{ToStrings(frame.device_disabled().path()),
                                 frame.device_disabled().generation(),
                                 frame.device_disabled().reason()});
    case Frame::kModelAnnounced:
      return engine::DeviceEvent(
          engine::ModelAnnounced{ToStrings(frame.model_announced().path()),
                                 frame.model_announced().generation(),
                                 frame.model_announced().model_id()});
    case Frame::kConnectionChanged:
      return ToConnectionChanged(frame.connection_changed());
    case Frame::kMessage:
      return ToMessage(frame.message());
    case Frame::kReportedPatch:
      return ToReported(frame.reported_patch());
    case Frame::kGap:
      return hubs::Gap{frame.gap().source(), frame.gap().reason()};
    case Frame::kHeartbeat:
      return hubs::Heartbeat{};
    case Frame::kHello:
      return ProtocolError("a second hello");
    case Frame::FRAME_NOT_SET:
      break;
  }
  return ProtocolError("a frame that says nothing known");
}

engine::Cursor ToCursor(const v1::Cursor& cursor) {
  return {cursor.source(), cursor.offset(), cursor.bookmark()};
}

std::string WelcomeFrame(const hubs::Welcome& welcome,
                         const SessionTerms& terms) {
  v1::ConnectResponse frame;
  v1::Welcome& proto = *frame.mutable_welcome();
  proto.set_protocol_version(welcome.protocol_version);
  proto.set_session_id(welcome.session);
  for (const engine::Cursor& cursor : welcome.cursors) {
    SetCursor(cursor, *proto.add_cursors());
  }
  proto.set_snapshot_required(welcome.snapshot_required);
  proto.set_frame_window(terms.frame_window);
  SetDuration(terms.heartbeat_interval, *proto.mutable_heartbeat_interval());
  proto.set_revision(welcome.revision);
  return frame.SerializeAsString();
}

std::string OutputFrame(const hubs::ConnectorOutput& output) {
  v1::ConnectResponse frame;
  std::visit([&](const auto& body) { SetFrame(body, frame); }, output);
  return frame.SerializeAsString();
}

std::string DrainFrame(absl::Duration grace_period) {
  v1::ConnectResponse frame;
  SetDuration(grace_period, *frame.mutable_drain()->mutable_grace_period());
  return frame.SerializeAsString();
}

}  // namespace twingraph::rpc

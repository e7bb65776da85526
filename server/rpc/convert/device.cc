#include "server/rpc/convert/device.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "server/rpc/convert/value.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {
namespace {

v1::DeviceBinding::State ToProto(engine::BindingState state) {
  switch (state) {
    case engine::BindingState::kUnbound:
      return v1::DeviceBinding::STATE_UNBOUND;
    case engine::BindingState::kAttached:
      return v1::DeviceBinding::STATE_ATTACHED;
    case engine::BindingState::kDetached:
      return v1::DeviceBinding::STATE_DETACHED;
    case engine::BindingState::kConflict:
      return v1::DeviceBinding::STATE_CONFLICT;
  }
  return v1::DeviceBinding::STATE_UNSPECIFIED;
}

v1::Connection::State ToProto(engine::ConnectionState state) {
  switch (state) {
    case engine::ConnectionState::kOnline:
      return v1::Connection::STATE_ONLINE;
    case engine::ConnectionState::kOffline:
      return v1::Connection::STATE_OFFLINE;
    case engine::ConnectionState::kUnknown:
      return v1::Connection::STATE_UNKNOWN;
  }
  return v1::Connection::STATE_UNSPECIFIED;
}

v1::Connection::Confidence ToProto(engine::Confidence confidence) {
  return confidence == engine::Confidence::kReported
             ? v1::Connection::CONFIDENCE_REPORTED
             : v1::Connection::CONFIDENCE_INFERRED;
}

engine::ConnectionState FromProto(v1::Connection::State state) {
  switch (state) {
    case v1::Connection::STATE_ONLINE:
      return engine::ConnectionState::kOnline;
    case v1::Connection::STATE_OFFLINE:
      return engine::ConnectionState::kOffline;
    default:  // Also what a newer connector may send.
      return engine::ConnectionState::kUnknown;
  }
}

void WriteConnection(const engine::Connection& connection, WireWriter& writer) {
  writer.Uint(v1::Connection::kStateFieldNumber, ToProto(connection.state));
  if (connection.state != engine::ConnectionState::kUnknown) {
    writer.Uint(v1::Connection::kConfidenceFieldNumber,
                ToProto(connection.confidence));
  }
  WriteTime(v1::Connection::kSinceFieldNumber, connection.since, writer);
  writer.String(v1::Connection::kReasonFieldNumber, connection.reason);
}

// Entries of a map<string, string>.
void WriteTags(int field, const Value& tags, WireWriter& writer) {
  constexpr int kKeyField = 1;
  constexpr int kValueField = 2;
  for (const auto& [key, value] : tags.as_map()) {
    if (!value.is_string()) {
      continue;
    }
    const size_t mark = writer.Begin(field);
    writer.String(kKeyField, key);
    writer.String(kValueField, value.as_string());
    writer.End(mark);
  }
}

}  // namespace

void WriteDeviceBinding(const engine::DeviceBlock& block, WireWriter& writer) {
  using Binding = v1::DeviceBinding;
  writer.String(Binding::kHubIdFieldNumber, block.hub);
  for (const std::string& part : block.path) {
    writer.OneofString(Binding::kPathFieldNumber, part);
  }
  writer.String(Binding::kGenerationFieldNumber, block.generation);
  writer.Uint(Binding::kStateFieldNumber, ToProto(block.state));
  WriteMessage(writer, Binding::kConnectionFieldNumber,
               [&] { WriteConnection(block.connection, writer); });
  writer.Bool(Binding::kDisabledFieldNumber, block.disabled);
  writer.String(Binding::kModelIdFieldNumber, block.announced_model);
  WriteTime(Binding::kLastActivityTimeFieldNumber, block.last_activity, writer);
  writer.String(Binding::kDisplayNameFieldNumber, block.display_name);
  WriteTags(Binding::kTagsFieldNumber, block.tags, writer);
}

std::vector<std::string> ToStrings(
    const google::protobuf::RepeatedPtrField<std::string>& strings) {
  return {strings.begin(), strings.end()};
}

absl::StatusOr<engine::Connection> ToConnection(
    const v1::Connection& connection, absl::string_view field) {
  engine::Connection result{
      .state = FromProto(connection.state()),
      .confidence =
          connection.confidence() == v1::Connection::CONFIDENCE_REPORTED
              ? engine::Confidence::kReported
              : engine::Confidence::kInferred,
      .since = absl::InfinitePast(),
      .reason = connection.reason()};
  if (connection.has_since()) {
    ASSIGN_OR_RETURN(result.since,
                     ToTime(connection.since(), absl::StrCat(field, ".since")));
  }
  return result;
}

absl::StatusOr<engine::DeviceRecord> ToDeviceRecord(
    const v1::DeviceRecord& record, absl::string_view field) {
  engine::DeviceRecord result;
  result.path = ToStrings(record.path());
  result.generation = record.generation();
  result.display_name = record.display_name();
  result.disabled = record.disabled();
  Value::Map tags;
  for (const auto& [key, value] : record.tags()) {
    tags.emplace_back(key, Value::String(value));
  }
  result.tags = Value::MakeMap(std::move(tags));
  result.model = record.model_id();
  result.gateway_path = ToStrings(record.gateway_path());
  ASSIGN_OR_RETURN(
      result.connection,
      ToConnection(record.connection(), absl::StrCat(field, ".connection")));
  return result;
}

}  // namespace twingraph::rpc

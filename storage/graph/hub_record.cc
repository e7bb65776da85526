// Covered by tests/storage/graph/record_golden_test.cc.
#include "storage/graph/hub_record.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/stored_map.h"
#include "storage/key/hub_key.h"
#include "storage/value/value_codec.h"

namespace twingraph::graph {
namespace {

std::string Encoded(const Value& value) {
  std::string out;
  EncodeValue(value, out);
  return out;
}

}  // namespace

std::string EncodeHubRecord(const HubRecord& record) {
  return Encoded(Value::MakeMap(
      {{"i", Value::String(record.id)},
       {"k", Value::String(record.kind)},
       {"d", Value::String(record.display_name)},
       {"t", Value::String(record.id_template)},
       {"m", Value::String(record.default_model)},
       {"a", Value::Int(absl::ToUnixNanos(record.attach_time))}}));
}

std::string EncodeHubProgress(const HubProgress& progress) {
  return Encoded(Value::MakeMap({{"c", Value::String(progress.cursor)},
                                 {"s", Value::Bool(progress.has_snapshot)},
                                 {"g", Value::Bool(progress.gap_is_open)}}));
}

std::string EncodeDeviceRecord(const DeviceRecord& record) {
  const Value twin = record.twin.has_value()
                         ? Value::Int(static_cast<int64_t>(ToInt(*record.twin)))
                         : Value();
  return Encoded(Value::MakeMap({{"g", Value::String(record.generation)},
                                 {"s", Value::Int(record.state)},
                                 {"n", twin},
                                 {"t", Value::String(record.twin_id)},
                                 {"x", record.details}}));
}

absl::StatusOr<HubRecord> DecodeHubRecord(const kv::Row& row) {
  RETURN_IF_ERROR(ValidateEncoded(row.value));
  const ValueView map(row.value);
  return HubRecord{.id = TextIn(map, "i"),
                   .kind = TextIn(map, "k"),
                   .display_name = TextIn(map, "d"),
                   .id_template = TextIn(map, "t"),
                   .default_model = TextIn(map, "m"),
                   .attach_time = TimeIn(map, "a"),
                   .revision = row.revision};
}

absl::StatusOr<HubProgress> DecodeHubProgress(const kv::Row& row) {
  RETURN_IF_ERROR(ValidateEncoded(row.value));
  const ValueView map(row.value);
  return HubProgress{.cursor = TextIn(map, "c"),
                     .has_snapshot = BoolIn(map, "s"),
                     .gap_is_open = BoolIn(map, "g")};
}

absl::StatusOr<DeviceRecord> DecodeDeviceRecord(absl::string_view key,
                                                const kv::Row& row) {
  RETURN_IF_ERROR(ValidateEncoded(row.value));
  const ValueView map(row.value);
  DeviceRecord record;
  record.generation = TextIn(map, "g");
  record.state = static_cast<int>(IntIn(map, "s"));
  record.twin_id = TextIn(map, "t");
  record.revision = row.revision;
  if (!key::DecodeDeviceKey(key, record.hub, record.path)) {
    return DataLoss("the key of a stored device is damaged",
                    {{"space", "device"}});
  }
  if (const int64_t twin = IntIn(map, "n"); twin != 0) {
    record.twin = static_cast<TwinNumber>(twin);
  }
  if (const ValueView details = map.Find("x"); details.is_defined()) {
    record.details = DecodeValue(details);
  }
  return record;
}

}  // namespace twingraph::graph

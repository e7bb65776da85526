#pragma once

// A stored hub, how far its connector has come, and its devices. Plain values.
//
// Stored forms (spaces `hub`, `hub_progress`, `device`) are encoded maps
// (value_codec.h); frozen, golden test record_golden_test:
//
//   hub       {"i": id, "k": kind, "d": display name, "t": id template,
//              "m": default model, "a": attach time in nanoseconds since 1970}
//   progress  {"c": cursor, "s": has snapshot, "g": gap is open}
//   device    {"g": generation, "s": state, "n": twin number or null,
//              "t": twin id, "x": details}
//
// What the number of a state means is for the layer above to say.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/graph/number.h"
#include "storage/value/value.h"

namespace twingraph::graph {

struct HubRecord {
  std::string id = {};
  std::string kind = {};
  std::string display_name = {};
  std::string id_template = {};
  // Of proxies whose device says nothing of itself; empty: the layer above has
  // one.
  std::string default_model = {};
  absl::Time attach_time = {};
  // The commit that wrote this state; 0: a transaction's own write.
  Revision revision = 0;
};

// How far a hub's connector has come. Kept apart from the hub because each
// batch of messages writes it. Only its newest state is readable.
struct HubProgress {
  std::string cursor = {};
  // Was a complete snapshot of its devices ever taken?
  bool has_snapshot = false;
  // Were events lost since the last one?
  bool gap_is_open = false;

  bool operator==(const HubProgress&) const = default;
};

struct DeviceRecord {
  std::string hub = {};
  std::vector<std::string> path = {};
  std::string generation = {};
  // State of binding; counted for each hub. 0 to 255.
  int state = 0;
  // Its proxy; absent while it has none.
  std::optional<TwinNumber> twin = {};
  std::string twin_id = {};
  // Whatever else the layer above keeps.
  Value details = {};
  Revision revision = 0;
};

std::string EncodeHubRecord(const HubRecord& record);
std::string EncodeHubProgress(const HubProgress& progress);
std::string EncodeDeviceRecord(const DeviceRecord& record);

// Errors, for each: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<HubRecord> DecodeHubRecord(const kv::Row& row);
absl::StatusOr<HubProgress> DecodeHubProgress(const kv::Row& row);
absl::StatusOr<DeviceRecord> DecodeDeviceRecord(absl::string_view key,
                                                const kv::Row& row);

}  // namespace twingraph::graph

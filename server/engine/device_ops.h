#pragma once

// What the devices of a hub do to the graph. Connectors reach it through
// server/hubs; a batch of events is one transaction, and an event that does not
// fit is refused alone. Safe from any thread; calls block.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/engine/call_options.h"
#include "server/engine/device.h"
#include "storage/base/context.h"
#include "storage/value/value.h"

namespace twingraph::engine {

struct Parts;

// A place in the feed of a hub's source; offsets of one source grow.
struct Cursor {
  std::string source = {};  // a partition or topic; empty: the only one
  uint64_t offset = 0;
  std::string bookmark = {};  // opaque; given back with the cursor
};

// A device as its hub describes it.
struct DeviceRecord {
  std::vector<std::string> path = {};  // outermost part first
  std::string generation = {};         // empty: the hub has no such notion
  std::string display_name = {};
  bool disabled = false;
  Value tags = Value::MakeMap();  // strings by name
  std::string model = {};         // DTMI; empty: opaque
  std::vector<std::string> gateway_path = {};
  // What the registry says now; kUnknown leaves the connection as it is.
  Connection connection = {};
};

// A device is new, or its record changed.
struct DeviceUpserted {
  DeviceRecord device = {};
};

// The device is gone from its hub. Here and below: of another generation than
// the bound one, nothing happens; an empty one stands for any.
struct DeviceRemoved {
  std::vector<std::string> path = {};
  std::string generation = {};
};

// The hub refuses the device until it is upserted again.
struct DeviceDisabled {
  std::vector<std::string> path = {};
  std::string generation = {};
  std::string reason = {};
};

// The device follows another model from now on.
struct ModelAnnounced {
  std::vector<std::string> path = {};
  std::string generation = {};
  std::string model = {};
};

// A device came or went. Older than what is known: nothing happens.
struct ConnectionChanged {
  std::vector<std::string> path = {};
  std::string generation = {};
  Connection connection = {};
};

// A device says something. Members called like properties of the twin's model
// become their values; those called like telemetry are let through. For a twin
// of the built-in model only the last activity is noted.
struct DeviceMessage {
  std::vector<std::string> path = {};
  std::string generation = {};
  std::string component = {};  // empty: the device itself
  Value body = {};             // a map
  // When it was measured; InfinitePast: not known. A value older than the
  // stored one is left out.
  absl::Time source_time = absl::InfinitePast();
};

// A device reports its state: a JSON Merge Patch (RFC 7396).
struct ReportedPatch {
  std::vector<std::string> path = {};
  std::string generation = {};
  std::string component = {};
  Value patch = {};  // a map
  absl::Time source_time = absl::InfinitePast();
  bool complete = false;  // the whole state: properties it lacks are removed
};

using DeviceEvent =
    std::variant<DeviceUpserted, DeviceRemoved, DeviceDisabled, ModelAnnounced,
                 ConnectionChanged, DeviceMessage, ReportedPatch>;

// An event and where it stands in its source; an event that is not after the
// stored place of its source was done before and is passed over.
struct DeviceInput {
  std::optional<Cursor> cursor = {};
  DeviceEvent event;
};

// What became of a batch: one status per event in order. Refused ones:
// DEVICE_NOT_FOUND (never announced, removed, or of another generation),
// DEVICE_MESSAGE_INVALID with violations, INVALID_FIELD.
struct DeviceOutcome {
  std::vector<absl::Status> events = {};
  std::string revision = {};  // token of the commit
};

// What the hub knows of its feed.
struct FeedState {
  std::vector<Cursor> cursors = {};  // committed up to here, by source
  // No snapshot was completed yet, or a gap is open.
  bool snapshot_required = false;
  std::string revision = {};
};

// One slice of a pass over a hub's devices.
struct SweepOutcome {
  size_t removed = 0;
  std::string revision = {};
};

class DeviceOps {
 public:
  // `parts` outlives this object.
  explicit DeviceOps(Parts& parts) : parts_(parts) {}

  // Carries out the events in order, and notes their cursors, in one commit.
  // Errors: HUB_NOT_FOUND; TRANSACTION_CONFLICT; store errors. Then nothing of
  // the batch was done.
  absl::StatusOr<DeviceOutcome> Apply(const Context& ctx, absl::string_view hub,
                                      const std::vector<DeviceInput>& inputs);

  // Where the hub's feed stands.
  // Errors: HUB_NOT_FOUND.
  absl::StatusOr<FeedState> GetFeed(const Context& ctx, absl::string_view hub);

  // Notes that events were lost: a snapshot is required, and the connections of
  // the hub's devices are unknown until then.
  // Errors: HUB_NOT_FOUND; store errors.
  absl::StatusOr<Done> OpenGap(const Context& ctx, absl::string_view hub,
                               absl::string_view reason);

  // Ends a snapshot: treats every attached device of the hub that `is_present`
  // does not know as removed, some hundred of them a commit, and closes a gap
  // with the last commit.
  // Errors: HUB_NOT_FOUND; store errors.
  absl::StatusOr<SweepOutcome> EndSnapshot(
      const Context& ctx, absl::string_view hub,
      const std::function<bool(const std::vector<std::string>& path)>&
          is_present);

 private:
  Parts& parts_;
};

}  // namespace twingraph::engine

#pragma once

// What people can do with hubs: attach and detach them, and see their devices.
// What connectors do is device_ops.h. Safe from any thread; calls block. Errors
// of every operation: see twin_ops.h.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/engine/call_options.h"
#include "server/engine/device.h"
#include "storage/base/context.h"

namespace twingraph::engine {

struct Parts;

// What becomes of a proxy whose device was removed from its hub.
enum class OrphanPolicy {
  kKeep,    // stays with its relationships, state Detached
  kRemove,  // is deleted with its relationships
};

// What becomes of the proxies when a hub is detached.
enum class DetachMode {
  kKeep,          // twins become ordinary ones: their device block goes
  kMarkDetached,  // twins keep their block with state Detached
  kRemove,        // twins and their relationships are deleted
};

struct HubSettings {
  std::string id;    // letters, digits, '-' and '_'; 1 to 64 bytes
  std::string kind;  // "grpc": connectors come over ConnectorService
  std::string display_name;
  // Makes twin ids; "{hub}" and "{device}" stand for the hub's id and the
  // device path, whose parts are percent-encoded and joined with ".".
  std::string id_template = "{hub}.{device}";
  OrphanPolicy orphan_policy = OrphanPolicy::kKeep;
};

struct Hub {
  HubSettings settings;
  absl::Time attach_time;
  std::string etag;
  // Devices by state of binding.
  int64_t devices_attached = 0;
  int64_t devices_detached = 0;
  int64_t devices_conflict = 0;
  // The last cursor that was committed for the hub's connector.
  std::string cursor;
};

// One device of a hub.
struct Device {
  DeviceBlock block;
  std::string twin;  // id of its proxy
};

class HubOps {
 public:
  // `parts` outlives this object.
  explicit HubOps(Parts& parts) : parts_(parts) {}

  // Repeating it with the same settings gives the hub that is there.
  // Errors: HUB_ALREADY_EXISTS with other settings; INVALID_FIELD.
  absl::StatusOr<At<Hub>> Attach(const Context& ctx,
                                 const HubSettings& settings,
                                 const WriteOptions& options);

  // Errors: HUB_NOT_FOUND.
  absl::StatusOr<At<Hub>> Get(const Context& ctx, absl::string_view id,
                              const ReadOptions& options);

  // Hubs in byte order of their ids.
  absl::StatusOr<Page<Hub>> List(const Context& ctx, const PageRequest& page,
                                 const ReadOptions& options);

  // Ends the hub; a connector that speaks for it is told so. Proxies are
  // treated in several commits when they are many; the hub goes with the last.
  // Errors: HUB_NOT_FOUND.
  absl::StatusOr<Done> Detach(const Context& ctx, absl::string_view id,
                              DetachMode mode, const WriteOptions& options);

  // Devices in order of their paths.
  // Errors: HUB_NOT_FOUND.
  absl::StatusOr<Page<Device>> ListDevices(const Context& ctx,
                                           absl::string_view hub,
                                           const PageRequest& page,
                                           const ReadOptions& options);

 private:
  Parts& parts_;
};

}  // namespace twingraph::engine

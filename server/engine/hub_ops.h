#pragma once

// What people can do with hubs: attach and detach them, and see their devices.
// What connectors do is device_ops.h. Safe from any thread; calls block. Errors
// of every operation: see twin_ops.h.

#include <cstdint>
#include <functional>
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

// What becomes of the proxies when a hub is detached.
enum class DetachMode {
  kKeep,    // they stay, with their relationships, in state Detached
  kRemove,  // they are deleted; refused where one has relationships
};

struct HubSettings {
  std::string id = {};    // letters, digits, '-' and '_'; 1 to 64 bytes
  std::string kind = {};  // "grpc": connectors come over ConnectorService
  std::string display_name = {};
  // Makes twin ids: "{hub}" stands for the hub's id, "{path}" for the parts of
  // the device's path, percent-encoded and joined with "."; empty: the default
  // "{hub}.{path}".
  std::string twin_id_template = {};
  // Model of proxies whose device announces none or one that is not stored;
  // empty: the built-in dtmi:twingraph:Device;1, which has no contents.
  std::string default_model = {};
};

struct Hub {
  HubSettings settings = {};
  absl::Time attach_time;
  int64_t device_count = 0;
};

// One device of a hub.
struct Device {
  DeviceBlock block = {};
  std::string twin = {};  // id of its proxy
};

class HubOps {
 public:
  // `parts` outlives this object.
  explicit HubOps(Parts& parts) : parts_(parts) {}

  // Called after a hub was detached, with its id, from the detaching thread.
  // Set it before the first call of Detach.
  void SetDetachListener(std::function<void(const std::string&)> listener);

  // Repeating it with the same settings gives the hub that is there.
  // Errors: HUB_ALREADY_EXISTS with other settings; INVALID_FIELD;
  // MODEL_NOT_FOUND for the default model.
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
  // Errors: HUB_NOT_FOUND; TWIN_HAS_RELATIONSHIPS with kRemove.
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

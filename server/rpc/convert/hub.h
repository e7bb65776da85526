#pragma once

// Hubs and their devices between proto and domain. Pure.

#include <optional>

#include "absl/status/statusor.h"

#include "server/engine/hub_ops.h"
#include "server/hubs/session_registry.h"
#include "server/rpc/convert/wire_writer.h"
#include "twingraph/v1/hub.pb.h"

namespace twingraph::rpc {

// Writes the content of a v1.Hub; `connector` is who speaks for it now.
void WriteHub(const engine::Hub& hub,
              const std::optional<hubs::ConnectorInfo>& connector,
              WireWriter& writer);

// Writes the content of a v1.Device.
void WriteDevice(const engine::Device& device, WireWriter& writer);

// Errors: INVALID_ARGUMENT / INVALID_FIELD for a missing id or kind.
absl::StatusOr<engine::HubSettings> ToHubSettings(const v1::Hub& hub);

engine::DetachMode ToDetachMode(v1::DetachMode mode);

}  // namespace twingraph::rpc

#pragma once

// The steps of a change to one proxy twin and its device record, inside a
// transaction.

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/engine/device.h"
#include "storage/base/context.h"
#include "storage/graph/graph_writer.h"
#include "storage/graph/hub_record.h"
#include "storage/graph/twin_record.h"

namespace twingraph::engine {

// What is known of a device: from its proxy, or, where it has none, from its
// record.
absl::StatusOr<DeviceBlock> BlockOf(const Context& ctx,
                                    const graph::GraphReader& reader,
                                    const graph::DeviceRecord& device);

// The proxy of a device, read for update; nullopt where there is none.
absl::StatusOr<std::optional<graph::TwinRecord>> ProxyOf(
    const Context& ctx, const graph::DeviceRecord& device,
    graph::GraphWriter& writer);

// Writes a new device block into a proxy whose contents stay.
absl::Status SaveBlock(const Context& ctx, const graph::TwinRecord& proxy,
                       const DeviceBlock& block, graph::GraphWriter& writer);

// The device is gone: its proxy stays, detached.
absl::Status DetachProxy(const Context& ctx, const graph::DeviceRecord& device,
                         graph::GraphWriter& writer);

// The device's proxy goes, too.
// Errors: TWIN_HAS_RELATIONSHIPS.
absl::Status RemoveProxy(const Context& ctx, const graph::DeviceRecord& device,
                         graph::GraphWriter& writer);

}  // namespace twingraph::engine

#pragma once

// A pass over all devices of a hub in slices of one commit each, so that
// thousands of devices neither block others nor pass the limits of a commit.
// One thread at a time.

#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "server/engine/parts.h"
#include "storage/graph/graph_writer.h"
#include "storage/graph/hub_record.h"

namespace twingraph::engine {

class DeviceSweep {
 public:
  using Filter = absl::FunctionRef<bool(const graph::DeviceRecord&)>;
  using Visit = absl::FunctionRef<absl::Status(graph::GraphWriter&,
                                               const graph::DeviceRecord&)>;

  // `parts` outlives this.
  DeviceSweep(Parts& parts, absl::string_view hub) : parts_(parts), hub_(hub) {}

  // Calls `visit` for each device, as it is in the transaction.
  // Errors: those of `visit`; slices before it stay done.
  absl::Status Run(const Context& ctx, Visit visit);

  // Run over the devices that `filter` picks.
  absl::Status Run(const Context& ctx, Filter filter, Visit visit);

  // Refuses if a proxy of the hub has relationships.
  // Errors: FAILED_PRECONDITION / TWIN_HAS_RELATIONSHIPS.
  absl::Status RefuseRelationships(const Context& ctx);

  // Devices that were visited.
  size_t visited() const { return visited_; }

 private:
  Parts& parts_;
  const std::string hub_;
  size_t visited_ = 0;
};

}  // namespace twingraph::engine

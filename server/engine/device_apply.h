#pragma once

// What one event of a device does to the graph, inside a transaction. An event
// that does not fit is refused before it writes anything.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/engine/device_ops.h"
#include "server/engine/parts.h"
#include "storage/graph/graph_writer.h"

namespace twingraph::engine {

// An event's refusal, as opposed to a failure of the store, which ends the
// transaction.
class DeviceApplier {
 public:
  // All are borrowed.
  DeviceApplier(const Parts& parts, const Context& ctx,
                const graph::HubRecord& hub, graph::GraphWriter& writer)
      : parts_(parts),
        ctx_(ctx),
        hub_(hub),
        catalog_(parts.catalog.Current()),
        writer_(writer) {}

  // Carries out an event. `refusal` is set, and nothing written, where the
  // event does not fit: DEVICE_NOT_FOUND, DEVICE_MESSAGE_INVALID,
  // INVALID_FIELD. The result is OK unless the store fails.
  absl::Status Apply(const DeviceEvent& event, absl::Status& refusal);

 private:
  // A bound device with its proxy.
  struct Bound {
    graph::DeviceRecord device;
    graph::TwinRecord proxy;
    DeviceBlock block;
  };

  absl::Status Visit(const DeviceUpserted& event);
  absl::Status Visit(const DeviceRemoved& event);
  absl::Status Visit(const DeviceDisabled& event);
  absl::Status Visit(const ModelAnnounced& event);
  absl::Status Visit(const ConnectionChanged& event);
  absl::Status Visit(const DeviceMessage& event);
  absl::Status Visit(const ReportedPatch& event);

  absl::StatusOr<std::optional<Bound>> FindBound(
      const std::vector<std::string>& path, const std::string& generation);
  absl::StatusOr<std::optional<Bound>> NeedBound(
      const std::vector<std::string>& path, const std::string& generation);
  absl::Status CheckRecord(const DeviceRecord& record) const;
  std::string ModelFor(const std::string& announced,
                       absl::string_view current) const;
  absl::Status Bind(const DeviceRecord& record, const std::string& twin_id,
                    DeviceBlock block,
                    const std::optional<graph::TwinRecord>& twin);
  absl::Status NoteConflict(const DeviceRecord& record,
                            const std::string& twin_id, DeviceBlock block);
  absl::Status PutRecord(const DeviceRecord& record, graph::TwinNumber twin,
                         const std::string& twin_id);
  absl::Status WriteValues(Bound bound, const std::string& component,
                           const Value& values, absl::Time source_time,
                           bool is_patch, bool is_complete);
  absl::Status Refuse(absl::Status status);

  const Parts& parts_;
  const Context& ctx_;
  const graph::HubRecord& hub_;
  const std::shared_ptr<const catalog::Catalog> catalog_;
  graph::GraphWriter& writer_;
  absl::Status refusal_;
};

}  // namespace twingraph::engine

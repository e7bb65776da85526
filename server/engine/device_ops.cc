#include "server/engine/device_ops.h"

#include <utility>

#include "server/engine/device_apply.h"
#include "server/engine/device_codec.h"
#include "server/engine/device_sweep.h"
#include "server/engine/feed_state.h"
#include "server/engine/parts.h"
#include "server/engine/proxy_twin.h"
#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"

namespace twingraph::engine {
namespace {

// The progress of a hub that will be changed: two streams of one hub, an old
// one that still runs and the one that replaced it, never do an event twice.
absl::StatusOr<graph::HubProgress> ProgressForUpdate(
    const Context& ctx, absl::string_view hub, graph::GraphWriter& writer) {
  RETURN_IF_ERROR(writer.transaction()
                      .GetForUpdate(ctx, key::kHubProgressSpace, hub)
                      .status());
  return writer.reader().GetHubProgress(ctx, hub);
}

absl::Status ApplyAll(const Parts& parts, const Context& ctx,
                      absl::string_view hub,
                      const std::vector<DeviceInput>& inputs,
                      graph::GraphWriter& writer,
                      std::vector<absl::Status>& outcomes) {
  outcomes.assign(inputs.size(), absl::OkStatus());
  ASSIGN_OR_RETURN(const graph::HubRecord record,
                   writer.reader().GetHub(ctx, hub));
  ASSIGN_OR_RETURN(graph::HubProgress progress,
                   ProgressForUpdate(ctx, hub, writer));
  ASSIGN_OR_RETURN(std::vector<Cursor> cursors, DecodeCursors(progress.cursor));
  DeviceApplier applier(parts, ctx, record, writer);
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].cursor.has_value() && !Advance(*inputs[i].cursor, cursors)) {
      continue;  // It was done before.
    }
    RETURN_IF_ERROR(applier.Apply(inputs[i].event, outcomes[i]));
  }
  std::string encoded = EncodeCursors(cursors);
  if (encoded == progress.cursor || cursors.empty()) {
    return absl::OkStatus();
  }
  progress.cursor = std::move(encoded);
  return writer.PutHubProgress(ctx, hub, progress);
}

// Changes the progress of a hub in a commit of its own.
absl::StatusOr<commit::CommitInfo> ChangeProgress(
    Parts& parts, const Context& ctx, absl::string_view hub,
    absl::FunctionRef<void(graph::HubProgress&)> change) {
  return parts.Write(ctx, {}, [&](graph::GraphWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(writer.reader().GetHub(ctx, hub).status());
    ASSIGN_OR_RETURN(graph::HubProgress progress,
                     ProgressForUpdate(ctx, hub, writer));
    change(progress);
    return writer.PutHubProgress(ctx, hub, progress);
  });
}

}  // namespace

absl::StatusOr<DeviceOutcome> DeviceOps::Apply(
    const Context& ctx, absl::string_view hub,
    const std::vector<DeviceInput>& inputs) {
  DeviceOutcome outcome;
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   parts_.Write(ctx, {}, [&](graph::GraphWriter& writer) {
                     return ApplyAll(parts_, ctx, hub, inputs, writer,
                                     outcome.events);
                   }));
  outcome.revision = parts_.TokenOf(info.revision);
  return outcome;
}

absl::StatusOr<FeedState> DeviceOps::GetFeed(const Context& ctx,
                                             absl::string_view hub) {
  const auto reader = parts_.graph->Newest();
  RETURN_IF_ERROR(reader->GetHub(ctx, hub).status());
  ASSIGN_OR_RETURN(const graph::HubProgress progress,
                   reader->GetHubProgress(ctx, hub));
  FeedState state;
  ASSIGN_OR_RETURN(state.cursors, DecodeCursors(progress.cursor));
  state.snapshot_required = !progress.has_snapshot || progress.gap_is_open;
  state.revision = parts_.TokenOf(reader->revision());
  return state;
}

absl::StatusOr<Done> DeviceOps::OpenGap(const Context& ctx,
                                        absl::string_view hub,
                                        absl::string_view reason) {
  ASSIGN_OR_RETURN(
      commit::CommitInfo info,
      ChangeProgress(parts_, ctx, hub, [](graph::HubProgress& progress) {
        progress.gap_is_open = true;
      }));
  DeviceSweep sweep(parts_, hub);
  const auto is_attached = [](const graph::DeviceRecord& device) {
    return device.state == static_cast<int>(BindingState::kAttached);
  };
  const auto forget = [&](graph::GraphWriter& writer,
                          const graph::DeviceRecord& device) -> absl::Status {
    ASSIGN_OR_RETURN(const auto proxy, ProxyOf(ctx, device, writer));
    if (!proxy.has_value()) {
      return absl::OkStatus();
    }
    DeviceBlock block = DecodeDevice(proxy->device());
    block.connection = {};
    block.connection.reason = std::string(reason);
    return SaveBlock(ctx, *proxy, block, writer);
  };
  RETURN_IF_ERROR(sweep.Run(ctx, is_attached, forget));
  return Done{parts_.TokenOf(parts_.graph->commits().head()->revision)};
}

absl::StatusOr<SweepOutcome> DeviceOps::EndSnapshot(
    const Context& ctx, absl::string_view hub,
    const std::function<bool(const std::vector<std::string>& path)>&
        is_present) {
  DeviceSweep sweep(parts_, hub);
  const auto is_gone = [&](const graph::DeviceRecord& device) {
    return device.state == static_cast<int>(BindingState::kAttached) &&
           !is_present(device.path);
  };
  RETURN_IF_ERROR(sweep.Run(
      ctx, is_gone,
      [&](graph::GraphWriter& writer, const graph::DeviceRecord& device) {
        return DetachProxy(ctx, device, writer);
      }));
  ASSIGN_OR_RETURN(
      const commit::CommitInfo info,
      ChangeProgress(parts_, ctx, hub, [](graph::HubProgress& progress) {
        progress.has_snapshot = true;
        progress.gap_is_open = false;
      }));
  return SweepOutcome{.removed = sweep.visited(),
                      .revision = parts_.TokenOf(info.revision)};
}

}  // namespace twingraph::engine

// Covered by tests/storage/graph/graph_writer_test.cc.
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/graph_writer.h"
#include "storage/key/counter_key.h"
#include "storage/key/hub_key.h"
#include "storage/key/key_space.h"
#include "storage/key/twin_key.h"

namespace twingraph::graph {
namespace {

std::string CounterOf(const DeviceRecord& device) {
  return key::DeviceCounterKey(device.hub, static_cast<uint8_t>(device.state));
}

}  // namespace

absl::Status GraphWriter::PutHub(const Context& ctx, const HubRecord& hub,
                                 WriteMode mode) {
  ASSIGN_OR_RETURN(const auto row,
                   transaction_.GetForUpdate(ctx, key::kHubSpace, hub.id));
  if (row.has_value() && mode == WriteMode::kCreate) {
    return AlreadyExists(v1::ERROR_REASON_HUB_ALREADY_EXISTS,
                         absl::StrCat("a hub '", hub.id, "' is attached"),
                         {{"hub", hub.id}});
  }
  if (!row.has_value()) {
    RETURN_IF_ERROR(Count(key::HubCounterKey(), 1));
  }
  if (!hub.default_model.empty()) {
    ASSIGN_OR_RETURN(const ModelRecord model,
                     GetModelForUpdate(ctx, hub.default_model));
    RETURN_IF_ERROR(transaction_.Touch(key::kGuardSpace,
                                       key::EncodeModelGuardKey(model.number)));
  }
  return transaction_.Put(key::kHubSpace, hub.id, EncodeHubRecord(hub));
}

absl::Status GraphWriter::DeleteHub(const Context& ctx, absl::string_view id) {
  RETURN_IF_ERROR(RequireHub(ctx, id));
  RETURN_IF_ERROR(
      transaction_
          .GetForUpdate(ctx, key::kGuardSpace, key::EncodeHubGuardKey(id))
          .status());
  ASSIGN_OR_RETURN(
      const auto devices,
      reader_.ListDevices(ctx, id, /*after=*/{}, /*limit=*/SIZE_MAX));
  for (const DeviceRecord& device : devices) {
    RETURN_IF_ERROR(DeleteDevice(ctx, id, device.path));
  }
  RETURN_IF_ERROR(Count(key::HubCounterKey(), -1));
  RETURN_IF_ERROR(transaction_.Delete(key::kHubProgressSpace, id));
  return transaction_.Delete(key::kHubSpace, id);
}

absl::Status GraphWriter::PutHubProgress(const Context& ctx,
                                         absl::string_view hub,
                                         const HubProgress& progress) {
  RETURN_IF_ERROR(RequireHub(ctx, hub));
  return transaction_.Put(key::kHubProgressSpace, hub,
                          EncodeHubProgress(progress));
}

absl::StatusOr<std::optional<DeviceRecord>> GraphWriter::FindDeviceForUpdate(
    const Context& ctx, absl::string_view hub,
    absl::Span<const std::string> path) {
  const std::string key = key::EncodeDeviceKey(hub, path);
  ASSIGN_OR_RETURN(const auto row,
                   transaction_.GetForUpdate(ctx, key::kDeviceSpace, key));
  if (!row.has_value()) {
    return std::nullopt;
  }
  return DecodeDeviceRecord(key, *row);
}

// A new device touches the hub's guard, so that no hub goes without it.
absl::Status GraphWriter::PutDevice(const Context& ctx,
                                    const DeviceRecord& device) {
  RETURN_IF_ERROR(RequireHub(ctx, device.hub));
  ASSIGN_OR_RETURN(const auto known,
                   FindDeviceForUpdate(ctx, device.hub, device.path));
  if (!known.has_value()) {
    RETURN_IF_ERROR(transaction_.Touch(key::kGuardSpace,
                                       key::EncodeHubGuardKey(device.hub)));
  } else if (known->state != device.state) {
    RETURN_IF_ERROR(Count(CounterOf(*known), -1));
  }
  if (!known.has_value() || known->state != device.state) {
    RETURN_IF_ERROR(Count(CounterOf(device), 1));
  }
  return transaction_.Put(key::kDeviceSpace,
                          key::EncodeDeviceKey(device.hub, device.path),
                          EncodeDeviceRecord(device));
}

absl::Status GraphWriter::DeleteDevice(const Context& ctx,
                                       absl::string_view hub,
                                       absl::Span<const std::string> path) {
  ASSIGN_OR_RETURN(const auto known, FindDeviceForUpdate(ctx, hub, path));
  if (!known.has_value()) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(Count(CounterOf(*known), -1));
  return transaction_.Delete(key::kDeviceSpace,
                             key::EncodeDeviceKey(hub, path));
}

absl::Status GraphWriter::RequireHub(const Context& ctx, absl::string_view id) {
  ASSIGN_OR_RETURN(const auto row,
                   transaction_.GetForUpdate(ctx, key::kHubSpace, id));
  return row.has_value() ? absl::OkStatus() : HubNotFound(id);
}

}  // namespace twingraph::graph

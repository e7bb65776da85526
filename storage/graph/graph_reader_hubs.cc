// Covered by tests/storage/graph/graph_writer_test.cc.
#include <utility>

#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/graph_reader.h"
#include "storage/graph/scan_rows.h"
#include "storage/key/hub_key.h"
#include "storage/key/key_space.h"

namespace twingraph::graph {

absl::StatusOr<std::optional<HubRecord>> GraphReader::FindHub(
    const Context& ctx, absl::string_view id) const {
  ASSIGN_OR_RETURN(const auto row, reader_->Get(ctx, key::kHubSpace, id));
  if (!row.has_value()) {
    return std::nullopt;
  }
  return DecodeHubRecord(*row);
}

absl::StatusOr<HubRecord> GraphReader::GetHub(const Context& ctx,
                                              absl::string_view id) const {
  ASSIGN_OR_RETURN(auto hub, FindHub(ctx, id));
  if (!hub.has_value()) {
    return HubNotFound(id);
  }
  return *std::move(hub);
}

absl::StatusOr<std::vector<HubRecord>> GraphReader::ListHubs(
    const Context& ctx, absl::string_view after, size_t limit) const {
  std::vector<HubRecord> hubs;
  RETURN_IF_ERROR(ScanRows(
      ctx, *reader_, key::kHubSpace, kv::Range::After(kv::Range::All(), after),
      [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
        if (hubs.size() == limit) {
          return false;
        }
        ASSIGN_OR_RETURN(
            hubs.emplace_back(),
            DecodeHubRecord({std::string(row.value()), row.revision()}));
        return true;
      }));
  return hubs;
}

absl::StatusOr<HubProgress> GraphReader::GetHubProgress(
    const Context& ctx, absl::string_view hub) const {
  ASSIGN_OR_RETURN(const auto row,
                   reader_->Get(ctx, key::kHubProgressSpace, hub));
  if (!row.has_value()) {
    return HubProgress();
  }
  return DecodeHubProgress(*row);
}

absl::StatusOr<std::optional<DeviceRecord>> GraphReader::FindDevice(
    const Context& ctx, absl::string_view hub,
    absl::Span<const std::string> path) const {
  const std::string key = key::EncodeDeviceKey(hub, path);
  ASSIGN_OR_RETURN(const auto row, reader_->Get(ctx, key::kDeviceSpace, key));
  if (!row.has_value()) {
    return std::nullopt;
  }
  return DecodeDeviceRecord(key, *row);
}

absl::StatusOr<std::vector<DeviceRecord>> GraphReader::ListDevices(
    const Context& ctx, absl::string_view hub,
    absl::Span<const std::string> after, size_t limit) const {
  std::vector<DeviceRecord> devices;
  const kv::Range range =
      kv::Range::After(kv::Range::Prefix(key::DevicePrefix(hub)),
                       key::EncodeDeviceKey(hub, after));
  RETURN_IF_ERROR(ScanRows(
      ctx, *reader_, key::kDeviceSpace, range,
      [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
        if (devices.size() == limit) {
          return false;
        }
        ASSIGN_OR_RETURN(
            devices.emplace_back(),
            DecodeDeviceRecord(row.key(),
                               {std::string(row.value()), row.revision()}));
        return true;
      }));
  return devices;
}

}  // namespace twingraph::graph

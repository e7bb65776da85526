// Covered by tests/server/engine/device_ops_test.cc.
#include "server/engine/device_sweep.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::engine {
namespace {

// Devices of one commit.
constexpr size_t kSlice = 200;

}  // namespace

absl::Status DeviceSweep::Run(const Context& ctx, Visit visit) {
  return Run(ctx, [](const graph::DeviceRecord&) { return true; }, visit);
}

absl::Status DeviceSweep::Run(const Context& ctx, Filter filter, Visit visit) {
  std::vector<std::string> after;
  while (true) {
    ASSIGN_OR_RETURN(const auto reader, parts_.graph->OpenSnapshot(ctx));
    ASSIGN_OR_RETURN(const std::vector<graph::DeviceRecord> slice,
                     reader->ListDevices(ctx, hub_, after, kSlice));
    if (slice.empty()) {
      return absl::OkStatus();
    }
    after = slice.back().path;
    std::vector<const graph::DeviceRecord*> picked;
    for (const graph::DeviceRecord& device : slice) {
      if (filter(device)) {
        picked.push_back(&device);
      }
    }
    if (picked.empty()) {
      continue;
    }
    const auto visit_slice = [&](graph::GraphWriter& writer) -> absl::Status {
      for (const graph::DeviceRecord* device : picked) {
        ASSIGN_OR_RETURN(const auto current,
                         writer.FindDeviceForUpdate(ctx, hub_, device->path));
        if (current.has_value()) {
          RETURN_IF_ERROR(visit(writer, *current));
        }
      }
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(parts_.Write(ctx, {}, visit_slice).status());
    visited_ += picked.size();
  }
}

absl::Status DeviceSweep::RefuseRelationships(const Context& ctx) {
  ASSIGN_OR_RETURN(const auto reader, parts_.graph->OpenSnapshot(ctx));
  std::vector<std::string> after;
  while (true) {
    ASSIGN_OR_RETURN(const auto slice,
                     reader->ListDevices(ctx, hub_, after, kSlice));
    for (const graph::DeviceRecord& device : slice) {
      if (!device.twin.has_value()) {
        continue;
      }
      size_t degree = 0;
      for (const graph::Direction direction :
           {graph::Direction::kOutgoing, graph::Direction::kIncoming}) {
        ASSIGN_OR_RETURN(
            const size_t count,
            reader->Degree(ctx, *device.twin, direction, std::nullopt));
        degree += count;
      }
      if (degree > 0) {
        return FailedPrecondition(
            v1::ERROR_REASON_TWIN_HAS_RELATIONSHIPS,
            absl::StrCat("the proxy twin \"", device.twin_id, "\" has ", degree,
                         " relationships; delete them first, or keep "
                         "the proxies"),
            {{"twin", device.twin_id}});
      }
    }
    if (slice.size() < kSlice) {
      return absl::OkStatus();
    }
    after = slice.back().path;
  }
}

}  // namespace twingraph::engine

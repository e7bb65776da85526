// Covered by tests/storage/kv_rocks/store_test.cc and disk_fault_test.cc.
#include "storage/kv_rocks/store.h"

#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "storage/base/status_macros.h"
#include "storage/kv_rocks/directory.h"
#include "storage/kv_rocks/disk_space.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/rocks_engine.h"

namespace twingraph::kv_rocks {
namespace {

// A store that could not take its first commit is not begun: it would be a
// graph in the way of a restore.
absl::Status CheckRoomForNew(const StoreOptions& options) {
  std::filesystem::path place = AbsolutePath(options.directory);
  std::error_code error;
  if (std::filesystem::exists(place, error)) {
    return absl::OkStatus();
  }
  while (place.has_relative_path() && !std::filesystem::exists(place, error)) {
    place = place.parent_path();
  }
  return DiskSpace(EnvOf(options), place, options.disk_reserve_bytes)
      .CheckRoomToOpen(options.disk_reserve_bytes + kBytesOfAnEmptyStore);
}

}  // namespace

absl::StatusOr<std::unique_ptr<kv::Engine>> OpenEngine(
    const std::vector<kv::SpaceSpec>& spaces, const StoreOptions& options) {
  RETURN_IF_ERROR(CheckRoomForNew(options));
  ASSIGN_OR_RETURN(
      std::unique_ptr<StoreDirectory> directory,
      StoreDirectory::Open(options.directory, options.accept_lost_commits));
  auto engine =
      std::make_unique<RocksEngine>(spaces, std::move(directory), options);
  RETURN_IF_ERROR(engine->Open());
  return engine;
}

}  // namespace twingraph::kv_rocks

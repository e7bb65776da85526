#pragma once

// Is a backup as it was written? A file that backups share is looked at, and
// read, once for all of them; what was found of it is kept as long as this
// object lives. Not thread-safe.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "storage/base/context.h"
#include "storage/kv_rocks/backup_directory.h"
#include "storage/kv_rocks/copy_file.h"

namespace twingraph::kv_rocks {

class BackupCheck {
 public:
  explicit BackupCheck(std::string directory)
      : directory_(std::move(directory)) {}

  // Are all its files there, with their sizes? Reads none of them. Logs what is
  // wrong, as the following does.
  bool HasFiles(const BackupRecord& record);

  // Has every file the bytes that it was written with? Reads them all.
  // Errors: CANCELLED, DEADLINE_EXCEEDED / CALL_ENDED.
  absl::StatusOr<bool> IsWhole(const Context& ctx, const BackupRecord& record);

  // What a file of the directory holds; nullopt where it cannot be read.
  // Errors: as IsWhole.
  absl::StatusOr<std::optional<FileSum>> Sum(const Context& ctx,
                                             const std::string& path);

  // Of all its files.
  uint64_t BytesOf(const BackupRecord& record);

 private:
  std::optional<uint64_t> FileBytes(const std::string& path);

  const std::string directory_;
  std::map<std::string, std::optional<uint64_t>> bytes_;
  std::map<std::string, std::optional<FileSum>> sums_;
};

}  // namespace twingraph::kv_rocks

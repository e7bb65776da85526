#pragma once

// The list of files of a backup, as RocksDB's backup engine writes and reads it
// (`meta/ID`, schemas 1 and 2.0), and the mark of ours that seals it
// (`revisions/ID`). Frozen: stored. Texts only; touches no disk.
//
//   schema_version 2.0
//   1700000000                                     when, seconds since 1970
//   4711                                           RocksDB's sequence number
//   2                                              count of files
//   shared_checksum/000008_sXYZ_1234.sst crc32 99 size 1234
//   private/1/CURRENT crc32 7 size 16
//
// The mark is `REVISION EPOCH HASH`, the hash of the two numbers and the list
// in hexadecimal. Lists of schema 1 have no sizes, and marks of the first
// builds no hash: what they do not have is not compared.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/kv/row.h"

namespace twingraph::kv_rocks {

struct BackupFile {
  std::string path;  // below the directory of backups
  uint32_t crc32c = 0;
  std::optional<uint64_t> bytes = std::nullopt;

  bool is_shared() const;
  // Its name in a store.
  std::string store_name() const;
};

struct BackupManifest {
  absl::Time time;
  uint64_t sequence = 0;
  std::vector<BackupFile> files = {};
};

std::string FormatManifest(const BackupManifest& manifest);

// nullopt for what no backup engine writes, such as paths of another backup
// than `id`.
std::optional<BackupManifest> ParseManifest(absl::string_view text,
                                            uint32_t id);

// Where a finished backup stands.
struct BackupPlace {
  kv::Revision revision = 0;
  uint64_t epoch = 0;
};

std::string FormatMark(const BackupPlace& place, absl::string_view manifest);

// nullopt for what is no mark, or that of another list of files.
std::optional<BackupPlace> ParseMark(absl::string_view text,
                                     absl::string_view manifest);

}  // namespace twingraph::kv_rocks

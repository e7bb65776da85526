#pragma once

// Reads and copies whole files a piece at a time, with the checksum (crc32c)
// that RocksDB notes of its tables. Looks at the caller's clock between pieces.

#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "rocksdb/env.h"

#include "storage/base/context.h"

namespace twingraph::kv_rocks {

// What a file is compared by.
struct FileSum {
  uint64_t bytes = 0;
  uint32_t crc32c = 0;

  friend bool operator==(const FileSum&, const FileSum&) = default;
};

// A checksum as RocksDB keeps it in its list of files.
// REQUIRES: four bytes, as the function "FileChecksumCrc32c" gives.
uint32_t Crc32cFrom(const std::string& checksum);

FileSum SumText(absl::string_view text);

// What a failure is to the caller, who knows whose file it is.
using FileErrorOf = std::function<absl::Status(const rocksdb::Status&)>;

// Reads a file. Errors: what `error_of` says; those of the context.
absl::StatusOr<FileSum> SumFile(const Context& ctx, rocksdb::Env& env,
                                const std::string& path,
                                const FileErrorOf& error_of);

struct FileCopy {
  rocksdb::Env& env;  // of the file that is read
  std::string from;
  std::string to;  // of the system's own disk; is replaced
  uint64_t limit = std::numeric_limits<uint64_t>::max();  // bytes, of `from`
  FileErrorOf read_error;
  FileErrorOf write_error = nullptr;  // of what only reads
};

// Copies the beginning of a file, and says what it copied. The bytes are
// durable when the call returns, the name is not. Errors: as SumFile; `to` may
// be left in part.
absl::StatusOr<FileSum> CopyFile(const Context& ctx, const FileCopy& copy);

}  // namespace twingraph::kv_rocks

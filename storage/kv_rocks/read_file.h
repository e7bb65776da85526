#pragma once

// Looks at files and directories that anything may be wrong with: whatever it
// is, the answer is an error that names the path, never an exception. Errors of
// each: UNAVAILABLE / STORE_UNAVAILABLE where the system refuses; DATA_LOSS /
// STORE_CORRUPT where something else lies there than what should.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace twingraph::kv_rocks {

// The error of the call that just failed, as errno tells it: what could not be
// done with which path, why, and what to do; RESOURCE_EXHAUSTED / STORE_FULL
// where the disk is full. The system's text goes to the log.
absl::Status DiskError(absl::string_view what, absl::string_view path);

// Is anything there?
absl::StatusOr<bool> Exists(const std::string& path);

// The content of a file; nullopt where none is there.
absl::StatusOr<std::optional<std::string>> ReadFile(const std::string& path);

// The names in a directory, in no order; none where it is absent.
absl::StatusOr<std::vector<std::string>> NamesIn(const std::string& path);

// May this process read the file or directory?
absl::Status CheckReadable(const std::string& path);

// The path from the root. Does not look at the disk.
std::string AbsolutePath(const std::string& path);

}  // namespace twingraph::kv_rocks

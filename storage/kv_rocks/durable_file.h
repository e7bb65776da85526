#pragma once

// Small files and names that are durable when a call returns. Errors of each:
// UNAVAILABLE / STORE_UNAVAILABLE and RESOURCE_EXHAUSTED / STORE_FULL with the
// cause and what to do; path and the system's text go to the log.

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace twingraph::kv_rocks {

// Makes the names in a directory durable, as they are now; "" is the current
// one.
absl::Status SyncDirectory(const std::string& path);

// Makes a directory and its parents where they are absent.
absl::Status MakeDirectories(const std::string& path);

// Removes a file or a directory with all in it. An absent one is fine.
absl::Status RemoveAll(const std::string& path);

// Writes a file that is there whole or not at all, whenever the power fails.
absl::Status WriteDurably(const std::string& directory, const char* name,
                          absl::string_view content);

// An absent file is fine.
absl::Status RemoveDurably(const std::string& directory, const char* name);

// Gives a file or directory another name in the same directory.
absl::Status RenameDurably(const std::string& from, const std::string& to);

}  // namespace twingraph::kv_rocks

#pragma once

// Files that a user names, opened to be read. A folder, an absent file and one
// that may not be read are errors that name it: NOT_FOUND / INVALID_FIELD with
// metadata `file`. Never throws.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace twingraph::graphfile {

// Opens `file`, byte by byte as it is.
absl::Status OpenInput(const std::filesystem::path& file,
                       std::ifstream& stream);

// `path` itself, or where it is a folder the .json and .jsonl files at any
// depth below it, in the order of their names.
absl::StatusOr<std::vector<std::filesystem::path>> ModelFilesAt(
    const std::string& path);

}  // namespace twingraph::graphfile

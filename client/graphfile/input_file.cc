#include "client/graphfile/input_file.h"

#include <algorithm>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"

namespace twingraph::graphfile {
namespace {

namespace fs = std::filesystem;

absl::Status CannotRead(absl::string_view what, const std::string& path) {
  return NotFound(v1::ERROR_REASON_INVALID_FIELD,
                  absl::StrCat("cannot read the ", what, " ", path),
                  {{"file", path}});
}

}  // namespace

absl::Status OpenInput(const fs::path& file, std::ifstream& stream) {
  std::error_code error;
  stream.open(file, std::ios::binary);
  // A folder opens, and then has nothing to read.
  if (!stream.is_open() || fs::is_directory(file, error)) {
    return CannotRead("file", file.string());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<fs::path>> ModelFilesAt(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    return std::vector<fs::path>{path};
  }
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator it(path, error), end;
       !error && it != end; it.increment(error)) {
    const fs::path extension = it->path().extension();
    if (extension == ".json" || extension == ".jsonl") {
      files.push_back(it->path());
    }
  }
  if (error) {
    return CannotRead("folder", path);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace twingraph::graphfile

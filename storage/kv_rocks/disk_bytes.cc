#include "storage/kv_rocks/disk_bytes.h"

#include <filesystem>
#include <system_error>

#include <sys/stat.h>

namespace twingraph::kv_rocks {
namespace {

// What st_blocks counts, on every file system.
constexpr uint64_t kBlockBytes = 512;

}  // namespace

uint64_t DiskBytesOf(const std::string& directory) {
  namespace fs = std::filesystem;
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory, error), end;
       !error && it != end; it.increment(error)) {
    struct stat found;
    if (lstat(it->path().c_str(), &found) == 0 && S_ISREG(found.st_mode)) {
      bytes += static_cast<uint64_t>(found.st_blocks) * kBlockBytes;
    }
  }
  return bytes;
}

}  // namespace twingraph::kv_rocks

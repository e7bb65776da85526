// Covered by tests/storage/kv_rocks/corruption_test.cc.
#include "storage/kv_rocks/table_tail.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/fixed_int.h"
#include "storage/kv_rocks/read_file.h"

namespace twingraph::kv_rocks {
namespace {

// checksum type:1, place of the metaindex (offset and size as varints), more,
// version:4, magic:8.
constexpr size_t kFooterBytes = 53;
constexpr uint64_t kMagic = 0x88e241b785f4cff7;

// Properties are the block before the metaindex, and their last bytes are
// count:4, compression:1, checksum:4.
constexpr size_t kTailBytes = 9;

// The last bytes before `end`; nullopt where the file has not so many.
std::optional<std::string> BytesBefore(std::ifstream& file, uint64_t end,
                                       size_t count) {
  std::string bytes(count, '\0');
  if (end < count || !file.seekg(static_cast<std::streamoff>(end - count)) ||
      !file.read(bytes.data(), static_cast<std::streamsize>(count))) {
    return std::nullopt;
  }
  return bytes;
}

// How many restart points the properties say they have; nullopt where that
// cannot be told.
std::optional<uint32_t> RestartsOfProperties(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<uint64_t>(std::max<std::streamoff>(
      file.is_open() ? static_cast<std::streamoff>(file.tellg()) : 0, 0));
  const auto footer = BytesBefore(file, size, kFooterBytes);
  if (!footer.has_value() ||
      kv::ReadFixed64(footer->data() + kFooterBytes - 8) != kMagic) {
    return std::nullopt;
  }
  absl::string_view rest = absl::string_view(*footer).substr(1);
  uint64_t metaindex = 0;
  if (!kv::TakeVarint(rest, metaindex) || metaindex >= size) {
    return std::nullopt;
  }
  const auto tail = BytesBefore(file, metaindex, kTailBytes);
  if (!tail.has_value()) {
    return std::nullopt;
  }
  return kv::ReadFixed32(tail->data());
}

}  // namespace

absl::Status CheckTableTails(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesIn(directory));
  for (const std::string& name : names) {
    if (absl::EndsWith(name, ".sst") &&
        RestartsOfProperties(absl::StrCat(directory, "/", name)).value_or(1) >
            1) {
      return DataLoss(absl::StrCat("stored bytes are damaged: ", name),
                      {{"space", "store"}, {"while", "open"}, {"file", name}});
    }
  }
  return absl::OkStatus();
}

}  // namespace twingraph::kv_rocks

// Covered by tests/storage/kv_rocks/wal_check_test.cc.
#include "storage/kv_rocks/wal_record.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/fixed_int.h"
#include "storage/kv_rocks/copy_file.h"
#include "storage/kv_rocks/read_file.h"

namespace twingraph::kv_rocks {
namespace {

constexpr uint8_t kSetCompression = 9;

// A batch begins with sequence:8 count:4.
constexpr size_t kBatchHeaderBytes = 12;

// As stored: rotated and offset, so that a checksum of bytes that hold
// checksums is a good one too.
uint32_t MaskedCrc(absl::string_view bytes) {
  const uint32_t crc = SumText(bytes).crc32c;
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

}  // namespace

WalRecord WalRecordAt(absl::string_view bytes) {
  if (bytes.size() < kWalHeaderBytes) {
    return {};
  }
  const size_t length = static_cast<uint8_t>(bytes[4]) |
                        (size_t{static_cast<uint8_t>(bytes[5])} << 8);
  const auto type = static_cast<uint8_t>(bytes[6]);
  const bool is_known =
      (type >= kWalFull && type <= kWalLast) || type == kSetCompression;
  if (!is_known || kWalHeaderBytes + length > bytes.size() ||
      kv::ReadFixed32(bytes.data()) != MaskedCrc(bytes.substr(6, 1 + length))) {
    return {};
  }
  return {type, kWalHeaderBytes + length};
}

void VisitBatches(absl::string_view log,
                  absl::FunctionRef<void(const WalBatch&)> visit) {
  std::string batch;  // that is being read
  for (size_t at = 0; at < log.size(); at += kWalBlockBytes) {
    absl::string_view block = log.substr(at, kWalBlockBytes);
    while (block.size() >= kWalHeaderBytes) {
      const WalRecord record = WalRecordAt(block);
      if (record.bytes == 0) {
        return;
      }
      if (record.type == kWalFull || record.type == kWalFirst) {
        batch.clear();
      }
      batch.append(
          ToStd(block.substr(kWalHeaderBytes, record.bytes - kWalHeaderBytes)));
      const bool is_whole = record.type == kWalFull || record.type == kWalLast;
      if (is_whole && batch.size() >= kBatchHeaderBytes) {
        visit(
            {kv::ReadFixed64(batch.data()), kv::ReadFixed32(&batch[8]), batch});
      }
      block.remove_prefix(record.bytes);
    }
  }
}

absl::StatusOr<std::vector<std::string>> WalFiles(
    const std::string& directory) {
  ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIn(directory));
  std::erase_if(names, [](const std::string& name) {
    return !absl::EndsWith(name, ".log");
  });
  // Names are numbers, of equal width as long as that is enough.
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) {
              return a.size() != b.size() ? a.size() < b.size() : a < b;
            });
  return names;
}

absl::StatusOr<std::string> ReadWal(const std::string& path) {
  ASSIGN_OR_RETURN(std::optional<std::string> log, ReadFile(path));
  if (!log.has_value()) {
    return DataLoss(absl::StrCat("the log ", path, " is missing"),
                    {{"space", "log"}, {"while", "open"}});
  }
  return *std::move(log);
}

}  // namespace twingraph::kv_rocks

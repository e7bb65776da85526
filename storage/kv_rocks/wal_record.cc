// Covered by tests/storage/kv_rocks/wal_check_test.cc.
#include "storage/kv_rocks/wal_record.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/kv/fixed_int.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

constexpr uint8_t kSetCompression = 9;

// A batch begins with sequence:8 count:4.
constexpr size_t kBatchHeaderBytes = 12;

// Tables for eight bytes at once: [i][b] is the checksum of b and i zeros.
using CrcTables = std::array<std::array<uint32_t, 256>, 8>;

constexpr CrcTables MakeCrcTables() {
  CrcTables tables = {};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);  // Castagnoli
    }
    tables[0][i] = crc;
  }
  for (size_t table = 1; table < 8; ++table) {
    for (size_t i = 0; i < 256; ++i) {
      const uint32_t crc = tables[table - 1][i];
      tables[table][i] = tables[0][crc & 0xFF] ^ (crc >> 8);
    }
  }
  return tables;
}

constexpr CrcTables kCrc = MakeCrcTables();

// Of eight bytes, given that of what is before them.
uint32_t CrcOfEight(uint32_t crc, const char* bytes) {
  const uint64_t all = kv::ReadFixed64(bytes) ^ crc;
  crc = 0;
  for (size_t i = 0; i < 8; ++i) {
    crc ^= kCrc[7 - i][(all >> (8 * i)) & 0xFF];
  }
  return crc;
}

// As stored: rotated and offset, so that a checksum of bytes that hold
// checksums is a good one too.
uint32_t MaskedCrc(absl::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    crc = CrcOfEight(crc, bytes.data());
  }
  for (const char byte : bytes) {
    crc = kCrc[0][(crc ^ static_cast<uint8_t>(byte)) & 0xFF] ^ (crc >> 8);
  }
  crc = ~crc;
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

void VisitBatches(
    absl::string_view log,
    absl::FunctionRef<void(uint64_t sequence, uint32_t count)> visit) {
  std::string begin;  // of the batch that is being read
  for (size_t at = 0; at < log.size(); at += kWalBlockBytes) {
    absl::string_view block = log.substr(at, kWalBlockBytes);
    while (block.size() >= kWalHeaderBytes) {
      const WalRecord record = WalRecordAt(block);
      if (record.bytes == 0) {
        return;
      }
      if (record.type == kWalFull || record.type == kWalFirst) {
        begin.clear();
      }
      begin.append(
          ToStd(block.substr(kWalHeaderBytes, record.bytes - kWalHeaderBytes)
                    .substr(0, kBatchHeaderBytes)));
      const bool is_whole = record.type == kWalFull || record.type == kWalLast;
      if (is_whole && begin.size() >= kBatchHeaderBytes) {
        visit(kv::ReadFixed64(begin.data()), kv::ReadFixed32(&begin[8]));
      }
      block.remove_prefix(record.bytes);
    }
  }
}

std::vector<std::string> WalFiles(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator file(directory, error), end;
       !error && file != end; file.increment(error)) {
    if (file->path().extension() == ".log") {
      names.push_back(file->path().filename());
    }
  }
  // Names are numbers, of equal width as long as that is enough.
  std::sort(names.begin(), names.end(),
            [](const std::string& a, const std::string& b) {
              return a.size() != b.size() ? a.size() < b.size() : a < b;
            });
  return names;
}

absl::StatusOr<std::string> ReadWal(const std::string& path) {
  std::error_code error;
  const uintmax_t size = fs::file_size(path, error);
  std::string log(error ? 0 : size, '\0');
  std::ifstream file(path, std::ios::binary);
  if (error ||
      !file.read(log.data(), static_cast<std::streamsize>(log.size()))) {
    return MakeError(absl::StatusCode::kUnavailable,
                     v1::ERROR_REASON_STORE_UNAVAILABLE,
                     "the disk of the store failed", {{"while", "open"}});
  }
  return log;
}

}  // namespace twingraph::kv_rocks

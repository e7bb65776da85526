#include "storage/kv_rocks/wal_check.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "absl/strings/match.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/kv/fixed_int.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

constexpr size_t kBlockBytes = 32 << 10;
constexpr size_t kHeaderBytes = 7;

// Types of records: a whole one, or the parts of one that spans blocks.
constexpr uint8_t kFull = 1;
constexpr uint8_t kFirst = 2;
constexpr uint8_t kLast = 4;
constexpr uint8_t kSetCompression = 9;

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table = {};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78U : 0U);  // Castagnoli
    }
    table[i] = crc;
  }
  return table;
}

// As stored: rotated and offset, so that a checksum of bytes that hold
// checksums is a good one too.
uint32_t MaskedCrc(absl::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = MakeCrcTable();
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) {
    crc = kTable[(crc ^ static_cast<uint8_t>(byte)) & 0xFF] ^ (crc >> 8);
  }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8U;
}

// The type of the record at the start of `bytes`, which end with their block,
// and its length with header; length 0: there is no whole one.
struct Record {
  uint8_t type = 0;
  size_t bytes = 0;
};

Record RecordAt(absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes) {
    return {};
  }
  const size_t length = static_cast<uint8_t>(bytes[4]) |
                        (size_t{static_cast<uint8_t>(bytes[5])} << 8);
  const auto type = static_cast<uint8_t>(bytes[6]);
  const bool is_known =
      (type >= kFull && type <= kLast) || type == kSetCompression;
  if (!is_known || kHeaderBytes + length > bytes.size() ||
      kv::ReadFixed32(bytes.data()) != MaskedCrc(bytes.substr(6, 1 + length))) {
    return {};
  }
  return {type, kHeaderBytes + length};
}

bool Begins(const Record& record) {
  return record.bytes > 0 && (record.type == kFull || record.type == kFirst);
}

// Does a record begin anywhere in a block, of which no length can be trusted?
bool HoldsBeginning(absl::string_view block) {
  for (size_t at = 0; at + kHeaderBytes <= block.size(); ++at) {
    if (Begins(RecordAt(block.substr(at)))) {
      return true;
    }
  }
  return false;
}

// How much of a block is whole records; all of it where only padding is left.
size_t WholeBytes(absl::string_view block) {
  size_t at = 0;
  while (block.size() - at >= kHeaderBytes) {
    const Record record = RecordAt(block.substr(at));
    if (record.bytes == 0) {
      return at;
    }
    at += record.bytes;
  }
  return block.size();
}

std::string NewestLog(const std::string& directory) {
  std::string newest;
  std::error_code error;
  for (const auto& file : fs::directory_iterator(directory, error)) {
    const std::string name = file.path().filename();
    // Names are numbers of equal width.
    if (absl::EndsWith(name, ".log") && name.size() >= newest.size() &&
        (name.size() > newest.size() || name > newest)) {
      newest = name;
    }
  }
  return newest;
}

}  // namespace

bool IsDamagedBeforeItsEnd(absl::string_view log) {
  bool is_damaged = false;
  for (size_t at = 0; at < log.size(); at += kBlockBytes) {
    absl::string_view block = log.substr(at, kBlockBytes);
    if (!is_damaged) {
      const size_t whole = WholeBytes(block);
      is_damaged = whole < block.size();
      block.remove_prefix(whole);
    }
    if (is_damaged && HoldsBeginning(block)) {
      return true;
    }
  }
  return false;
}

absl::Status CheckNewestLog(const std::string& directory) {
  const std::string name = NewestLog(directory);
  if (name.empty()) {
    return absl::OkStatus();
  }
  std::ifstream file(directory + "/" + name, std::ios::binary);
  const std::string log((std::istreambuf_iterator<char>(file)),
                        std::istreambuf_iterator<char>());
  if (file.bad()) {
    return MakeError(absl::StatusCode::kUnavailable,
                     v1::ERROR_REASON_STORE_UNAVAILABLE,
                     "the disk of the store failed", {{"while", "open"}});
  }
  if (!IsDamagedBeforeItsEnd(log)) {
    return absl::OkStatus();
  }
  LogError("store_failed", {{"while", "open"},
                            {"engine", "log damaged before its end"},
                            {"file", name}});
  return DataLoss(
      "the newest log of the store is damaged before its end: commits that "
      "were acknowledged would be missing",
      {{"space", "log"}, {"while", "open"}});
}

}  // namespace twingraph::kv_rocks

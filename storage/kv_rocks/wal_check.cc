#include "storage/kv_rocks/wal_check.h"

#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/wal_record.h"

namespace twingraph::kv_rocks {
namespace {

bool Begins(const WalRecord& record) {
  return record.bytes > 0 &&
         (record.type == kWalFull || record.type == kWalFirst);
}

// Does a record begin anywhere in a block, of which no length can be trusted?
bool HoldsBeginning(absl::string_view block) {
  for (size_t at = 0; at + kWalHeaderBytes <= block.size(); ++at) {
    if (Begins(WalRecordAt(block.substr(at)))) {
      return true;
    }
  }
  return false;
}

// How much of a block is whole records; all of it where only padding is left.
size_t WholeBytes(absl::string_view block) {
  size_t at = 0;
  while (block.size() - at >= kWalHeaderBytes) {
    const WalRecord record = WalRecordAt(block.substr(at));
    if (record.bytes == 0) {
      return at;
    }
    at += record.bytes;
  }
  return block.size();
}

}  // namespace

bool IsDamagedBeforeItsEnd(absl::string_view log) {
  bool is_damaged = false;
  for (size_t at = 0; at < log.size(); at += kWalBlockBytes) {
    absl::string_view block = log.substr(at, kWalBlockBytes);
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

bool IsTorn(absl::string_view log) {
  bool is_open = false;
  for (size_t at = 0; at < log.size(); at += kWalBlockBytes) {
    absl::string_view block = log.substr(at, kWalBlockBytes);
    const bool is_full = block.size() == kWalBlockBytes;
    while (block.size() >= kWalHeaderBytes) {
      const WalRecord record = WalRecordAt(block);
      if (record.bytes == 0) {
        return true;
      }
      is_open = record.type != kWalFull && record.type != kWalLast;
      block.remove_prefix(record.bytes);
    }
    if (!is_full && !block.empty()) {
      return true;
    }
  }
  return is_open;
}

absl::StatusOr<bool> CheckNewestLog(const std::string& directory) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, WalFiles(directory));
  if (names.empty()) {
    return false;
  }
  const std::string& name = names.back();
  ASSIGN_OR_RETURN(const std::string log, ReadWal(directory + "/" + name));
  if (!IsDamagedBeforeItsEnd(log)) {
    const bool is_torn = IsTorn(log);
    if (is_torn) {
      LogWarning("store_log_torn", {{"file", name}});
    }
    return is_torn;
  }
  LogError("store_failed", {{"while", "open"},
                            {"engine", "log damaged before its end"},
                            {"file", name}});
  return DataLoss(
      absl::StrCat("the newest log of the store is damaged before its end, so "
                   "commits that were acknowledged would be missing: ",
                   directory, "/", name,
                   "; --accept-lost-commits opens the store without them"),
      {{"space", "log"}, {"while", "open"}});
}

}  // namespace twingraph::kv_rocks

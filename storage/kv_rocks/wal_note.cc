// Covered by tests/storage/kv_rocks/corruption_test.cc.
#include "storage/kv_rocks/wal_note.h"

#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/wal_record.h"

namespace twingraph::kv_rocks {
namespace {

constexpr char kName[] = "WAL";
constexpr char kWritten[] = "written";

absl::Status Lost(const std::string& what) {
  LogError("store_failed", {{"while", "open"}, {"engine", what}});
  return DataLoss(
      "the newest log of the store is missing: commits that were acknowledged "
      "are gone",
      {{"space", "log"}, {"while", "open"}});
}

}  // namespace

absl::Status WalNote::Check() const {
  std::ifstream file(directory_ + "/" + kName);
  uint64_t noted = 0;
  std::string state;
  if (!(file >> noted >> state)) {
    return absl::OkStatus();
  }
  const std::vector<std::string> names = WalFiles(directory_);
  uint64_t newest = 0;
  if (!names.empty()) {
    const std::string& name = names.back();
    const std::string digits = name.substr(0, name.find('.'));
    newest = absl::SimpleAtoi(digits, &newest) ? newest : 0;
  }
  if (newest < noted) {
    return Lost(absl::StrCat("log ", noted, " is missing"));
  }
  std::error_code error;
  if (newest == noted && state == kWritten &&
      std::filesystem::file_size(directory_ + "/" + names.back(), error) == 0) {
    return Lost(absl::StrCat("log ", noted, " is empty"));
  }
  return absl::OkStatus();
}

absl::Status WalNote::Forget() {
  is_stored_ = false;
  return RemoveDurably(directory_, kName);
}

void WalNote::Note(uint64_t number, bool is_written) {
  if (is_stored_ && number == number_ && (is_written_ || !is_written)) {
    return;
  }
  number_ = number;
  is_written_ = is_written;
  is_stored_ =
      WriteDurably(
          directory_, kName,
          absl::StrCat(number, is_written ? " written" : " begun", "\n"))
          .ok();
}

}  // namespace twingraph::kv_rocks

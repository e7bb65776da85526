// Covered by tests/storage/kv_rocks/corruption_test.cc.
#include "storage/kv_rocks/wal_note.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/read_file.h"
#include "storage/kv_rocks/wal_record.h"

namespace twingraph::kv_rocks {
namespace {

constexpr char kName[] = "WAL";
constexpr char kWritten[] = "written";

absl::Status Lost(absl::string_view directory, absl::string_view what) {
  LogError("store_failed", {{"while", "open"}, {"engine", what}});
  return DataLoss(
      absl::StrCat("the newest log of the store in ", directory,
                   " is missing, so commits that were acknowledged are gone; "
                   "--accept-lost-commits opens the store without them"),
      {{"space", "log"}, {"while", "open"}});
}

}  // namespace

absl::Status WalNote::Check() const {
  ASSIGN_OR_RETURN(const std::optional<std::string> note,
                   ReadFile(absl::StrCat(directory_, "/", kName)));
  const std::vector<std::string> words =
      absl::StrSplit(absl::StripAsciiWhitespace(note.value_or("")), ' ');
  uint64_t noted = 0;
  if (words.size() != 2 || !absl::SimpleAtoi(words[0], &noted)) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> names, WalFiles(directory_));
  const std::string newest_name = names.empty() ? "" : names.back();
  uint64_t newest = 0;
  if (!absl::SimpleAtoi(absl::StripSuffix(newest_name, ".log"), &newest) ||
      newest < noted) {
    return Lost(directory_, absl::StrCat("log ", noted, " is missing"));
  }
  if (newest > noted || words[1] != kWritten) {
    return absl::OkStatus();
  }
  std::error_code error;
  return std::filesystem::file_size(directory_ + "/" + newest_name, error) == 0
             ? Lost(directory_, absl::StrCat("log ", noted, " is empty"))
             : absl::OkStatus();
}

absl::Status WalNote::Forget() {
  ASSIGN_OR_RETURN(const std::optional<std::string> note,
                   ReadFile(absl::StrCat(directory_, "/", kName)));
  if (note.has_value()) {
    forgotten_ = *note;
  }
  is_stored_ = false;
  return RemoveDurably(directory_, kName);
}

void WalNote::PutBack() {
  if (!forgotten_.empty() && WriteDurably(directory_, kName, forgotten_).ok()) {
    forgotten_.clear();
  }
}

void WalNote::Note(uint64_t number, bool is_written) {
  if (is_stored_ && number == number_ && (is_written_ || !is_written)) {
    return;
  }
  number_ = number;
  is_written_ = is_written;
  is_stored_ = WriteDurably(directory_, kName,
                            absl::StrCat(number, " ",
                                         is_written ? kWritten : "begun", "\n"))
                   .ok();
  if (is_stored_) {
    forgotten_.clear();
  }
}

}  // namespace twingraph::kv_rocks

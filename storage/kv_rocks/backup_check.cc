// Covered by tests/storage/kv_rocks/backup_test.cc.
#include "storage/kv_rocks/backup_check.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

void LogDamage(const BackupRecord& record, const std::string& directory,
               const std::string& file) {
  LogWarning("backup_damaged", {{"backup", absl::StrCat(record.backup.id)},
                                {"directory", directory},
                                {"file", file}});
}

}  // namespace

bool BackupCheck::HasFiles(const BackupRecord& record) {
  if (record.backup.is_damaged) {
    LogDamage(record, directory_, absl::StrCat("meta/", record.backup.id));
    return false;
  }
  for (const BackupFile& file : record.files) {
    const std::optional<uint64_t> bytes = FileBytes(file.path);
    if (!bytes.has_value() || *bytes != file.bytes.value_or(*bytes)) {
      LogDamage(record, directory_, file.path);
      return false;
    }
  }
  return true;
}

absl::StatusOr<bool> BackupCheck::IsWhole(const Context& ctx,
                                          const BackupRecord& record) {
  if (!HasFiles(record)) {
    return false;
  }
  for (const BackupFile& file : record.files) {
    ASSIGN_OR_RETURN(const std::optional<FileSum> sum, Sum(ctx, file.path));
    if (!sum.has_value() || sum->crc32c != file.crc32c) {
      LogDamage(record, directory_, file.path);
      return false;
    }
  }
  return true;
}

absl::StatusOr<std::optional<FileSum>> BackupCheck::Sum(
    const Context& ctx, const std::string& path) {
  const auto known = sums_.find(path);
  if (known != sums_.end()) {
    return known->second;
  }
  const auto sum = SumFile(ctx, *rocksdb::Env::Default(),
                           absl::StrCat(directory_, "/", path),
                           [](const rocksdb::Status& status) {
                             return ToStatus(status, "read backup");
                           });
  RETURN_IF_ERROR(ctx.Check());
  return sums_[path] = sum.ok() ? std::optional<FileSum>(*sum) : std::nullopt;
}

uint64_t BackupCheck::BytesOf(const BackupRecord& record) {
  uint64_t bytes = 0;
  for (const BackupFile& file : record.files) {
    bytes +=
        file.bytes.has_value() ? *file.bytes : FileBytes(file.path).value_or(0);
  }
  return bytes;
}

std::optional<uint64_t> BackupCheck::FileBytes(const std::string& path) {
  const auto [known, is_new] = bytes_.try_emplace(path);
  if (is_new) {
    std::error_code error;
    const uintmax_t bytes = fs::file_size(directory_ + "/" + path, error);
    if (!error) {
      known->second = bytes;
    }
  }
  return known->second;
}

}  // namespace twingraph::kv_rocks

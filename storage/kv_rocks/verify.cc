// Covered by tests/storage/kv_rocks/corruption_test.cc.
#include "storage/kv_rocks/verify.h"

#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/env.h"
#include "rocksdb/metadata.h"
#include "rocksdb/sst_file_reader.h"
#include "rocksdb/utilities/backup_engine.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/copy_file.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

absl::Status Damaged(const rocksdb::LiveFileMetaData& table) {
  return DataLoss(
      absl::StrCat("stored bytes are damaged: ", table.db_path, table.name),
      {{"space", table.column_family_name}, {"while", "verify"}});
}

absl::Status Named(const rocksdb::Status& status,
                   const rocksdb::LiveFileMetaData& table) {
  const absl::Status mapped =
      ToStatus(status, "verify", table.column_family_name);
  return absl::IsDataLoss(mapped) ? Damaged(table) : mapped;
}

// For a table whose checksum was not noted: block by block.
absl::Status VerifyBlocks(rocksdb::Env* env,
                          const rocksdb::LiveFileMetaData& table) {
  rocksdb::Options options;
  options.env = env;
  rocksdb::SstFileReader reader(options);
  RETURN_IF_ERROR(Named(reader.Open(table.db_path + table.name), table));
  return Named(reader.VerifyChecksum(), table);
}

absl::Status VerifyFile(const Context& ctx, rocksdb::Env* env,
                        const rocksdb::LiveFileMetaData& table) {
  RETURN_IF_ERROR(ctx.Check());
  const std::string path = table.db_path + table.name;
  if (table.file_checksum_func_name != rocksdb::kDbFileChecksumFuncName) {
    return VerifyBlocks(env, table);
  }
  ASSIGN_OR_RETURN(const FileSum sum,
                   SumFile(ctx, *env, path, [&](const rocksdb::Status& status) {
                     return Named(status, table);
                   }));
  return sum.crc32c == Crc32cFrom(table.file_checksum) ? absl::OkStatus()
                                                       : Damaged(table);
}

}  // namespace

absl::StatusOr<std::vector<kv::Damage>> VerifyTables(const Context& ctx,
                                                     rocksdb::DB& db) {
  const rocksdb::Status held = db.DisableFileDeletions();
  // A database that is only read deletes none.
  if (!held.IsNotSupported()) {
    RETURN_IF_ERROR(ToStatus(held, "verify"));
  }
  const absl::Cleanup allow = [&db] {
    db.EnableFileDeletions(/*force=*/false).PermitUncheckedError();
  };
  std::vector<rocksdb::LiveFileMetaData> tables;
  db.GetLiveFilesMetaData(&tables);
  std::vector<kv::Damage> damages;
  for (const rocksdb::LiveFileMetaData& table : tables) {
    const absl::Status status = VerifyFile(ctx, db.GetEnv(), table);
    if (absl::IsDataLoss(status)) {
      damages.push_back({.status = status,
                         .is_clearable = table.column_family_name ==
                                         NameOf(Family::kChurning)});
    } else {
      RETURN_IF_ERROR(status);
    }
  }
  return damages;
}

}  // namespace twingraph::kv_rocks

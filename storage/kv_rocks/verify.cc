// Covered by tests/storage/kv_rocks/corruption_test.cc.
#include "storage/kv_rocks/verify.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "rocksdb/env.h"
#include "rocksdb/file_checksum.h"
#include "rocksdb/metadata.h"
#include "rocksdb/sst_file_reader.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

// Bytes read between two looks at the caller's clock.
constexpr size_t kBytesPerCheck = 1 << 20;

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
  const auto sum =
      rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator(
          {path, table.file_checksum_func_name});
  if (sum == nullptr || table.file_checksum_func_name != sum->Name()) {
    return VerifyBlocks(env, table);
  }
  std::unique_ptr<rocksdb::SequentialFile> file;
  RETURN_IF_ERROR(
      Named(env->NewSequentialFile(path, &file, rocksdb::EnvOptions()), table));
  std::string buffer(kBytesPerCheck, '\0');
  rocksdb::Slice bytes;
  do {
    RETURN_IF_ERROR(ctx.Check());
    RETURN_IF_ERROR(
        Named(file->Read(buffer.size(), &bytes, buffer.data()), table));
    sum->Update(bytes.data(), bytes.size());
  } while (!bytes.empty());
  sum->Finalize();
  return sum->GetChecksum() == table.file_checksum ? absl::OkStatus()
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

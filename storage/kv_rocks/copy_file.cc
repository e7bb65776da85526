// Covered by tests/storage/kv_rocks/backup_test.cc and corruption_test.cc.
#include "storage/kv_rocks/copy_file.h"

#include <algorithm>
#include <memory>

#include "absl/functional/function_ref.h"
#include "rocksdb/file_checksum.h"

#include "storage/base/status_macros.h"

namespace twingraph::kv_rocks {
namespace {

// Bytes read between two looks at the caller's clock.
constexpr uint64_t kBytesPerCheck = 1 << 20;

std::unique_ptr<rocksdb::FileChecksumGenerator> MakeSum() {
  return rocksdb::GetFileChecksumGenCrc32cFactory()
      ->CreateFileChecksumGenerator({});
}

using Sink = absl::FunctionRef<absl::Status(const rocksdb::Slice& bytes)>;

absl::StatusOr<FileSum> ReadPieces(const Context& ctx, const FileCopy& copy,
                                   Sink sink) {
  const auto sum = MakeSum();
  std::unique_ptr<rocksdb::SequentialFile> file;
  RETURN_IF_ERROR(copy.read_error(
      copy.env.NewSequentialFile(copy.from, &file, rocksdb::EnvOptions())));
  std::string buffer(kBytesPerCheck, '\0');
  FileSum read;
  while (read.bytes < copy.limit) {
    RETURN_IF_ERROR(ctx.Check());
    rocksdb::Slice bytes;
    RETURN_IF_ERROR(copy.read_error(
        file->Read(std::min<uint64_t>(buffer.size(), copy.limit - read.bytes),
                   &bytes, buffer.data())));
    if (bytes.empty()) {
      break;
    }
    sum->Update(bytes.data(), bytes.size());
    read.bytes += bytes.size();
    RETURN_IF_ERROR(sink(bytes));
  }
  sum->Finalize();
  read.crc32c = Crc32cFrom(sum->GetChecksum());
  return read;
}

}  // namespace

uint32_t Crc32cFrom(const std::string& checksum) {
  uint32_t crc = 0;
  for (const char byte : checksum) {
    crc = crc << 8 | static_cast<unsigned char>(byte);
  }
  return crc;
}

FileSum SumText(absl::string_view text) {
  const auto sum = MakeSum();
  sum->Update(text.data(), text.size());
  sum->Finalize();
  return {.bytes = text.size(), .crc32c = Crc32cFrom(sum->GetChecksum())};
}

absl::StatusOr<FileSum> SumFile(const Context& ctx, rocksdb::Env& env,
                                const std::string& path,
                                const FileErrorOf& error_of) {
  return ReadPieces(
      ctx, {.env = env, .from = path, .to = "", .read_error = error_of},
      [](const rocksdb::Slice&) { return absl::OkStatus(); });
}

absl::StatusOr<FileSum> CopyFile(const Context& ctx, const FileCopy& copy) {
  rocksdb::EnvOptions options;
  options.use_mmap_writes = false;
  std::unique_ptr<rocksdb::WritableFile> file;
  RETURN_IF_ERROR(copy.write_error(
      rocksdb::Env::Default()->NewWritableFile(copy.to, &file, options)));
  ASSIGN_OR_RETURN(const FileSum sum,
                   ReadPieces(ctx, copy, [&](const rocksdb::Slice& bytes) {
                     return copy.write_error(file->Append(bytes));
                   }));
  RETURN_IF_ERROR(copy.write_error(file->Sync()));
  RETURN_IF_ERROR(copy.write_error(file->Close()));
  return sum;
}

}  // namespace twingraph::kv_rocks

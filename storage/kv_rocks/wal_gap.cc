#include "storage/kv_rocks/wal_gap.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "storage/kv/fixed_int.h"
#include "storage/kv_rocks/durable_file.h"
#include "storage/kv_rocks/wal_record.h"

namespace twingraph::kv_rocks {
namespace {

// Sequence numbers of a log: the first one, and that behind the last one. Both
// 0 for an empty log.
struct Span {
  uint64_t first = 0;
  uint64_t end = 0;
};

// Finds the note of NoteUnlogged.
class UnloggedReader final : public rocksdb::WriteBatch::Handler {
 public:
  void LogData(const rocksdb::Slice& blob) override {
    if (blob.size() == sizeof(count_)) {
      count_ = kv::ReadFixed64(blob.data());
    }
  }

  rocksdb::Status PutCF(uint32_t /*family*/, const rocksdb::Slice& /*key*/,
                        const rocksdb::Slice& /*value*/) override {
    return rocksdb::Status::OK();
  }

  rocksdb::Status DeleteCF(uint32_t /*family*/,
                           const rocksdb::Slice& /*key*/) override {
    return rocksdb::Status::OK();
  }

  rocksdb::Status DeleteRangeCF(uint32_t /*family*/,
                                const rocksdb::Slice& /*begin*/,
                                const rocksdb::Slice& /*end*/) override {
    return rocksdb::Status::OK();
  }

  uint64_t count() const { return count_; }

 private:
  uint64_t count_ = 0;
};

uint64_t UnloggedBefore(const WalBatch& batch) {
  UnloggedReader reader;
  rocksdb::WriteBatch(std::string(batch.bytes))
      .Iterate(&reader)
      .PermitUncheckedError();
  return reader.count();
}

Span SpanOf(absl::string_view log) {
  Span span;
  VisitBatches(log, [&span](const WalBatch& batch) {
    if (span.end == 0) {
      span.first =
          batch.sequence - std::min(UnloggedBefore(batch), batch.sequence);
    }
    span.end = batch.sequence + batch.count;
  });
  return span;
}

}  // namespace

void NoteUnlogged(uint64_t count, rocksdb::WriteBatch& batch) {
  std::string bytes;
  kv::AppendFixed64(count, bytes);
  batch.PutLogData(bytes);
}

absl::Status DropLogsBehindGap(const std::string& directory) {
  uint64_t next = 0;  // 0: not known yet
  bool is_behind_gap = false;
  ASSIGN_OR_RETURN(const std::vector<std::string> names, WalFiles(directory));
  for (const std::string& name : names) {
    if (!is_behind_gap) {
      ASSIGN_OR_RETURN(const std::string log,
                       ReadWal(absl::StrCat(directory, "/", name)));
      const Span span = SpanOf(log);
      is_behind_gap = next != 0 && span.first > next;
      next = span.end == 0 ? next : span.end;
    }
    if (is_behind_gap) {
      LogWarning("store_log_dropped", {{"file", name}});
      RETURN_IF_ERROR(RemoveDurably(directory, name.c_str()));
    }
  }
  return absl::OkStatus();
}

}  // namespace twingraph::kv_rocks

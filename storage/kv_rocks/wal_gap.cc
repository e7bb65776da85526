#include "storage/kv_rocks/wal_gap.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/base/log.h"
#include "storage/base/status_macros.h"
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

Span SpanOf(absl::string_view log) {
  Span span;
  VisitBatches(log, [&span](uint64_t sequence, uint32_t count) {
    span.first = span.end == 0 ? sequence : span.first;
    span.end = sequence + count;
  });
  return span;
}

}  // namespace

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

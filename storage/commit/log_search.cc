// Covered by tests/storage/commit/store_test.cc.
#include "storage/commit/log_search.h"

#include <optional>
#include <string>

#include "storage/base/status_macros.h"

namespace twingraph::commit {
namespace {

// The record that holds `revision` or the first behind it; empty at the end.
absl::StatusOr<std::string> ReadRecord(const Context& ctx,
                                       const kv::Engine& engine,
                                       kv::Revision revision) {
  std::string found;
  RETURN_IF_ERROR(engine.ReadLog(ctx, revision, [&](absl::string_view record) {
    found.assign(record.data(), record.size());
    return false;
  }));
  return found;
}

}  // namespace

absl::StatusOr<kv::Revision> FindRevision(const Context& ctx,
                                          const kv::Engine& engine,
                                          kv::Revision oldest,
                                          kv::Revision head, absl::Time time) {
  // The smallest revision whose group ends after `time` lies in [low, high].
  kv::Revision low = oldest;
  kv::Revision high = head + 1;
  while (low < high) {
    const kv::Revision middle = low + (high - low) / 2;
    ASSIGN_OR_RETURN(const std::string record, ReadRecord(ctx, engine, middle));
    if (record.empty()) {
      high = middle;
      continue;
    }
    ASSIGN_OR_RETURN(const kv::GroupRecordHeader header,
                     kv::DecodeGroupHeader(record));
    if (header.commit_time > time) {
      high = middle;
    } else {
      low = header.last_revision() + 1;
    }
  }
  if (low > head) {
    return head;
  }
  ASSIGN_OR_RETURN(const std::string bytes, ReadRecord(ctx, engine, low));
  ASSIGN_OR_RETURN(const kv::EncodedGroup group, kv::DecodeGroup(bytes));
  kv::Revision found = group.record.previous_revision;
  for (size_t i = 0; i < group.record.commits.size(); ++i) {
    if (group.record.commits[i].header.time <= time) {
      found = group.record.first_revision + i;
    }
  }
  return found;
}

absl::StatusOr<absl::Time> FindTime(const Context& ctx,
                                    const kv::Engine& engine,
                                    kv::Revision revision) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadRecord(ctx, engine, revision));
  ASSIGN_OR_RETURN(const kv::EncodedGroup group, kv::DecodeGroup(bytes));
  const kv::GroupRecord& record = group.record;
  const size_t index =
      revision > record.first_revision ? revision - record.first_revision : 0;
  return record.commits[index].header.time;
}

}  // namespace twingraph::commit

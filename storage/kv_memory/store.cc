// Covered by tests/conformance/kv.
#include "storage/kv_memory/store.h"

#include <iterator>
#include <utility>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/apply.h"
#include "storage/kv/hash.h"
#include "storage/kv/history_size.h"
#include "storage/kv_memory/cursor.h"
#include "storage/kv_memory/shared_rows.h"

namespace twingraph::kv_memory {
namespace {

using kv::Revision;

// Reads one held state, or, without a hold, whatever is newest at each call.
class MemoryState {
 public:
  explicit MemoryState(SharedRows& shared) : shared_(shared) {}

  absl::StatusOr<std::optional<kv::Row>> Get(kv::SpaceId space,
                                             absl::string_view key,
                                             std::optional<Revision> at) const {
    MutexLock lock(shared_.mutex);
    const kv::Row* row =
        shared_.rows.Find(space, key, at.value_or(shared_.head.revision));
    return row == nullptr ? std::nullopt : std::optional<kv::Row>(*row);
  }

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      kv::SpaceId space, absl::Span<const std::string> keys,
      std::optional<Revision> at) const {
    std::vector<std::optional<kv::Row>> rows(keys.size());
    MutexLock lock(shared_.mutex);
    for (size_t i = 0; i < keys.size(); ++i) {
      if (const kv::Row* row = shared_.rows.Find(
              space, keys[i], at.value_or(shared_.head.revision))) {
        rows[i] = *row;
      }
    }
    return rows;
  }

  SharedRows& shared() const { return shared_; }

 private:
  SharedRows& shared_;
};

class NewestState final : public kv::State {
 public:
  explicit NewestState(SharedRows& shared) : state_(shared) {}

  absl::StatusOr<std::optional<kv::Row>> Get(
      const Context& /*ctx*/, kv::SpaceId space, absl::string_view key,
      kv::ReadTier /*tier*/) const override {
    return state_.Get(space, key, std::nullopt);
  }

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& /*ctx*/, kv::SpaceId space,
      absl::Span<const std::string> keys) const override {
    return state_.MultiGet(space, keys, std::nullopt);
  }

  std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx, kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const override {
    return std::make_unique<MemoryCursor>(
        ctx, std::make_unique<Hold>(state_.shared()), space, std::move(ranges),
        order);
  }

 private:
  MemoryState state_;
};

class MemorySnapshot final : public kv::Snapshot {
 public:
  explicit MemorySnapshot(SharedRows& shared) : state_(shared), hold_(shared) {}

  Revision revision() const override { return hold_.revision(); }

  absl::StatusOr<std::optional<kv::Row>> Get(
      const Context& /*ctx*/, kv::SpaceId space, absl::string_view key,
      kv::ReadTier /*tier*/) const override {
    return state_.Get(space, key, revision());
  }

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& /*ctx*/, kv::SpaceId space,
      absl::Span<const std::string> keys) const override {
    return state_.MultiGet(space, keys, revision());
  }

  std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx, kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const override {
    return std::make_unique<MemoryCursor>(
        ctx, std::make_unique<Hold>(state_.shared(), revision()), space,
        std::move(ranges), order);
  }

 private:
  MemoryState state_;
  Hold hold_;
};

// Collects the rows of a group, so that a group that fails half-way leaves
// nothing behind.
class RowBuffer final : public kv::RowSink {
 public:
  struct Entry {
    kv::SpaceId space;
    std::string key;
    std::optional<kv::Row> row;
  };

  void Put(kv::SpaceId space, absl::string_view key, absl::string_view value,
           Revision revision) override {
    entries_.push_back(
        {space, std::string(key), kv::Row{std::string(value), revision}});
  }

  void Delete(kv::SpaceId space, absl::string_view key) override {
    entries_.push_back({space, std::string(key), std::nullopt});
  }

  std::vector<Entry>& entries() { return entries_; }

 private:
  std::vector<Entry> entries_;
};

class MemoryEngine final : public kv::Engine {
 public:
  explicit MemoryEngine(const std::vector<kv::SpaceSpec>& spaces)
      : spaces_(spaces), newest_(shared_) {}

  const kv::SpaceTable& spaces() const override { return spaces_; }

  kv::OpenedAs opened_as() const override { return kv::OpenedAs::kEmpty; }

  const kv::State& newest() const override { return newest_; }

  kv::EngineHead head() const override {
    MutexLock lock(shared_.mutex);
    return shared_.head;
  }

  absl::StatusOr<std::unique_ptr<kv::Snapshot>> OpenSnapshot() const override {
    return std::make_unique<MemorySnapshot>(shared_);
  }

  absl::Status CheckWritable() const override { return absl::OkStatus(); }

  absl::StatusOr<kv::ApplyResult> Apply(const kv::EncodedGroup& group,
                                        kv::Durability durability) override;

  absl::Status ReadLog(
      const Context& ctx, Revision from,
      absl::FunctionRef<bool(absl::string_view record)> visit) const override;

  absl::Status Trim(Revision floor) override;
  Revision FloorForBytes(uint64_t bytes) override;

  absl::Status Checkpoint(const std::string& /*path*/) override {
    return FailedPrecondition(v1::ERROR_REASON_STORE_UNAVAILABLE,
                              "a store in memory has no files to copy");
  }

  absl::StatusOr<kv::Backup> CreateBackup(
      const Context& /*ctx*/, const std::string& /*directory*/) override {
    return FailedPrecondition(v1::ERROR_REASON_BACKUP_UNUSABLE,
                              "a store in memory has no backups");
  }

  absl::StatusOr<std::vector<kv::Backup>> ListBackups(
      const std::string& /*directory*/) const override {
    return std::vector<kv::Backup>();
  }

  absl::StatusOr<std::vector<kv::Backup>> VerifyBackups(
      const Context& /*ctx*/, const std::string& /*directory*/) const override {
    return std::vector<kv::Backup>();
  }

  absl::StatusOr<std::vector<kv::Backup>> DeleteOldBackups(
      const Context& /*ctx*/, const std::string& /*directory*/,
      const kv::Pruning& /*pruning*/) override {
    return std::vector<kv::Backup>();
  }

  absl::StatusOr<std::vector<kv::Damage>> Verify(
      const Context& ctx) const override {
    RETURN_IF_ERROR(ctx.Check());
    return std::vector<kv::Damage>();
  }

  absl::Status ClearChurning() override {
    return FailedPrecondition(v1::ERROR_REASON_STORE_UNAVAILABLE,
                              "a store in memory has no files to clear");
  }

  absl::Status Flush() override { return absl::OkStatus(); }

  absl::Status Compact(const Context& /*ctx*/) override {
    MutexLock lock(shared_.mutex);
    shared_.rows.DropUnneeded();
    return absl::OkStatus();
  }

  kv::EngineStats Stats() const override;

 private:
  const kv::SpaceTable spaces_;
  mutable SharedRows shared_;
  kv::HistorySize size_;
  const NewestState newest_;
};

absl::StatusOr<kv::ApplyResult> MemoryEngine::Apply(
    const kv::EncodedGroup& group, kv::Durability /*durability*/) {
  MutexLock lock(shared_.mutex);
  ASSIGN_OR_RETURN(const std::optional<kv::ApplyResult> answer,
                   kv::CheckFollows(shared_.head, group));
  if (answer.has_value()) {
    return *answer;
  }
  const VersionedRows* const rows = &shared_.rows;
  const Revision before = shared_.head.revision;
  RowBuffer buffer;
  RETURN_IF_ERROR(kv::ApplyEffects(
      spaces_, group.record,
      [rows, before](kv::SpaceId space, absl::string_view key)
          -> absl::StatusOr<std::optional<kv::Row>> {
        const kv::Row* row = rows->Find(space, key, before);
        return row == nullptr ? std::nullopt : std::optional<kv::Row>(*row);
      },
      buffer));
  shared_.head = kv::HeadAfter(group);
  const uint64_t history_before = shared_.rows.bytes(kv::kHistorySpace);
  for (RowBuffer::Entry& entry : buffer.entries()) {
    shared_.rows.Write(entry.space, entry.key, std::move(entry.row),
                       shared_.head.revision);
  }
  shared_.log[group.record.first_revision] = group.bytes;
  shared_.log_bytes += group.bytes.size();
  size_.Note(shared_.head.revision, group.bytes.size() +
                                        shared_.rows.bytes(kv::kHistorySpace) -
                                        history_before);
  shared_.rows.DropUnneeded();
  return kv::ApplyResult{kv::ApplyOutcome::kApplied, shared_.head.revision,
                         absl::OkStatus()};
}

absl::Status MemoryEngine::ReadLog(
    const Context& ctx, Revision from,
    absl::FunctionRef<bool(absl::string_view record)> visit) const {
  while (true) {
    RETURN_IF_ERROR(ctx.Check());
    std::string record;
    {
      MutexLock lock(shared_.mutex);
      auto next = shared_.log.upper_bound(from);
      if (next != shared_.log.begin()) {
        ASSIGN_OR_RETURN(const kv::GroupRecordHeader header,
                         kv::DecodeGroupHeader(std::prev(next)->second));
        next = header.last_revision() >= from ? std::prev(next) : next;
      }
      if (next == shared_.log.end()) {
        return absl::OkStatus();
      }
      record = next->second;
    }
    if (!visit(record)) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const kv::GroupRecordHeader header,
                     kv::DecodeGroupHeader(record));
    from = header.last_revision() + 1;
  }
}

absl::Status MemoryEngine::Trim(Revision floor) {
  MutexLock lock(shared_.mutex);
  shared_.rows.DropHistory(floor);
  auto keep = shared_.log.upper_bound(floor);
  if (keep != shared_.log.begin()) {
    --keep;
  }
  for (auto it = shared_.log.begin(); it != keep; ++it) {
    shared_.log_bytes -= it->second.size();
  }
  shared_.log.erase(shared_.log.begin(), keep);
  size_.Left(floor);
  return absl::OkStatus();
}

Revision MemoryEngine::FloorForBytes(uint64_t bytes) {
  const kv::EngineStats stats = Stats();
  const uint64_t taken = stats.history_bytes + stats.log_bytes;
  return taken <= bytes ? 0
                        : size_.FloorKeeping(static_cast<double>(bytes) /
                                             static_cast<double>(taken));
}

kv::EngineStats MemoryEngine::Stats() const {
  MutexLock lock(shared_.mutex);
  kv::EngineStats stats;
  stats.log_bytes = shared_.log_bytes;
  stats.history_bytes = shared_.rows.bytes(kv::kHistorySpace);
  stats.memory_bytes = stats.log_bytes;
  for (const kv::SpaceId space : spaces_.ids()) {
    stats.memory_bytes += shared_.rows.bytes(space);
    stats.parts.push_back({.name = std::string(spaces_[space].name),
                           .disk_bytes = 0,
                           .buffer_bytes = shared_.rows.bytes(space),
                           .rows = 0});
  }
  return stats;
}

}  // namespace

std::unique_ptr<kv::Engine> OpenEngine(
    const std::vector<kv::SpaceSpec>& spaces) {
  return std::make_unique<MemoryEngine>(spaces);
}

}  // namespace twingraph::kv_memory

// Covered by tests/conformance/kv and
// tests/storage/kv_rocks/disk_fault_test.cc.
#include <optional>

#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/kv/apply.h"
#include "storage/kv_rocks/batch_sink.h"
#include "storage/kv_rocks/head_row.h"
#include "storage/kv_rocks/rocks_engine.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {

// After a failed write: makes the database writable again and finds out whether
// the write got in.
absl::Status RocksEngine::Recover(const Database& database) {
  const absl::Status damage = tuning_.errors->damage();
  if (!damage.ok()) {
    RETURN_IF_ERROR(LeaveUncompacted(database, damage));
  }
  if (!tuning_.errors->TakeStop() && doubt_.ok()) {
    return absl::OkStatus();
  }
  const rocksdb::Status resumed = database.db().Resume();
  if (!resumed.ok()) {
    tuning_.errors->NoteStop();
  }
  if (resumed.IsBusy()) {
    return doubt_.ok() ? tuning_.errors->last() : doubt_;  // it is at it
  }
  RETURN_IF_ERROR(ToStatus(resumed, "resume"));
  if (doubt_.ok()) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(LoadHead());
  doubt_ = absl::OkStatus();
  tuning_.errors->NoteWrite(doubt_);
  return absl::OkStatus();
}

// Damage of indexes, which can be made again, is no reason to refuse commits:
// they are compacted no more, so nothing stumbles over it. Any other stays.
absl::Status RocksEngine::LeaveUncompacted(const Database& database,
                                           const absl::Status& damage) {
  if (MetadataOf(damage, "space") != NameOf(Family::kChurning)) {
    return damage;
  }
  RETURN_IF_ERROR(
      ToStatus(database.db().SetOptions(database.family(Family::kChurning),
                                        {{"disable_auto_compactions", "true"}}),
               "leave uncompacted", NameOf(Family::kChurning)));
  tuning_.errors->ForgetDamage();
  return absl::OkStatus();
}

// The rows of a group, its log entry and the head.
absl::Status RocksEngine::Collect(const Database& database,
                                  const kv::EncodedGroup& group,
                                  const kv::EngineHead& after, BatchSink& sink,
                                  rocksdb::WriteBatch& batch) const {
  RETURN_IF_ERROR(kv::ApplyEffects(
      spaces_, group.record,
      [this](kv::SpaceId space, absl::string_view key) {
        return newest_.Get(Context(), space, key, kv::ReadTier::kAll);
      },
      sink));
  RETURN_IF_ERROR(sink.status());
  RETURN_IF_ERROR(
      ToStatus(batch.Put(database.family(Family::kLog),
                         LogKey(group.record.first_revision), group.bytes),
               "apply"));
  return ToStatus(
      batch.Put(database.family(Family::kPoints), kHeadKey, EncodeHead(after)),
      "apply");
}

absl::StatusOr<kv::ApplyResult> RocksEngine::Apply(
    const kv::EncodedGroup& group, kv::Durability durability) {
  ASSIGN_OR_RETURN(Database* const database, Written());
  MutexLock writing(write_mutex_);
  absl::Status recovered = Recover(*database);
  if (!doubt_.ok()) {
    return kv::ApplyResult{kv::ApplyOutcome::kUnknown, 0, std::move(recovered)};
  }
  const kv::EngineHead before = head();
  ASSIGN_OR_RETURN(const std::optional<kv::ApplyResult> answer,
                   kv::CheckFollows(before, group));
  if (answer.has_value()) {
    return *answer;
  }
  if (!recovered.ok()) {
    tuning_.errors->NoteWrite(recovered);
    return recovered;
  }
  const kv::EngineHead after = kv::HeadAfter(group);
  rocksdb::WriteBatch batch;
  BatchSink sink(*database, batch);
  RETURN_IF_ERROR(Collect(*database, group, after, sink, batch));
  if (durability == kv::Durability::kOs && !is_lazy_) {
    RETURN_IF_ERROR(directory_->MarkLazy());
    is_lazy_ = true;
  }
  rocksdb::WriteOptions options;
  options.sync = durability == kv::Durability::kFsync;
  absl::Status written = ToStatus(database->Write(options, batch), "apply");
  if (!written.ok() && !tuning_.errors->damage().ok()) {
    written = tuning_.errors->damage();  // which says where
  }
  tuning_.errors->NoteWrite(written);
  if (!written.ok()) {
    doubt_ = written;
    return kv::ApplyResult{kv::ApplyOutcome::kUnknown, 0, std::move(written)};
  }
  if (options.sync) {
    NoteLog(*database);
  }
  {
    MutexLock lock(mutex_);
    head_ = after;
  }
  size_.Note(after.revision, group.bytes.size() + sink.history_bytes());
  graves_.Note(database->db(), database->family(Family::kChurning),
               sink.graves());
  if (opened_as() == kv::OpenedAs::kCopy &&
      after.incarnation.epoch != before.incarnation.epoch) {
    // Where that fails, the next opening begins one more epoch.
    directory_->ForgetCopy().IgnoreError();
  }
  return kv::ApplyResult{kv::ApplyOutcome::kApplied, after.revision,
                         absl::OkStatus()};
}

// Not RocksDB's call for it, which ends the process where a write of the log
// has failed before.
absl::Status RocksEngine::SyncLog(Database& database) {
  rocksdb::WriteOptions options;
  options.sync = true;
  rocksdb::WriteBatch nothing;
  return ToStatus(database.Write(options, nothing), "sync log");
}

}  // namespace twingraph::kv_rocks

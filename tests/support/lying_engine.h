#pragma once

// An engine that answers wrongly, by seed, in the ways that a replicated log
// can: it loses the reply of an apply that was stored or was not, lets another
// writer come first, or forgets its newest groups. Reads pass through. For
// tests of the committer; safe from any thread as an engine is.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "storage/base/mutex.h"
#include "storage/base/status.h"
#include "storage/kv/engine.h"

namespace twingraph {

class LyingEngine final : public kv::Engine {
 public:
  // Chances in percent of each apply.
  struct Lies {
    int lost_reply_stored = 0;
    int lost_reply_not_stored = 0;
    int rival_first = 0;
    int false_head_moved = 0;
  };

  LyingEngine(std::unique_ptr<kv::Engine> engine, uint64_t seed)
      : engine_(engine.get()), random_(seed) {
    owned_.push_back(std::move(engine));
  }

  void SetLies(const Lies& lies) { lies_ = lies; }

  // Every apply is unknown from now on, stored or not.
  void SetUnknown(bool is_unknown, bool is_stored) {
    is_unknown_ = is_unknown;
    is_stored_ = is_stored;
  }

  // Before the next apply the newest groups are gone, and a rival has written
  // others behind what is left. `fresh` is an empty engine that takes the
  // groups which are left; readers of the old one may go on.
  void LoseNewest(size_t groups, int rival_groups,
                  std::unique_ptr<kv::Engine> fresh) {
    const MutexLock lock(mutex_);
    lost_groups_ = groups;
    rivals_after_loss_ = rival_groups;
    fresh_ = std::move(fresh);
  }

  // What the rival writes when it comes first.
  void SetRival(kv::Effect effect) { rival_ = std::move(effect); }

  int rival_groups() const { return rival_groups_; }

  // Puts a group of another writer behind the head.
  void CommitAsRival() {
    const kv::EngineHead head = engine_.load()->head();
    kv::GroupRecord record;
    record.incarnation = head.incarnation;
    record.previous_revision = head.revision;
    record.previous_hash = head.record_hash;
    record.first_revision = head.revision + 1;
    record.writer = 7;
    record.group = static_cast<uint64_t>(++rival_groups_);
    kv::Commit& commit = record.commits.emplace_back();
    commit.header.time = head.commit_time;
    commit.effects.push_back(rival_);
    const auto group = kv::EncodeGroup(std::move(record));
    const auto result = Pass(*group, kv::Durability::kOs);
    if (!result.ok() || result->outcome != kv::ApplyOutcome::kApplied) {
      std::abort();
    }
  }

  absl::StatusOr<kv::ApplyResult> Apply(const kv::EncodedGroup& group,
                                        kv::Durability durability) override {
    LoseIfAsked();
    if (Damages(group.record)) {
      return DataLoss("stored bytes are damaged", {{"space", "facts"}});
    }
    if (is_unknown_ || Chance(lies_.lost_reply_not_stored)) {
      if (is_unknown_ && is_stored_) {
        IgnoreResult(Pass(group, durability));
      }
      return Unknown();
    }
    if (Chance(lies_.rival_first)) {
      CommitAsRival();
    }
    if (Chance(lies_.false_head_moved)) {
      return kv::ApplyResult{kv::ApplyOutcome::kHeadMoved,
                             engine_.load()->head().revision, absl::OkStatus()};
    }
    auto result = Pass(group, durability);
    return Chance(lies_.lost_reply_stored) ? Unknown() : std::move(result);
  }

  const kv::SpaceTable& spaces() const override {
    return engine_.load()->spaces();
  }

  kv::OpenedAs opened_as() const override {
    return engine_.load()->opened_as();
  }

  const kv::State& newest() const override { return engine_.load()->newest(); }

  kv::EngineHead head() const override { return engine_.load()->head(); }

  absl::StatusOr<std::unique_ptr<kv::Snapshot>> OpenSnapshot() const override {
    return engine_.load()->OpenSnapshot();
  }

  absl::Status ReadLog(
      const Context& ctx, kv::Revision from,
      absl::FunctionRef<bool(absl::string_view record)> visit) const override {
    return engine_.load()->ReadLog(ctx, from, visit);
  }

  absl::Status CheckWritable() const override { return full_; }

  // Refuses what is asked before a group is made.
  void SetFull(absl::Status full) { full_ = std::move(full); }

  // Refuses groups that write this key, as for a damaged row.
  void SetDamaged(std::string key) { damaged_ = std::move(key); }

  // The floor of the last trim.
  kv::Revision trimmed() const { return trimmed_; }

  absl::Status Trim(kv::Revision floor) override {
    trimmed_ = floor;
    return engine_.load()->Trim(floor);
  }

  kv::Revision FloorForBytes(uint64_t bytes) override {
    return engine_.load()->FloorForBytes(bytes);
  }

  absl::Status Checkpoint(const std::string& path) override {
    return engine_.load()->Checkpoint(path);
  }

  absl::StatusOr<kv::Backup> CreateBackup(
      const Context& ctx, const std::string& directory) override {
    return engine_.load()->CreateBackup(ctx, directory);
  }

  absl::StatusOr<std::vector<kv::Backup>> ListBackups(
      const std::string& directory) const override {
    return engine_.load()->ListBackups(directory);
  }

  absl::StatusOr<std::vector<kv::Backup>> VerifyBackups(
      const Context& ctx, const std::string& directory) const override {
    return engine_.load()->VerifyBackups(ctx, directory);
  }

  absl::StatusOr<std::vector<kv::Backup>> DeleteOldBackups(
      const Context& ctx, const std::string& directory,
      const kv::Pruning& pruning) override {
    return engine_.load()->DeleteOldBackups(ctx, directory, pruning);
  }

  absl::StatusOr<std::vector<kv::Damage>> Verify(
      const Context& ctx) const override {
    return engine_.load()->Verify(ctx);
  }

  absl::Status ClearChurning() override {
    return engine_.load()->ClearChurning();
  }

  absl::Status Flush() override { return engine_.load()->Flush(); }

  absl::Status Compact(const Context& ctx) override {
    return engine_.load()->Compact(ctx);
  }

  kv::EngineStats Stats() const override { return engine_.load()->Stats(); }

 private:
  absl::StatusOr<kv::ApplyResult> Pass(const kv::EncodedGroup& group,
                                       kv::Durability durability) {
    auto result = engine_.load()->Apply(group, durability);
    if (result.ok() && result->outcome == kv::ApplyOutcome::kApplied) {
      groups_.push_back(group);
    }
    return result;
  }

  void LoseIfAsked() {
    const MutexLock lock(mutex_);
    if (fresh_ == nullptr) {
      return;
    }
    groups_.resize(groups_.size() - std::min(groups_.size(), lost_groups_));
    for (const kv::EncodedGroup& group : groups_) {
      IgnoreResult(fresh_->Apply(group, kv::Durability::kOs));
    }
    engine_ = fresh_.get();
    owned_.push_back(std::move(fresh_));
    for (int i = 0; i < rivals_after_loss_; ++i) {
      CommitAsRival();
    }
  }

  static void IgnoreResult(const absl::StatusOr<kv::ApplyResult>& /*result*/) {}

  static absl::StatusOr<kv::ApplyResult> Unknown() {
    return kv::ApplyResult{
        kv::ApplyOutcome::kUnknown, 0,
        MakeError(absl::StatusCode::kUnavailable,
                  v1::ERROR_REASON_STORE_UNAVAILABLE, "no reply")};
  }

  bool Damages(const kv::GroupRecord& record) const {
    for (const kv::Commit& commit : record.commits) {
      for (const kv::Effect& effect : commit.effects) {
        if (!damaged_.empty() && effect.key == damaged_) {
          return true;
        }
      }
    }
    return false;
  }

  bool Chance(int percent) {
    return percent > 0 && static_cast<int>(random_() % 100) < percent;
  }

  std::vector<std::unique_ptr<kv::Engine>> owned_;
  std::atomic<kv::Engine*> engine_;
  // What the engine has taken, in order. Used by one apply at a time.
  std::vector<kv::EncodedGroup> groups_;
  Mutex mutex_;
  size_t lost_groups_ ABSL_GUARDED_BY(mutex_) = 0;
  int rivals_after_loss_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<kv::Engine> fresh_ ABSL_GUARDED_BY(mutex_);
  std::mt19937_64 random_;
  Lies lies_;
  kv::Effect rival_;
  int rival_groups_ = 0;
  std::atomic<kv::Revision> trimmed_{0};
  absl::Status full_;
  std::string damaged_;
  std::atomic<bool> is_unknown_{false};
  std::atomic<bool> is_stored_{false};
};

}  // namespace twingraph

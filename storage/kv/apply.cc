// Covered by tests/conformance/kv.
#include "storage/kv/apply.h"

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/counter.h"
#include "storage/kv/history_entry.h"

namespace twingraph::kv {
namespace {

#ifdef NDEBUG
constexpr bool kVerifyBefore = false;
#else
constexpr bool kVerifyBefore = true;
#endif

using RowKey = std::pair<SpaceId, absl::string_view>;

// Applies the effects of one group in order. The views in it are of the record,
// which outlives it.
class GroupApplier {
 public:
  GroupApplier(const SpaceTable& spaces, ReadRow read, RowSink& sink,
               bool remember)
      : spaces_(spaces), read_(read), sink_(sink), remember_(remember) {}

  absl::Status Apply(const Effect& effect, Revision revision) {
    if (!spaces_.Contains(effect.space)) {
      return DataLoss("a group record names a key space that does not exist",
                      {{"space", absl::StrCat(effect.space)}});
    }
    switch (effect.op) {
      case EffectOp::kPut:
        RETURN_IF_ERROR(WriteHistory(effect, revision));
        Put(effect, effect.value, revision);
        return absl::OkStatus();
      case EffectOp::kDelete:
        RETURN_IF_ERROR(WriteHistory(effect, revision));
        Delete(effect);
        return absl::OkStatus();
      case EffectOp::kIncrement:
        return Increment(effect, revision);
      case EffectOp::kTouch:
        return absl::OkStatus();
    }
    return DataLoss("a group record has an unknown operation",
                    {{"space", spaces_[effect.space].name}});
  }

 private:
  // The row before an effect: of an earlier commit of this group, as handed
  // over, or as stored.
  absl::StatusOr<std::optional<Row>> Before(const Effect& effect) {
    const auto found = written_.find(RowKey(effect.space, effect.key));
    if (found != written_.end()) {
      return found->second;
    }
    if (effect.before.has_value() && !kVerifyBefore) {
      return *effect.before;
    }
    ASSIGN_OR_RETURN(std::optional<Row> stored,
                     read_(effect.space, effect.key));
    if (effect.before.has_value() && *effect.before != stored) {
      return Internal("a transaction handed over a wrong value before",
                      {{"space", spaces_[effect.space].name}});
    }
    return stored;
  }

  absl::Status WriteHistory(const Effect& effect, Revision revision) {
    if (!spaces_[effect.space].keeps_history) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::optional<Row> before, Before(effect));
    if (before.has_value()) {
      PutHistory(effect, revision, EncodeHistoryValue(before->value),
                 before->revision);
    } else if (effect.op != EffectOp::kDelete) {
      PutHistory(effect, revision, EncodeHistoryAbsent(), 0);
    }
    return absl::OkStatus();
  }

  void PutHistory(const Effect& effect, Revision revision,
                  const std::string& value, Revision before) {
    sink_.Put(kHistorySpace,
              EncodeHistoryKey(effect.space, effect.key, revision), value,
              before);
  }

  void Put(const Effect& effect, absl::string_view value, Revision revision) {
    sink_.Put(effect.space, effect.key, value, revision);
    if (remember_) {
      written_[RowKey(effect.space, effect.key)] =
          Row{std::string(value), revision};
    }
  }

  void Delete(const Effect& effect) {
    sink_.Delete(effect.space, effect.key);
    if (remember_) {
      written_[RowKey(effect.space, effect.key)] = std::nullopt;
    }
  }

  absl::Status Increment(const Effect& effect, Revision revision) {
    ASSIGN_OR_RETURN(const std::optional<Row> before, Before(effect));
    const std::optional<int64_t> number =
        before.has_value() ? DecodeCounter(before->value) : 0;
    if (!number.has_value()) {
      return DataLoss("a row that is no counter was to be incremented",
                      {{"space", spaces_[effect.space].name}});
    }
    if (spaces_[effect.space].keeps_history) {
      PutHistory(effect, revision,
                 before.has_value() ? EncodeHistoryDelta(effect.delta)
                                    : EncodeHistoryAbsent(),
                 before.has_value() ? before->revision : 0);
    }
    Put(effect, EncodeCounter(AddWrapping(*number, effect.delta)), revision);
    return absl::OkStatus();
  }

  const SpaceTable& spaces_;
  ReadRow read_;
  RowSink& sink_;
  // Rows written by earlier commits of the group; a single commit names each
  // key once and needs no memory.
  const bool remember_;
  absl::flat_hash_map<RowKey, std::optional<Row>> written_;
};

}  // namespace

absl::StatusOr<std::optional<ApplyResult>> CheckFollows(
    const EngineHead& head, const EncodedGroup& group) {
  const GroupRecord& record = group.record;
  if (record.previous_revision != head.revision) {
    const bool is_newest = record.last_revision() == head.revision &&
                           group.hash == head.record_hash;
    return ApplyResult{
        is_newest ? ApplyOutcome::kApplied : ApplyOutcome::kHeadMoved,
        head.revision, absl::OkStatus()};
  }
  if (record.previous_hash != head.record_hash) {
    return DataLoss(
        "a group record follows another history than the one that is stored",
        {{"space", "log"}});
  }
  return std::nullopt;
}

EngineHead HeadAfter(const EncodedGroup& group) {
  return {.incarnation = group.record.incarnation,
          .revision = group.record.last_revision(),
          .record_hash = group.hash,
          .commit_time = group.record.commit_time()};
}

absl::Status ApplyEffects(const SpaceTable& spaces, const GroupRecord& record,
                          ReadRow read, RowSink& sink) {
  GroupApplier applier(spaces, read, sink,
                       /*remember=*/record.commits.size() > 1);
  Revision revision = record.first_revision;
  for (const Commit& commit : record.commits) {
    for (const Effect& effect : commit.effects) {
      RETURN_IF_ERROR(applier.Apply(effect, revision));
    }
    ++revision;
  }
  return absl::OkStatus();
}

}  // namespace twingraph::kv

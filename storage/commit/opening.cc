// Covered by tests/storage/commit/store_test.cc.
#include "storage/commit/opening.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "storage/base/id.h"
#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/system_key.h"
#include "storage/kv/counter.h"
#include "storage/kv/fixed_int.h"

namespace twingraph::commit {
namespace {

constexpr char kFsyncByte = 0;
constexpr char kOsByte = 1;

absl::StatusOr<std::string> ReadSystemRow(const Context& ctx,
                                          const kv::Engine& engine,
                                          absl::string_view key) {
  ASSIGN_OR_RETURN(
      const std::optional<kv::Row> row,
      engine.newest().Get(ctx, kv::kSystemSpace, key, kv::ReadTier::kAll));
  return row.has_value() ? row->value : std::string();
}

absl::StatusOr<kv::Revision> ReadSystemNumber(const Context& ctx,
                                              const kv::Engine& engine,
                                              absl::string_view key) {
  ASSIGN_OR_RETURN(const std::string value, ReadSystemRow(ctx, engine, key));
  return static_cast<kv::Revision>(kv::DecodeCounter(value).value_or(0));
}

kv::Incarnation NewIncarnation() {
  kv::Incarnation incarnation;
  const std::string random = RandomBytes(incarnation.store_id.size());
  std::copy(random.begin(), random.end(), incarnation.store_id.begin());
  return incarnation;
}

// The next in the high half, random bits in the low one.
uint64_t NextEpoch(uint64_t epoch) {
  return (((epoch >> 32) + 1) << 32) | kv::ReadFixed32(RandomBytes(4).data());
}

absl::Status ApplyOpeningCommit(kv::Engine& engine, const Opening& opening,
                                kv::Commit commit) {
  const kv::EngineHead head = engine.head();
  kv::GroupRecord record;
  record.incarnation = opening.incarnation;
  record.previous_revision = head.revision;
  record.previous_hash = head.record_hash;
  record.first_revision = std::max(head.revision, opening.last_reserved) + 1;
  record.commits.push_back(std::move(commit));
  ASSIGN_OR_RETURN(const kv::EncodedGroup group,
                   kv::EncodeGroup(std::move(record)));
  ASSIGN_OR_RETURN(const kv::ApplyResult result,
                   engine.Apply(group, kv::Durability::kFsync));
  if (result.outcome == kv::ApplyOutcome::kApplied) {
    return absl::OkStatus();
  }
  return result.outcome == kv::ApplyOutcome::kUnknown
             ? result.cause
             : MakeError(absl::StatusCode::kUnavailable,
                         v1::ERROR_REASON_STORE_UNAVAILABLE,
                         "another process writes to the store");
}

}  // namespace

absl::StatusOr<Opening> PrepareEngine(const Context& ctx, kv::Engine& engine,
                                      kv::Durability durability,
                                      absl::Time now) {
  const kv::EngineHead head = engine.head();
  const char mode = durability == kv::Durability::kOs ? kOsByte : kFsyncByte;
  ASSIGN_OR_RETURN(const std::string last_mode,
                   ReadSystemRow(ctx, engine, kDurabilityKey));
  Opening opening;
  opening.incarnation =
      head.revision == 0 ? NewIncarnation() : head.incarnation;
  ASSIGN_OR_RETURN(opening.floor, ReadSystemNumber(ctx, engine, kv::kFloorKey));
  opening.closed = head.commit_time;

  const bool may_have_lost = engine.opened_as() == kv::OpenedAs::kUnclean &&
                             last_mode == std::string(1, kOsByte);
  const bool needs_epoch = head.revision == 0 || may_have_lost ||
                           engine.opened_as() == kv::OpenedAs::kCopy;
  if (needs_epoch) {
    opening.incarnation.epoch = NextEpoch(opening.incarnation.epoch);
    ASSIGN_OR_RETURN(opening.last_reserved,
                     ReadSystemNumber(ctx, engine, kReservedKey));
    LogInfo("store begins a new epoch",
            {{"cause", head.revision == 0 ? "new store"
                       : may_have_lost    ? "ended without closing"
                                          : "restored, or a cut log"}});
  }
  kv::Commit commit;
  commit.header.time = std::max(now, opening.closed + absl::Nanoseconds(1));
  commit.header.actor = "system";
  commit.header.origin = "system";
  if (last_mode != std::string(1, mode)) {
    kv::Effect& effect = commit.effects.emplace_back();
    effect.space = kv::kSystemSpace;
    effect.op = kv::EffectOp::kPut;
    effect.key = kDurabilityKey;
    effect.value = std::string(1, mode);
  }
  if (needs_epoch || !commit.effects.empty()) {
    RETURN_IF_ERROR(ApplyOpeningCommit(engine, opening, std::move(commit)));
  }
  return opening;
}

}  // namespace twingraph::commit

// Covered by tests/storage/commit/transaction_test.cc.
#include "storage/commit/running_transaction.h"

#include "storage/base/status_macros.h"
#include "storage/kv/hash.h"

namespace twingraph::commit {
namespace {

kv::Effect MakeEffect(const Overlay::Key& key, const Change& change) {
  kv::Effect effect;
  effect.space = key.first;
  effect.key = key.second;
  switch (change.kind) {
    case Change::Kind::kPut:
      effect.op = kv::EffectOp::kPut;
      effect.value = change.value;
      break;
    case Change::Kind::kDelete:
      effect.op = kv::EffectOp::kDelete;
      break;
    case Change::Kind::kIncrement:
      effect.op = kv::EffectOp::kIncrement;
      effect.delta = change.delta;
      break;
  }
  return effect;
}

}  // namespace

absl::StatusOr<std::optional<kv::Row>> RunningTransaction::GetBelow(
    const Context& ctx, kv::SpaceId space, absl::string_view key) const {
  const Change* change = group_ == nullptr ? nullptr : group_->Find(space, key);
  if (change == nullptr) {
    return base_.Get(ctx, space, key);
  }
  if (change->kind != Change::Kind::kIncrement) {
    return change->Over(std::nullopt);
  }
  ASSIGN_OR_RETURN(const std::optional<kv::Row> below,
                   base_.Get(ctx, space, key));
  return change->Over(below);
}

absl::StatusOr<std::optional<kv::Row>> RunningTransaction::Get(
    const Context& ctx, kv::SpaceId space, absl::string_view key) const {
  const Change* change = own_.Find(space, key);
  if (change == nullptr) {
    return GetBelow(ctx, space, key);
  }
  if (change->kind != Change::Kind::kIncrement) {
    return change->Over(std::nullopt);
  }
  ASSIGN_OR_RETURN(const std::optional<kv::Row> below,
                   GetBelow(ctx, space, key));
  return change->Over(below);
}

absl::StatusOr<std::vector<std::optional<kv::Row>>>
RunningTransaction::MultiGet(const Context& ctx, kv::SpaceId space,
                             absl::Span<const std::string> keys) const {
  ASSIGN_OR_RETURN(std::vector<std::optional<kv::Row>> rows,
                   base_.MultiGet(ctx, space, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    for (const Overlay* overlay : {group_, &own_}) {
      const Change* change =
          overlay == nullptr ? nullptr : overlay->Find(space, keys[i]);
      if (change != nullptr) {
        rows[i] = change->Over(rows[i]);
      }
    }
  }
  return rows;
}

std::unique_ptr<kv::Cursor> RunningTransaction::MultiScan(
    const Context& ctx, kv::SpaceId space, std::vector<kv::Range> ranges,
    kv::Order order) const {
  std::unique_ptr<kv::Cursor> cursor =
      base_.MultiScan(ctx, space, ranges, order);
  if (group_ != nullptr) {
    cursor = group_->MultiScan(std::move(cursor), space, ranges, order);
  }
  return own_.MultiScan(std::move(cursor), space, std::move(ranges), order);
}

absl::StatusOr<std::optional<kv::Row>> RunningTransaction::GetForUpdate(
    const Context& ctx, kv::SpaceId space, absl::string_view key) {
  RETURN_IF_ERROR(CheckWrite(space, key, ""));
  reads_.push_back(kv::HashKey(space, key));
  ASSIGN_OR_RETURN(std::optional<kv::Row> below, GetBelow(ctx, space, key));
  const Change* change = own_.Find(space, key);
  std::optional<kv::Row> row = change == nullptr ? below : change->Over(below);
  rows_before_.emplace(Overlay::Key(space, std::string(key)), std::move(below));
  return row;
}

absl::Status RunningTransaction::CheckWrite(kv::SpaceId space,
                                            absl::string_view key,
                                            absl::string_view value) const {
  return kv::CheckRow(spaces_, space, key, value);
}

absl::Status RunningTransaction::Put(kv::SpaceId space, absl::string_view key,
                                     absl::string_view value) {
  RETURN_IF_ERROR(CheckWrite(space, key, value));
  own_.Put(space, key, value);
  return absl::OkStatus();
}

absl::Status RunningTransaction::Delete(kv::SpaceId space,
                                        absl::string_view key) {
  RETURN_IF_ERROR(CheckWrite(space, key, ""));
  own_.Delete(space, key);
  return absl::OkStatus();
}

absl::Status RunningTransaction::Touch(kv::SpaceId space,
                                       absl::string_view key) {
  RETURN_IF_ERROR(CheckWrite(space, key, ""));
  touched_.emplace(space, std::string(key));
  return absl::OkStatus();
}

absl::Status RunningTransaction::Increment(kv::SpaceId space,
                                           absl::string_view key,
                                           int64_t delta) {
  RETURN_IF_ERROR(CheckWrite(space, key, ""));
  own_.Increment(space, key, delta);
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> RunningTransaction::ReserveNumbers(
    const Context& ctx, kv::SpaceId space, absl::string_view key,
    uint64_t count) {
  RETURN_IF_ERROR(CheckWrite(space, key, ""));
  return numbers_.Take(ctx, space, key, count, number_uses_);
}

kv::Commit RunningTransaction::MakeCommit(const Origin& origin) const {
  kv::Commit commit;
  commit.header = {.time = time_,
                   .actor = origin.actor,
                   .origin = origin.kind,
                   .request_id = origin.request_id,
                   .causation = causation_,
                   .trace_parent = origin.trace_parent,
                   .payload = payload_};
  commit.effects.reserve(own_.changes().size() + touched_.size());
  for (const auto& [key, change] : own_.changes()) {
    kv::Effect& effect = commit.effects.emplace_back(MakeEffect(key, change));
    const auto before = rows_before_.find(key);
    if (before != rows_before_.end()) {
      effect.before = before->second;
    }
  }
  for (const Overlay::Key& key : touched_) {
    if (own_.Find(key.first, key.second) == nullptr) {
      kv::Effect& effect = commit.effects.emplace_back();
      effect.space = key.first;
      effect.op = kv::EffectOp::kTouch;
      effect.key = key.second;
    }
  }
  return commit;
}

}  // namespace twingraph::commit

// Covered by tests/storage/commit/committer_test.cc.
#include "storage/commit/group_builder.h"

#include <algorithm>
#include <utility>

#include "storage/commit/request_log.h"

namespace twingraph::commit {
namespace {

// A group of several commits stays below this without compression, so that only
// a single commit can be too large.
constexpr size_t kGroupBytes = size_t{512} << 10;

void AddToOverlay(const kv::Effect& effect, kv::Revision revision,
                  Overlay& overlay) {
  switch (effect.op) {
    case kv::EffectOp::kPut:
      overlay.Put(effect.space, effect.key, effect.value, revision);
      break;
    case kv::EffectOp::kDelete:
      overlay.Delete(effect.space, effect.key, revision);
      break;
    case kv::EffectOp::kIncrement:
      overlay.Increment(effect.space, effect.key, effect.delta, revision);
      break;
    case kv::EffectOp::kTouch:
      break;
  }
}

}  // namespace

GroupBuilder::GroupBuilder(const kv::Incarnation& incarnation,
                           const kv::EngineHead& head, kv::Revision first,
                           absl::Time not_before)
    : last_time_(std::max(head.commit_time, not_before)) {
  record_.incarnation = incarnation;
  record_.previous_revision = head.revision;
  record_.previous_hash = head.record_hash;
  record_.first_revision = first;
}

bool GroupBuilder::Fits(size_t encoded_size) const {
  return empty() || encoded_size_ + encoded_size <= kGroupBytes;
}

void GroupBuilder::Add(kv::Commit commit, size_t encoded_size,
                       Submission& submission) {
  last_time_ = std::max(last_time_, commit.header.time);
  commit.header.time = last_time_;
  StampRequest(commit);
  record_.commits.push_back(std::move(commit));
  encoded_size_ += encoded_size;
  members_.push_back(&submission);
}

void GroupBuilder::AddSystemPut(kv::SpaceId space, absl::string_view key,
                                std::string value) {
  kv::Effect& effect = record_.commits.front().effects.emplace_back();
  effect.space = space;
  effect.op = kv::EffectOp::kPut;
  effect.key = std::string(key);
  effect.value = std::move(value);
}

const Overlay& GroupBuilder::overlay() {
  for (; overlaid_ < record_.commits.size(); ++overlaid_) {
    for (const kv::Effect& effect : record_.commits[overlaid_].effects) {
      AddToOverlay(effect, record_.first_revision + overlaid_, overlay_);
    }
  }
  return overlay_;
}

}  // namespace twingraph::commit

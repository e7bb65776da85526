#include "storage/commit/number_ranges.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/counter.h"

namespace twingraph::commit {
namespace {

// Numbers lost at a restart at most, for each key.
constexpr uint64_t kBlock = 1024;

}  // namespace

absl::StatusOr<uint64_t> NumberRanges::ReadLimit(const Context& ctx,
                                                 const Key& key) const {
  ASSIGN_OR_RETURN(const std::optional<kv::Row> row,
                   newest_.Get(ctx, key.first, key.second, kv::ReadTier::kAll));
  const std::optional<int64_t> limit =
      row.has_value() ? kv::DecodeCounter(row->value) : 0;
  if (!limit.has_value()) {
    return DataLoss("a row that should hold a number limit does not",
                    {{"space", "numbers"}});
  }
  return static_cast<uint64_t>(*limit);
}

absl::StatusOr<uint64_t> NumberRanges::Take(const Context& ctx,
                                            kv::SpaceId space,
                                            absl::string_view key,
                                            uint64_t count,
                                            std::vector<Use>& uses) {
  const Key full_key(space, std::string(key));
  while (true) {
    uint64_t generation = 0;
    {
      MutexLock lock(mutex_);
      Numbers& numbers = numbers_[full_key];
      if (numbers.is_loaded) {
        const uint64_t first = numbers.next;
        numbers.next += count;
        if (numbers.next - 1 > numbers.limit) {
          numbers.limit = numbers.next - 1 + kBlock;
        }
        uses.push_back({space, full_key.second, numbers.generation});
        return first;
      }
      generation = numbers.generation;
    }
    // Not under the lock: this may touch the disk.
    ASSIGN_OR_RETURN(const uint64_t limit, ReadLimit(ctx, full_key));
    MutexLock lock(mutex_);
    Numbers& numbers = numbers_[full_key];
    if (!numbers.is_loaded && numbers.generation == generation) {
      numbers.next = limit + 1;
      numbers.limit = limit;
      numbers.stored_limit = limit;
      numbers.is_loaded = true;
    }
  }
}

bool NumberRanges::AreCurrent(const std::vector<Use>& uses) const {
  MutexLock lock(mutex_);
  for (const Use& use : uses) {
    const auto found = numbers_.find(Key(use.space, use.key));
    if (found == numbers_.end() || found->second.generation != use.generation) {
      return false;
    }
  }
  return true;
}

std::vector<NumberRanges::Raise> NumberRanges::PendingRaises() const {
  std::vector<Raise> raises;
  MutexLock lock(mutex_);
  for (const auto& [key, numbers] : numbers_) {
    if (numbers.is_loaded && numbers.limit != numbers.stored_limit) {
      raises.push_back({key.first, key.second, numbers.limit});
    }
  }
  return raises;
}

void NumberRanges::MarkStored(const std::vector<Raise>& raises) {
  MutexLock lock(mutex_);
  for (const Raise& raise : raises) {
    const auto found = numbers_.find(Key(raise.space, raise.key));
    if (found != numbers_.end()) {
      found->second.stored_limit = raise.limit;
    }
  }
}

void NumberRanges::Invalidate(kv::SpaceId space, absl::string_view key) {
  MutexLock lock(mutex_);
  const auto found = numbers_.find(Key(space, std::string(key)));
  if (found != numbers_.end()) {
    found->second.is_loaded = false;
    ++found->second.generation;
  }
}

}  // namespace twingraph::commit

// Covered by tests/storage/graph/topology_test.cc.
#include "storage/graph/adjacency.h"

#include <algorithm>

#include <sched.h>

namespace twingraph::graph {
namespace {

// After so many looks at a locked word its holder is likely off the processor.
constexpr int kSpins = 200;

// A list forgets its older changes when they are this share of it, so that a
// long one is not packed again for each.
constexpr size_t kSettleShare = 64;

// What the allocator takes for an object: eight bytes of its own, in steps of
// sixteen.
size_t AllocatedBytes(size_t size) {
  return size == 0 ? 0 : std::max<size_t>(32, (size + 8 + 15) / 16 * 16);
}

}  // namespace

LockedList::LockedList(std::atomic<uintptr_t>& word) : word_(word) {
  for (int looks = 1;; ++looks) {
    bits_ = word_.load(std::memory_order_relaxed) & ~kLocked;
    if (word_.compare_exchange_weak(bits_, bits_ | kLocked,
                                    std::memory_order_acquire,
                                    std::memory_order_relaxed)) {
      return;
    }
    if (looks % kSpins == 0) {
      sched_yield();
    }
  }
}

ChangedList& LockedList::MakeChanged() {
  if (changed() == nullptr) {
    PackedBytes base;
    base.size = bits_ == 0 ? 0 : PackedList(packed()).byte_count();
    base.bytes.reset(const_cast<char*>(packed()));
    bits_ = reinterpret_cast<uintptr_t>(new ChangedList(std::move(base))) |
            kChanged;
  }
  return *changed();
}

void LockedList::SetPacked(PackedBytes list) {
  if (changed() != nullptr) {
    delete changed();
  } else {
    delete[] packed();
  }
  bits_ = reinterpret_cast<uintptr_t>(list.bytes.release());
}

size_t LockedList::bytes() const {
  if (bits_ == 0) {
    return 0;
  }
  const ChangedList* list = changed();
  if (list == nullptr) {
    return AllocatedBytes(PackedList(packed()).byte_count());
  }
  return AllocatedBytes(sizeof(ChangedList)) +
         AllocatedBytes(list->base_bytes()) +
         AllocatedBytes(list->change_bytes());
}

bool Adjacency::Load(TwinNumber twin, absl::Span<const Neighbour> neighbours) {
  std::atomic<uintptr_t>* word = words_.Make(ToInt(twin));
  if (word == nullptr) {
    return false;
  }
  end_ = std::max(end_, ToInt(twin) + 1);
  LockedList list(*word);
  list.SetPacked(PackNeighbours(neighbours));
  CountBytes(0, list.bytes());
  return true;
}

bool Adjacency::Change(TwinNumber twin,
                       absl::Span<const NeighbourChange> changes) {
  std::atomic<uintptr_t>* word = words_.Make(ToInt(twin));
  if (word == nullptr) {
    return false;
  }
  end_ = std::max(end_, ToInt(twin) + 1);
  LockedList list(*word);
  const size_t before = list.bytes();
  list.MakeChanged().Add(changes);
  CountBytes(before, list.bytes());
  return true;
}

void Adjacency::Settle(TwinNumber twin, Revision oldest) {
  std::atomic<uintptr_t>* word = words_.Find(ToInt(twin));
  if (word == nullptr) {
    return;
  }
  LockedList list(*word);
  ChangedList* changed = list.changed();
  if (changed == nullptr) {
    return;
  }
  const size_t before = list.bytes();
  if (changed->CountUpTo(oldest) > changed->base_size() / kSettleShare) {
    changed->Fold(oldest);
  }
  if (changed->changes().empty() && changed->since() <= oldest) {
    list.SetPacked(changed->Release());
  }
  CountBytes(before, list.bytes());
}

bool Adjacency::Clear(size_t count) {
  const uint64_t end = end_ - cleared_ > count ? cleared_ + count : end_;
  for (; cleared_ < end; ++cleared_) {
    std::atomic<uintptr_t>* word = words_.Find(cleared_);
    if (word == nullptr) {
      continue;
    }
    LockedList list(*word);
    const size_t before = list.bytes();
    list.SetPacked({});
    CountBytes(before, 0);
  }
  return cleared_ < end_;
}

void Adjacency::CountBytes(size_t before, size_t after) {
  list_bytes_.fetch_add(after - before, std::memory_order_relaxed);
}

}  // namespace twingraph::graph

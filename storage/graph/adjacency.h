#pragma once

// One direction of the topology: the list of each twin, in memory. A list is
// packed, or packed with recent changes; one word leads to it, whose lowest bit
// is a lock, so a twin costs eight bytes above its list and readers of
// different twins never meet. Reads are safe from any thread, changes come from
// one thread at a time, beside readers.

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

#include "storage/graph/changed_list.h"
#include "storage/graph/packed_list.h"
#include "storage/graph/stable_array.h"

namespace twingraph::graph {

// Holds the lock of one word for its own life; what the word leads to is
// reached through it only.
class LockedList {
 public:
  explicit LockedList(std::atomic<uintptr_t>& word);

  ~LockedList() { word_.store(bits_, std::memory_order_release); }

  LockedList(const LockedList&) = delete;
  LockedList& operator=(const LockedList&) = delete;

  // Brings what a word leads to into the cache; takes no lock.
  static void Prefetch(const std::atomic<uintptr_t>& word) {
    __builtin_prefetch(
        PointerIn<const void>(word.load(std::memory_order_relaxed)));
  }

  // Null unless there are changes.
  ChangedList* changed() const {
    return (bits_ & kChanged) == 0 ? nullptr : PointerIn<ChangedList>(bits_);
  }

  // REQUIRES: changed() is null. Null: the empty list.
  const char* packed() const { return PointerIn<const char>(bits_); }

  // The list with changes, made of the packed one where needed.
  ChangedList& MakeChanged();

  // Puts another list in the place of the old one, which is freed.
  void SetPacked(PackedBytes list);

  // Memory held, as the allocator counts it.
  size_t bytes() const;

 private:
  static constexpr uintptr_t kLocked = 1;
  static constexpr uintptr_t kChanged = 2;
  static constexpr uintptr_t kFlags = kLocked | kChanged;

  // What a word leads to: an integer, since flags share it with the pointer.
  template <typename T>
  static T* PointerIn(uintptr_t word) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    return reinterpret_cast<T*>(word & ~kFlags);
  }

  std::atomic<uintptr_t>& word_;
  uintptr_t bits_ = 0;
};

class Adjacency {
 public:
  // `oldest`, borrowed: readers of older revisions are not served. Who raises
  // it does so before lists forget.
  explicit Adjacency(const std::atomic<Revision>& oldest) : oldest_(oldest) {}

  ~Adjacency() { Clear(SIZE_MAX); }

  Adjacency(const Adjacency&) = delete;
  Adjacency& operator=(const Adjacency&) = delete;

  // Calls `reader` with the list of a twin at `revision`, which has
  // VisitFrom and VisitEnds of PackedList and lives for that call only. False
  // where memory cannot tell: it then was not called.
  template <typename Reader>
  bool Read(TwinNumber twin, Revision revision, Reader reader) const;

  // A hint: twins[index] and those behind it will be read. Called before each
  // read in a row of them, it brings lists into the cache some at a time, since
  // the locks of reads would wait for one after the other.
  void LookAhead(absl::Span<const TwinNumber> twins, size_t index) const {
    if (index % kLookAhead == 0) {
      for (const TwinNumber twin : twins.subspan(index, kLookAhead)) {
        const std::atomic<uintptr_t>* word = words_.Find(ToInt(twin));
        if (word != nullptr) {
          LockedList::Prefetch(*word);
        }
      }
    }
  }

  // Sets the list of a twin that has none. False: out of reach.
  bool Load(TwinNumber twin, absl::Span<const Neighbour> neighbours);

  // Takes in changes of one twin. REQUIRES: ascending, newer than all before.
  // False: out of reach.
  bool Change(TwinNumber twin, absl::Span<const NeighbourChange> changes);

  // Lets a list forget what it was before `oldest`, where that is worth it.
  void Settle(TwinNumber twin, Revision oldest);

  // Frees up to `count` more lists; false when all are gone. REQUIRES: readers
  // are refused.
  bool Clear(size_t count);

  // Memory held by lists and words, as the allocator counts it.
  size_t bytes() const {
    return list_bytes_.load(std::memory_order_relaxed) + words_.bytes();
  }

 private:
  // A list at the revision of a reader, with the interface of PackedList.
  struct ListAt {
    const ChangedList& list;
    Revision revision;

    template <typename Visit>
    void VisitEnds(NameNumber wanted, Visit visit) const {
      list.VisitFrom({.name = wanted}, revision, [&](const Neighbour& each) {
        if (wanted != NameNumber{} && each.name != wanted) {
          return false;
        }
        visit(each.other);
        return true;
      });
    }

    template <typename Visit>
    bool VisitFrom(const Neighbour& from, Visit visit) const {
      return list.VisitFrom(from, revision, visit);
    }
  };

  // As many as the processor can fetch at once, and a few.
  static constexpr size_t kLookAhead = 16;

  void CountBytes(size_t before, size_t after);

  const std::atomic<Revision>& oldest_;
  StableArray<uintptr_t, 15, 15> words_;
  std::atomic<size_t> list_bytes_{0};
  uint64_t cleared_ = 0;  // words below are empty: how far Clear is
  uint64_t end_ = 0;      // above every twin that had a list
};

template <typename Reader>
bool Adjacency::Read(TwinNumber twin, Revision revision, Reader reader) const {
  std::atomic<uintptr_t>* word = words_.Find(ToInt(twin));
  if (word == nullptr) {
    return true;  // never had any
  }
  const LockedList list(*word);
  const ChangedList* changed = list.changed();
  if (revision < oldest_.load(std::memory_order_acquire) ||
      (changed != nullptr && revision < changed->since())) {
    return false;
  }
  if (changed != nullptr) {
    reader(ListAt{*changed, revision});
  } else {
    reader(PackedList(list.packed()));
  }
  return true;
}

}  // namespace twingraph::graph

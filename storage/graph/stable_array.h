#pragma once

// A growing array of atomic slots, indexed by the numbers that a graph gives
// out: read without a lock while one thread writes. Slots never move, and begin
// as 0. Holds numbers below kReach; what lies above is somebody else's to find.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace twingraph::graph {

template <typename T, int kChunkBits, int kDirectoryBits>
class StableArray {
 public:
  // Numbers that fit.
  static constexpr uint64_t kReach = uint64_t{1}
                                     << (kChunkBits + kDirectoryBits);

  StableArray() : directory_(size_t{1} << kDirectoryBits) {}

  ~StableArray() {
    for (auto& chunk : directory_) {
      delete chunk.load(std::memory_order_relaxed);
    }
  }

  StableArray(const StableArray&) = delete;
  StableArray& operator=(const StableArray&) = delete;

  // The slot itself; null where nothing was set near it. Safe from any thread.
  std::atomic<T>* Find(uint64_t index) const {
    if (index >= kReach) {
      return nullptr;
    }
    Chunk* chunk =
        directory_[index >> kChunkBits].load(std::memory_order_acquire);
    return chunk == nullptr ? nullptr : &(*chunk)[index & kMask];
  }

  // The slot itself, made where needed; null if it is out of reach. One thread
  // at a time.
  std::atomic<T>* Make(uint64_t index) {
    if (index >= kReach) {
      return nullptr;
    }
    std::atomic<Chunk*>& entry = directory_[index >> kChunkBits];
    Chunk* chunk = entry.load(std::memory_order_relaxed);
    if (chunk == nullptr) {
      chunk = new Chunk();
      entry.store(chunk, std::memory_order_release);
      bytes_.fetch_add(sizeof(Chunk), std::memory_order_relaxed);
    }
    return &(*chunk)[index & kMask];
  }

  // Bytes of the slots. Safe from any thread.
  size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  // The slot's value; T() where nothing was set. Safe from any thread.
  T Get(uint64_t index) const {
    const std::atomic<T>* slot = Find(index);
    return slot == nullptr ? T() : slot->load(std::memory_order_acquire);
  }

  // Sets a slot; false if it is out of reach. One thread at a time.
  bool Set(uint64_t index, T value) {
    std::atomic<T>* slot = Make(index);
    if (slot == nullptr) {
      return false;
    }
    slot->store(value, std::memory_order_release);
    return true;
  }

 private:
  static constexpr uint64_t kMask = (uint64_t{1} << kChunkBits) - 1;
  using Chunk = std::array<std::atomic<T>, size_t{1} << kChunkBits>;

  std::vector<std::atomic<Chunk*>> directory_;
  std::atomic<size_t> bytes_{0};
};

}  // namespace twingraph::graph

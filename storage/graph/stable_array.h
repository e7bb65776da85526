#pragma once

// A growing array of atomic slots, indexed by the numbers that a graph gives
// out: read without a lock while one thread writes. Slots never move, and begin
// as 0. Holds numbers below kReach; what lies above is somebody else's to find.

#include <array>
#include <atomic>
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

  // The slot's value; T() where nothing was set. Safe from any thread.
  T Get(uint64_t index) const {
    if (index >= kReach) {
      return T();
    }
    const Chunk* chunk =
        directory_[index >> kChunkBits].load(std::memory_order_acquire);
    return chunk == nullptr
               ? T()
               : (*chunk)[index & kMask].load(std::memory_order_acquire);
  }

  // Sets a slot; false if it is out of reach. One thread at a time.
  bool Set(uint64_t index, T value) {
    if (index >= kReach) {
      return false;
    }
    std::atomic<Chunk*>& entry = directory_[index >> kChunkBits];
    Chunk* chunk = entry.load(std::memory_order_relaxed);
    if (chunk == nullptr) {
      chunk = new Chunk();
      entry.store(chunk, std::memory_order_release);
    }
    (*chunk)[index & kMask].store(value, std::memory_order_release);
    return true;
  }

 private:
  static constexpr uint64_t kMask = (uint64_t{1} << kChunkBits) - 1;
  using Chunk = std::array<std::atomic<T>, size_t{1} << kChunkBits>;

  std::vector<std::atomic<Chunk*>> directory_;
};

}  // namespace twingraph::graph

#pragma once

// How many items to read at once where their sizes are not known before, so
// that what is read stays near what there is room for: few at first, later as
// many as fit if the next ones are like the last. Pure.

#include <algorithm>
#include <cstddef>

namespace twingraph {

class BatchPace {
 public:
  // How many to read for about `room` bytes: 1 to 64. Items may grow from one
  // batch to the next, and more at once would hardly be faster.
  size_t Next(size_t room) const {
    constexpr size_t kFirst = 16;
    constexpr size_t kMost = 64;
    return item_bytes_ == 0 ? kFirst
                            : std::clamp(room / item_bytes_, size_t{1}, kMost);
  }

  // The size of an item, as far as it is known; 0 at first.
  size_t item_bytes() const { return item_bytes_; }

  // Takes in that the last batch had `count` items of `bytes` together.
  void Note(size_t count, size_t bytes) {
    if (count > 0) {
      item_bytes_ = std::max<size_t>(1, bytes / count);
    }
  }

 private:
  size_t item_bytes_ = 0;
};

}  // namespace twingraph

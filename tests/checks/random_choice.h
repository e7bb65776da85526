#pragma once

// Where a check that makes things up gets its choices: the same seed gives the
// same ones. One thread at a time.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <vector>

namespace twingraph {

class RandomChoice {
 public:
  explicit RandomChoice(uint64_t seed) : random_(seed) {}

  uint64_t Bits() { return random_(); }

  // A number below `limit`. REQUIRES: limit > 0.
  size_t Below(size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(random_);
  }

  // True once in `count` times.
  bool OneIn(size_t count) { return Below(count) == 0; }

  // An element of a list that is not empty.
  template <typename List>
  auto& Of(List& list) {
    return list[Below(std::size(list))];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace twingraph

#pragma once

// A set of model numbers as a bitset without its empty words: what a model
// extends is a few numbers among thousands, and a plain bitset for each would
// take more than all the rest of a catalog. Value type; safe for one writer or
// many readers.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/graph/number.h"

namespace twingraph::catalog {

class NumberSet {
 public:
  void Insert(graph::ModelNumber number);

  // An absent one is fine.
  void Erase(graph::ModelNumber number);

  // Cost: a search among the words.
  bool Contains(graph::ModelNumber number) const;

  bool empty() const { return words_.empty(); }

  // Calls `visit(graph::ModelNumber)` for each member in ascending order.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const Word& word : words_) {
      for (uint64_t rest = word.bits; rest != 0; rest &= rest - 1) {
        visit(graph::ModelNumber{word.index * kBits +
                                 static_cast<uint32_t>(__builtin_ctzll(rest))});
      }
    }
  }

 private:
  static constexpr uint32_t kBits = 64;

  // Bits of the numbers from index * kBits on; never all 0.
  struct Word {
    uint32_t index = 0;
    uint64_t bits = 0;
  };

  // The word at or behind `index`.
  std::vector<Word>::const_iterator Find(uint32_t index) const;

  std::vector<Word> words_;  // by index
};

}  // namespace twingraph::catalog

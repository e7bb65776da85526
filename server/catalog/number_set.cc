#include "server/catalog/number_set.h"

#include <algorithm>

namespace twingraph::catalog {

void NumberSet::Insert(graph::ModelNumber number) {
  const uint32_t index = graph::ToInt(number) / kBits;
  const uint64_t bit = uint64_t{1} << (graph::ToInt(number) % kBits);
  auto word = words_.begin() + (Find(index) - words_.begin());
  if (word == words_.end() || word->index != index) {
    word = words_.insert(word, {.index = index, .bits = 0});
  }
  word->bits |= bit;
}

void NumberSet::Erase(graph::ModelNumber number) {
  const uint32_t index = graph::ToInt(number) / kBits;
  const uint64_t bit = uint64_t{1} << (graph::ToInt(number) % kBits);
  const auto word = words_.begin() + (Find(index) - words_.begin());
  if (word == words_.end() || word->index != index) {
    return;
  }
  word->bits &= ~bit;
  if (word->bits == 0) {
    words_.erase(word);
  }
}

bool NumberSet::Contains(graph::ModelNumber number) const {
  const uint32_t index = graph::ToInt(number) / kBits;
  const auto word = Find(index);
  return word != words_.end() && word->index == index &&
         (word->bits >> (graph::ToInt(number) % kBits) & 1) != 0;
}

std::vector<NumberSet::Word>::const_iterator NumberSet::Find(
    uint32_t index) const {
  return std::lower_bound(
      words_.begin(), words_.end(), index,
      [](const Word& word, uint32_t wanted) { return word.index < wanted; });
}

}  // namespace twingraph::catalog

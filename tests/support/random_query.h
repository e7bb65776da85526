#pragma once

// Small random graphs and random valid queries over them: parallel
// relationships, self-loops, cycles, nulls, and one property with values of
// every type. The same seed gives the same.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/support/toy_graph.h"

namespace twingraph::query {

// Fills an empty graph.
void FillRandomGraph(uint64_t seed, ToyGraph& graph);

// Writes the text of queries. COUNT() and TOP are left to the caller.
class RandomQuery {
 public:
  explicit RandomQuery(uint64_t seed) : random_(seed) {}

  // "SELECT columns " and "FROM ..." of one query.
  struct Text {
    std::string columns;
    std::string rest;

    std::string all() const { return "SELECT " + columns + rest; }
  };

  // Over one collection.
  Text Collection();
  // With one to three JOINs, chained or branching.
  Text Join();
  // With a pattern of up to three parts, of one or several hops.
  Text Match();

 private:
  size_t Below(size_t n) { return random_() % n; }

  std::string Pick(const std::vector<std::string>& list) {
    return list[Below(list.size())];
  }

  std::string Node();
  std::string Edge(size_t index);
  std::string Where();
  std::string PathOf(const std::string& alias);
  std::string Literal();
  std::string Ids();
  std::string Predicate();
  std::string Condition(int depth);

  std::mt19937_64 random_;
  std::vector<std::string> twins_;  // aliases in scope
  std::vector<std::string> edges_;
};

}  // namespace twingraph::query

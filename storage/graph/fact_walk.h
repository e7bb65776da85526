#pragma once

// One pass over all facts of a graph, which says for each what else must be in
// the store because of it. The base of checks.

// Covered by tests/storage/graph/check_graph_test.cc.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/context.h"
#include "storage/graph/graph_reader.h"
#include "storage/graph/sequence_limits.h"
#include "storage/key/key_space.h"
#include "storage/kv/space.h"

namespace twingraph::graph {

// A row that must be there. nullopt: with any value.
struct NeededRow {
  kv::SpaceId space = 0;
  std::string key;
  std::optional<std::string> value;
  // Belongs to an index that is being built, and may still come.
  bool is_being_built = false;
};

// The spaces whose rows all follow from facts of other spaces, or from their
// own other half, so that they can be made again. Counters follow too (Count).
inline constexpr kv::SpaceId kDerivedSpaces[] = {
    key::kDictSpace,
    key::kTwinIdSpace,
    key::kRelationshipIdSpace,
    key::kOutSpace,
    key::kInSpace,
    key::kNameIndexSpace,
    key::kModelReferrerSpace,
    key::kModelIndexSpace,
    key::kPropertyIndexSpace,
    key::kRelationshipPropertyIndexSpace};

// Takes in what a walk finds.
class FactSink {
 public:
  virtual ~FactSink() = default;

  // The fact in this row is next: what is said until the next one is due to it.
  virtual void Begin(kv::SpaceId /*space*/, absl::string_view /*key*/,
                     Revision /*revision*/) {}

  // A row that belongs to one fact and to no other: there are as many rows of
  // its space as calls.
  virtual absl::Status Own(NeededRow row) = 0;
  // A row that a fact relies on.
  virtual absl::Status Need(NeededRow row) = 0;
  // A fact adds to a counter.
  virtual void Count(std::string counter, int64_t delta) = 0;

  // The rest of a space cannot be read: OK goes on with the next space.
  virtual absl::Status Unreadable(const absl::Status& damage) { return damage; }

  // A fact that makes no sense.
  virtual void Problem(kv::SpaceId space, absl::string_view key,
                       absl::string_view message) = 0;
};

// Facts seen.
struct FactCounts {
  int64_t twins = 0;
  int64_t relationships = 0;
  int64_t models = 0;
  // The highest number in use of each sequence.
  HighestNumbers highest;
};

// Errors: those of reading and of the sink.
absl::StatusOr<FactCounts> WalkFacts(const Context& ctx,
                                     const GraphReader& reader, FactSink& sink);

}  // namespace twingraph::graph

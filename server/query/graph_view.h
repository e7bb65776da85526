#pragma once

// What execution needs from a graph, all of it at one revision: an interface
// that the query layer owns, implemented over the store by the engine and over
// containers by tests. Calls come in batches, so that one hop is one call.
// Scans have an order that stays the same for one revision, and continue after
// a given place at the cost of a seek. Used by one thread at a time.
//
// Errors of every call: those of the context (CALL_ENDED) and of the store.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "server/query/document.h"
#include "storage/base/context.h"
#include "storage/value/value.h"

namespace twingraph::query {

// Types of the language: they never compare with each other.
enum class ValueType { kNull, kBool, kNumber, kString, kMap, kList };

// One end of a range of values.
struct ValueBound {
  Value value = {};
  bool is_inclusive = true;
};

// The twins whose value at a path lies in a range. The path names a property,
// a part of one, or "$dtId".
struct PropertyRange {
  std::vector<std::string> path = {};
  // Absent: any value, null included; then there are no bounds.
  std::optional<ValueType> type = {};
  // Of `type`. Absent: no limit. A prefix is a range of strings whose upper
  // bound may not be valid UTF-8.
  std::optional<ValueBound> lower = {};
  std::optional<ValueBound> upper = {};
};

// A number of things.
struct Cardinality {
  uint64_t value = 0;
  bool is_exact = false;
};

enum class Direction { kOutgoing, kIncoming };

// Which relationships of which twins.
struct ExpandRequest {
  absl::Span<const TwinNumber> twins;
  Direction direction = Direction::kOutgoing;
  // Empty: all names.
  absl::Span<const NameNumber> names;
};

// How far an expansion is.
struct ExpandPosition {
  size_t index = 0;  // the twin of the request whose edges come next
  // The edge of that twin after which to go on; absent: from the first.
  std::optional<EdgeRef> after;
};

struct ExpandedEdge {
  size_t index = 0;  // of the twin in the request
  EdgeRef edge;
};

// A part of the twins of a range.
struct PropertyBatch {
  std::vector<TwinNumber> numbers;
  // False: some may not be in the range, so the caller looks.
  bool is_exact = true;
};

// What the planner asks. Numbers that are not exact may be of another revision.
// Cheap: memory or a few keys.
class GraphStatistics {
 public:
  virtual ~GraphStatistics() = default;

  virtual Cardinality CountTwins() const = 0;
  // Twins whose own model is `model`.
  virtual Cardinality CountTwinsOfModel(ModelNumber model) const = 0;
  // kNoName: of all names.
  virtual Cardinality CountRelationships(NameNumber name) const = 0;
  // nullopt: no index serves the range, so ScanProperty must not be asked.
  virtual std::optional<Cardinality> CountProperty(
      const PropertyRange& range) const = 0;
};

class GraphView {
 public:
  virtual ~GraphView() = default;

  virtual const GraphStatistics& statistics() const = 0;

  // Sets `numbers[i]` to the twin of `ids[i]`, kNoTwin where there is none.
  virtual absl::Status FindTwins(const Context& ctx,
                                 absl::Span<const std::string> ids,
                                 std::vector<TwinNumber>& numbers) const = 0;

  // The number of a relationship name; kNoName where no relationship ever had
  // it.
  virtual absl::StatusOr<NameNumber> FindRelationshipName(
      const Context& ctx, absl::string_view name) const = 0;

  // Sets `documents[i]` to the twin `numbers[i]`. Numbers may repeat.
  virtual absl::Status ReadTwins(
      const Context& ctx, absl::Span<const TwinNumber> numbers, TwinParts parts,
      std::vector<TwinDocument>& documents) const = 0;

  // Sets `models[i]` to the model of twin `numbers[i]`, 0 where there is no
  // such twin. From memory where the revision allows.
  virtual absl::Status ReadModels(const Context& ctx,
                                  absl::Span<const TwinNumber> numbers,
                                  std::vector<ModelNumber>& models) const = 0;

  // Sets `documents[i]` to the relationship `edges[i]`.
  virtual absl::Status ReadRelationships(
      const Context& ctx, absl::Span<const EdgeRef> edges,
      std::vector<RelationshipDocument>& documents) const = 0;

  // Replaces `numbers` by the first `limit` twins above `after` in ascending
  // order; fewer only at the end.
  virtual absl::Status ScanTwins(const Context& ctx, TwinNumber after,
                                 size_t limit,
                                 std::vector<TwinNumber>& numbers) const = 0;

  // ScanTwins over the twins whose own model is `model`.
  virtual absl::Status ScanTwinsOfModel(
      const Context& ctx, ModelNumber model, TwinNumber after, size_t limit,
      std::vector<TwinNumber>& numbers) const = 0;

  // Replaces `numbers` by up to `limit` twins of a range in an order of the
  // index, from `cursor` on, and moves `cursor` behind them; empty means from
  // the start, and empty afterwards means the end. Over all calls with one
  // cursor no twin is missing and none comes twice; `is_exact` false says that
  // some may not be in the range, so the caller looks.
  // REQUIRES: statistics().CountProperty(range) has a value.
  // Errors: INVALID_PAGE_TOKEN for a cursor that this range never gave.

  virtual absl::Status ScanProperty(const Context& ctx,
                                    const PropertyRange& range, size_t limit,
                                    std::string& cursor,
                                    PropertyBatch& batch) const = 0;

  // Replaces `edges` by the next relationships of the request, up to `limit`,
  // grouped by twin in the order of the request and, for each, in an order of
  // its own; moves `position` behind them. At the end position.index is
  // request.twins.size(). A self-loop is both outgoing and incoming.
  virtual absl::Status Expand(const Context& ctx, const ExpandRequest& request,
                              size_t limit, ExpandPosition& position,
                              std::vector<ExpandedEdge>& edges) const = 0;

  // Replaces `edges` by the first `limit` relationships above `after` in the
  // order of EdgeRef, of one name or (kNoName) of all; fewer only at the end.
  virtual absl::Status ScanRelationships(const Context& ctx, NameNumber name,
                                         const EdgeRef& after, size_t limit,
                                         std::vector<EdgeRef>& edges) const = 0;
};

}  // namespace twingraph::query

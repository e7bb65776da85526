#pragma once

// Facts by their numbers, through any reader of rows. Errors: those of reading.

// Covered by tests/storage/graph/graph_model_test.cc.

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "storage/base/context.h"
#include "storage/commit/reader.h"
#include "storage/graph/names.h"
#include "storage/graph/number.h"
#include "storage/graph/relationship_record.h"
#include "storage/graph/twin_record.h"

namespace twingraph::graph {

// A row of the space `twin`.
absl::StatusOr<TwinRecord> DecodeTwin(TwinNumber twin, kv::Row row,
                                      const Names& names);

// A row of the space `relationship`.
absl::StatusOr<RelationshipRecord> DecodeRelationship(TwinNumber source,
                                                      RelationshipNumber number,
                                                      kv::Row row,
                                                      const Names& names);

// In the order of `twins`.
absl::StatusOr<std::vector<std::optional<TwinRecord>>> ReadTwins(
    const Context& ctx, const commit::Reader& reader, const Names& names,
    absl::Span<const TwinNumber> twins);

// In the order of `edges`, of which source and number count.
absl::StatusOr<std::vector<std::optional<RelationshipRecord>>>
ReadRelationships(const Context& ctx, const commit::Reader& reader,
                  const Names& names, absl::Span<const Edge> edges);

// The edge that a source has under a relationship id.
absl::StatusOr<std::optional<Edge>> DecodeEdge(
    TwinNumber source, const std::optional<kv::Row>& row);

}  // namespace twingraph::graph

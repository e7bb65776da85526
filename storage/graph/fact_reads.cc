// Covered by tests/storage/graph/graph_model_test.cc.
#include "storage/graph/fact_reads.h"

#include <string>
#include <utility>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"
#include "storage/key/relationship_key.h"
#include "storage/key/twin_key.h"

namespace twingraph::graph {

absl::StatusOr<TwinRecord> DecodeTwin(TwinNumber twin, kv::Row row,
                                      const Names& names) {
  ModelNumber model{};
  const absl::string_view model_id = TwinRecord::PeekModel(row.value, model)
                                         ? names.ModelId(model)
                                         : absl::string_view();
  return TwinRecord::Decode(twin, std::move(row), model_id);
}

absl::StatusOr<RelationshipRecord> DecodeRelationship(TwinNumber source,
                                                      RelationshipNumber number,
                                                      kv::Row row,
                                                      const Names& names) {
  NameNumber name{};
  const absl::string_view text = RelationshipRecord::PeekName(row.value, name)
                                     ? names.RelationshipName(name)
                                     : absl::string_view();
  return RelationshipRecord::Decode(source, number, std::move(row), text);
}

absl::StatusOr<std::vector<std::optional<TwinRecord>>> ReadTwins(
    const Context& ctx, const commit::Reader& reader, const Names& names,
    absl::Span<const TwinNumber> twins) {
  std::vector<std::string> keys;
  keys.reserve(twins.size());
  for (const TwinNumber twin : twins) {
    keys.push_back(key::EncodeTwinKey(twin));
  }
  ASSIGN_OR_RETURN(auto rows, reader.MultiGet(ctx, key::kTwinSpace, keys));
  std::vector<std::optional<TwinRecord>> records(twins.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].has_value()) {
      ASSIGN_OR_RETURN(records[i],
                       DecodeTwin(twins[i], *std::move(rows[i]), names));
    }
  }
  return records;
}

absl::StatusOr<std::vector<std::optional<RelationshipRecord>>>
ReadRelationships(const Context& ctx, const commit::Reader& reader,
                  const Names& names, absl::Span<const Edge> edges) {
  std::vector<std::string> keys;
  keys.reserve(edges.size());
  for (const Edge& edge : edges) {
    keys.push_back(key::EncodeRelationshipKey(edge.source, edge.number));
  }
  ASSIGN_OR_RETURN(auto rows,
                   reader.MultiGet(ctx, key::kRelationshipSpace, keys));
  std::vector<std::optional<RelationshipRecord>> records(edges.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].has_value()) {
      ASSIGN_OR_RETURN(records[i],
                       DecodeRelationship(edges[i].source, edges[i].number,
                                          *std::move(rows[i]), names));
    }
  }
  return records;
}

absl::StatusOr<std::optional<Edge>> DecodeEdge(
    TwinNumber source, const std::optional<kv::Row>& row) {
  if (!row.has_value()) {
    return std::nullopt;
  }
  Edge edge = {.source = source};
  if (!key::DecodeRelationshipIdValue(row->value, edge)) {
    return DataLoss("a stored relationship id is damaged",
                    {{"space", "relationship_id"}});
  }
  return edge;
}

}  // namespace twingraph::graph

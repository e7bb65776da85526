#pragma once

// A graph at one revision as queries see it: query::GraphView over a
// GraphReader. One thread at a time, as its query.

#include <memory>
#include <string>
#include <vector>

#include "server/engine/parts.h"
#include "server/query/graph_view.h"
#include "storage/graph/graph_reader.h"

namespace twingraph::engine {

class StoreView final : public query::GraphView, public query::GraphStatistics {
 public:
  // `parts` outlives this object.
  StoreView(const Parts& parts, std::unique_ptr<graph::GraphReader> reader)
      : parts_(parts), reader_(std::move(reader)) {}

  graph::Revision revision() const { return reader_->revision(); }

  // --- GraphStatistics ---

  query::Cardinality CountTwins() const override;
  query::Cardinality CountTwinsOfModel(query::ModelNumber model) const override;
  query::Cardinality CountRelationships(query::NameNumber name) const override;
  std::optional<query::Cardinality> CountProperty(
      const query::PropertyRange& range) const override;

  // --- GraphView ---

  const query::GraphStatistics& statistics() const override { return *this; }

  absl::Status FindTwins(
      const Context& ctx, absl::Span<const std::string> ids,
      std::vector<query::TwinNumber>& numbers) const override;
  absl::StatusOr<query::NameNumber> FindRelationshipName(
      const Context& ctx, absl::string_view name) const override;
  absl::Status ReadTwins(
      const Context& ctx, absl::Span<const query::TwinNumber> numbers,
      query::TwinParts wanted,
      std::vector<query::TwinDocument>& documents) const override;
  absl::Status ReadModels(
      const Context& ctx, absl::Span<const query::TwinNumber> numbers,
      std::vector<query::ModelNumber>& models) const override;
  absl::Status ReadRelationships(
      const Context& ctx, absl::Span<const query::EdgeRef> edges,
      std::vector<query::RelationshipDocument>& documents) const override;
  absl::Status ScanTwins(
      const Context& ctx, query::TwinNumber after, size_t limit,
      std::vector<query::TwinNumber>& numbers) const override;
  absl::Status ScanTwinsOfModel(
      const Context& ctx, query::ModelNumber model, query::TwinNumber after,
      size_t limit, std::vector<query::TwinNumber>& numbers) const override;
  absl::Status ScanProperty(const Context& ctx,
                            const query::PropertyRange& range, size_t limit,
                            std::string& cursor,
                            query::PropertyBatch& batch) const override;
  absl::Status Expand(const Context& ctx, const query::ExpandRequest& request,
                      size_t limit, query::ExpandPosition& position,
                      std::vector<query::ExpandedEdge>& edges) const override;
  absl::Status ScanRelationships(
      const Context& ctx, query::NameNumber name, const query::EdgeRef& after,
      size_t limit, std::vector<query::EdgeRef>& edges) const override;

 private:
  query::TwinDocument ToDocument(const graph::TwinRecord& record,
                                 query::TwinParts wanted) const;
  absl::Status ScanIds(const Context& ctx, const query::PropertyRange& range,
                       size_t limit, std::string& cursor,
                       query::PropertyBatch& batch) const;

  const Parts& parts_;
  const std::unique_ptr<graph::GraphReader> reader_;
};

}  // namespace twingraph::engine

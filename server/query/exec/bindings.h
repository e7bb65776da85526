#pragma once

// Rows in flight: for each variable of the query, one number per row. Documents
// are read when a condition or the output needs them, once per batch. Used by
// one thread at a time.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "server/query/bind/bound.h"
#include "server/query/expr/expression.h"
#include "server/query/graph_view.h"
#include "server/query/query.h"

namespace twingraph::query {

// What execution reads through, and what it counts.
struct ExecutionContext {
  const BoundQuery& query;
  const GraphView& view;
  ExecutionStats& stats;
};

class Bindings {
 public:
  explicit Bindings(const ExecutionContext& context)
      : context_(&context), columns_(context.query.variables.size()) {}

  size_t size() const { return size_; }

  const ExecutionContext& context() const { return *context_; }

  // Forgets all rows.
  void Clear();

  // Adds rows that have a value for one variable only.
  void AddTwins(size_t variable, const std::vector<TwinNumber>& twins);
  void AddEdges(size_t variable, const std::vector<EdgeRef>& edges);

  // Adds row `row` of `other` with a twin and the relationship that led there.
  void AddExpanded(const Bindings& other, size_t row, size_t twin_variable,
                   TwinNumber twin, size_t edge_variable, const EdgeRef& edge);

  // Keeps the rows that `keep` says, in order.
  void Keep(const std::vector<bool>& keep);

  // Drops the rows before `count`.
  void DropFirst(size_t count);

  const std::vector<TwinNumber>& twins(size_t variable) const {
    return columns_[variable].twins;
  }

  // Reads what is not read yet: documents of a variable, models of a variable.
  absl::Status ReadDocuments(const Context& ctx, size_t variable);
  absl::Status ReadModels(const Context& ctx, size_t variable);

  // REQUIRES: read before.
  const TwinDocument& twin(size_t variable, size_t row) const {
    return columns_[variable].documents[row];
  }

  const RelationshipDocument& relationship(size_t variable, size_t row) const {
    return columns_[variable].relationships[row];
  }

  ModelNumber model(size_t variable, size_t row) const {
    return columns_[variable].models[row];
  }

 private:
  // The values of one variable; each list is empty or as long as the batch.
  struct Column {
    std::vector<TwinNumber> twins;
    std::vector<EdgeRef> edges;
    std::vector<ModelNumber> models;
    std::vector<TwinDocument> documents;
    std::vector<RelationshipDocument> relationships;
  };

  const ExecutionContext* context_;
  size_t size_ = 0;
  std::vector<Column> columns_;
};

// Drops the rows on which a condition is not true. Reads what it needs.
absl::Status Filter(const Context& ctx, const Expression& condition,
                    Bindings& rows);

}  // namespace twingraph::query

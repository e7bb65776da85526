// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/exec/bindings.h"

#include <utility>

#include "server/query/expr/document_path.h"
#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

template <typename T>
void KeepIn(const std::vector<bool>& keep, std::vector<T>& list) {
  if (list.empty()) {
    return;
  }
  size_t kept = 0;
  for (size_t i = 0; i < keep.size(); ++i) {
    if (keep[i]) {
      if (kept != i) {
        list[kept] = std::move(list[i]);
      }
      ++kept;
    }
  }
  list.resize(kept);
}

// Copies row `row` where the other batch has the list at all.
template <typename T>
void CopyRow(const std::vector<T>& from, size_t row, std::vector<T>& to) {
  if (!from.empty()) {
    to.push_back(from[row]);
  }
}

// One row of a batch, for conditions.
class BindingsRow final : public ExpressionRow {
 public:
  BindingsRow(const BoundQuery& query, const Bindings& rows, size_t row)
      : query_(query), rows_(rows), row_(row) {}

  ValueView Resolve(size_t variable, const std::vector<std::string>& path,
                    std::string& scratch) const override {
    if (query_.variables[variable].kind == VariableKind::kTwin) {
      return ResolveTwin(rows_.twin(variable, row_), path, scratch);
    }
    return ResolveRelationship(rows_.relationship(variable, row_), path,
                               scratch);
  }

  ModelNumber ModelOf(size_t variable) const override {
    return rows_.model(variable, row_);
  }

 private:
  const BoundQuery& query_;
  const Bindings& rows_;
  const size_t row_;
};

// Which variables a condition needs the documents, and the models, of.
void CollectNeeds(const Expression& condition, std::vector<bool>& documents,
                  std::vector<bool>& models) {
  for (const Expression& child : condition.children) {
    CollectNeeds(child, documents, models);
  }
  if (condition.kind == ConditionKind::kIsOfModel) {
    models[condition.variable] = true;
  }
  for (const BoundOperand* operand : {&condition.left, &condition.right}) {
    if (operand->is_path) {
      documents[operand->path.variable] = true;
    }
  }
}

}  // namespace

void Bindings::Clear() {
  size_ = 0;
  columns_.assign(columns_.size(), Column());
}

void Bindings::AddTwins(size_t variable, const std::vector<TwinNumber>& twins) {
  columns_[variable].twins.insert(columns_[variable].twins.end(), twins.begin(),
                                  twins.end());
  size_ += twins.size();
}

void Bindings::AddEdges(size_t variable, const std::vector<EdgeRef>& edges) {
  columns_[variable].edges.insert(columns_[variable].edges.end(), edges.begin(),
                                  edges.end());
  size_ += edges.size();
}

void Bindings::AddExpanded(const Bindings& other, size_t row,
                           size_t twin_variable, TwinNumber twin,
                           size_t edge_variable, const EdgeRef& edge) {
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Column& from = other.columns_[i];
    Column& to = columns_[i];
    CopyRow(from.twins, row, to.twins);
    CopyRow(from.edges, row, to.edges);
    CopyRow(from.models, row, to.models);
    CopyRow(from.documents, row, to.documents);
    CopyRow(from.relationships, row, to.relationships);
  }
  columns_[twin_variable].twins.push_back(twin);
  columns_[edge_variable].edges.push_back(edge);
  ++size_;
}

void Bindings::Keep(const std::vector<bool>& keep) {
  size_t kept = 0;
  for (const bool each : keep) {
    kept += each ? 1 : 0;
  }
  if (kept == size_) {
    return;
  }
  for (Column& column : columns_) {
    KeepIn(keep, column.twins);
    KeepIn(keep, column.edges);
    KeepIn(keep, column.models);
    KeepIn(keep, column.documents);
    KeepIn(keep, column.relationships);
  }
  size_ = kept;
}

void Bindings::DropFirst(size_t count) {
  std::vector<bool> keep(size_, true);
  for (size_t i = 0; i < count && i < size_; ++i) {
    keep[i] = false;
  }
  Keep(keep);
}

absl::Status Bindings::ReadDocuments(const Context& ctx, size_t variable) {
  Column& column = columns_[variable];
  const Variable& described = context_->query.variables[variable];
  if (size_ == 0 || !column.documents.empty() ||
      !column.relationships.empty()) {
    return absl::OkStatus();
  }
  context_->stats.documents_read += size_;
  if (described.kind == VariableKind::kRelationship) {
    return context_->view.ReadRelationships(ctx, column.edges,
                                            column.relationships);
  }
  return context_->view.ReadTwins(ctx, column.twins, described.parts,
                                  column.documents);
}

absl::Status Bindings::ReadModels(const Context& ctx, size_t variable) {
  Column& column = columns_[variable];
  if (size_ == 0 || !column.models.empty()) {
    return absl::OkStatus();
  }
  return context_->view.ReadModels(ctx, column.twins, column.models);
}

absl::Status Filter(const Context& ctx, const Expression& condition,
                    Bindings& rows) {
  if (rows.size() == 0) {
    return absl::OkStatus();
  }
  const BoundQuery& query = rows.context().query;
  std::vector<bool> documents(query.variables.size());
  std::vector<bool> models(query.variables.size());
  CollectNeeds(condition, documents, models);
  for (size_t i = 0; i < query.variables.size(); ++i) {
    if (documents[i]) {
      RETURN_IF_ERROR(rows.ReadDocuments(ctx, i));
    }
    if (models[i]) {
      RETURN_IF_ERROR(rows.ReadModels(ctx, i));
    }
  }
  std::vector<bool> keep(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    keep[i] = Evaluate(condition, BindingsRow(query, rows, i)) == Truth::kTrue;
  }
  rows.Keep(keep);
  return absl::OkStatus();
}

}  // namespace twingraph::query

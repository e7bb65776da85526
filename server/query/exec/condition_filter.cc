// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/condition_filter.h"

#include <string>
#include <vector>

#include "server/query/expr/document_path.h"
#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

// Which variables a condition needs the documents, and the models, of.
struct Needs {
  explicit Needs(size_t variables) : documents(variables), models(variables) {}

  void Add(const Expression& condition) {
    for (const Expression& child : condition.children) {
      Add(child);
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

  std::vector<bool> documents;
  std::vector<bool> models;
};

// The rows as a condition sees them, one at a time.
class RowsForCondition final : public ExpressionRow {
 public:
  explicit RowsForCondition(size_t variables)
      : twins_(variables), relationships_(variables), models_(variables) {}

  absl::Status Read(const Context& ctx, const ExecutionContext& context,
                    const Needs& needs, const Bindings& rows) {
    context.documents.Trim();
    for (size_t i = 0; i < needs.documents.size(); ++i) {
      if (needs.documents[i]) {
        RETURN_IF_ERROR(ReadDocuments(ctx, context, i, rows));
      }
      if (needs.models[i]) {
        RETURN_IF_ERROR(
            context.view.ReadModels(ctx, rows.twins(i), models_[i]));
      }
    }
    return absl::OkStatus();
  }

  void set_row(size_t row) { row_ = row; }

  ValueView Resolve(size_t variable, const std::vector<std::string>& path,
                    std::string& scratch) const override {
    if (!twins_[variable].empty()) {
      return ResolveTwin(*twins_[variable][row_], path, scratch);
    }
    return ResolveRelationship(*relationships_[variable][row_], path, scratch);
  }

  ModelNumber ModelOf(size_t variable) const override {
    return models_[variable][row_];
  }

 private:
  absl::Status ReadDocuments(const Context& ctx,
                             const ExecutionContext& context, size_t variable,
                             const Bindings& rows) {
    DocumentCache& documents = context.documents;
    RETURN_IF_ERROR(documents.ReadTwins(ctx, rows.twins(variable)));
    for (const TwinNumber number : rows.twins(variable)) {
      twins_[variable].push_back(&documents.twin(number));
    }
    RETURN_IF_ERROR(documents.ReadRelationships(ctx, rows.edges(variable)));
    for (const EdgeRef& edge : rows.edges(variable)) {
      relationships_[variable].push_back(&documents.relationship(edge));
    }
    return absl::OkStatus();
  }

  size_t row_ = 0;
  std::vector<std::vector<const TwinDocument*>> twins_;
  std::vector<std::vector<const RelationshipDocument*>> relationships_;
  std::vector<std::vector<ModelNumber>> models_;
};

}  // namespace

absl::Status KeepWhere(const Context& ctx, const ExecutionContext& context,
                       const Expression& condition, Bindings& rows) {
  if (rows.size() == 0) {
    return absl::OkStatus();
  }
  const size_t variables = context.query.variables.size();
  Needs needs(variables);
  needs.Add(condition);
  RowsForCondition row(variables);
  RETURN_IF_ERROR(row.Read(ctx, context, needs, rows));
  std::vector<bool> keep(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    row.set_row(i);
    keep[i] = Evaluate(condition, row) == Truth::kTrue;
  }
  rows.Keep(keep);
  return absl::OkStatus();
}

}  // namespace twingraph::query

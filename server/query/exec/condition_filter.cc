// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/condition_filter.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"

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

  bool any_document() const { return absl::c_linear_search(documents, true); }

  std::vector<bool> documents;
  std::vector<bool> models;
};

// Some of the rows as a condition sees them, one at a time.
class RowsForCondition final : public ExpressionRow {
 public:
  RowsForCondition(const Bindings& rows, size_t first, size_t count)
      : rows_(rows), first_(first), count_(count) {}

  absl::Status Read(const Context& ctx, const ExecutionContext& context,
                    const Needs& needs) {
    const size_t variables = needs.documents.size();
    twins_.resize(variables);
    relationships_.resize(variables);
    models_.resize(variables);
    context.documents.Trim();
    for (size_t i = 0; i < variables; ++i) {
      if (needs.documents[i]) {
        RETURN_IF_ERROR(ReadDocuments(ctx, context.documents, i));
      }
      if (needs.models[i]) {
        RETURN_IF_ERROR(
            context.view.ReadModels(ctx, Some(rows_.twins(i)), models_[i]));
      }
    }
    return absl::OkStatus();
  }

  // Looks at one of them from now on.
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
  // A variable is of twins or of relationships: one of the lists is empty.
  template <typename T>
  absl::Span<const T> Some(const std::vector<T>& all) const {
    return all.empty() ? absl::Span<const T>()
                       : absl::MakeConstSpan(all).subspan(first_, count_);
  }

  absl::Status ReadDocuments(const Context& ctx, DocumentCache& documents,
                             size_t variable) {
    const auto twins = Some(rows_.twins(variable));
    RETURN_IF_ERROR(documents.ReadTwins(ctx, twins));
    for (const TwinNumber number : twins) {
      twins_[variable].push_back(&documents.twin(number));
    }
    const auto edges = Some(rows_.edges(variable));
    RETURN_IF_ERROR(documents.ReadRelationships(ctx, edges));
    for (const EdgeRef& edge : edges) {
      relationships_[variable].push_back(&documents.relationship(edge));
    }
    return absl::OkStatus();
  }

  const Bindings& rows_;
  const size_t first_;
  const size_t count_;
  size_t row_ = 0;
  std::vector<std::vector<const TwinDocument*>> twins_;
  std::vector<std::vector<const RelationshipDocument*>> relationships_;
  std::vector<std::vector<ModelNumber>> models_;
};

}  // namespace

absl::Status KeepWhere(const Context& ctx, const ExecutionContext& context,
                       const Expression& condition, Bindings& rows) {
  Needs needs(context.query.variables.size());
  needs.Add(condition);
  std::vector<bool> keep;
  while (keep.size() < rows.size()) {
    const size_t first = keep.size();
    const size_t count =
        needs.any_document()
            ? std::min(context.documents.BatchSize(), rows.size() - first)
            : rows.size();
    RowsForCondition some(rows, first, count);
    RETURN_IF_ERROR(some.Read(ctx, context, needs));
    for (size_t i = 0; i < count; ++i) {
      some.set_row(i);
      keep.push_back(Evaluate(condition, some) == Truth::kTrue);
    }
  }
  rows.Keep(keep);
  return absl::OkStatus();
}

}  // namespace twingraph::query

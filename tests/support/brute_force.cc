#include "tests/support/brute_force.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "server/query/bind/bound.h"
#include "server/query/expr/document_path.h"
#include "tests/support/query_rows.h"

namespace twingraph::query {
namespace {

// One assignment of things to variables.
class Assignment final : public ExpressionRow {
 public:
  Assignment(const BoundQuery& query, const ToyGraph& graph)
      : twins(query.variables.size()),
        edges(query.variables.size()),
        query_(query),
        graph_(graph) {}

  ValueView Resolve(size_t variable, const std::vector<std::string>& path,
                    std::string& scratch) const override {
    return query_.variables[variable].kind == VariableKind::kTwin
               ? ResolveTwin(graph_.document(twins[variable]), path, scratch)
               : ResolveRelationship(graph_.document(edges[variable]), path,
                                     scratch);
  }

  ModelNumber ModelOf(size_t variable) const override {
    return graph_.model(twins[variable]);
  }

  std::vector<TwinNumber> twins;
  std::vector<EdgeRef> edges;

 private:
  const BoundQuery& query_;
  const ToyGraph& graph_;
};

class BruteForce {
 public:
  BruteForce(const CompiledQuery& query, const ToyGraph& graph)
      : compiled_(query),
        query_(query.bound()),
        graph_(graph),
        row_(query_, graph) {}

  std::vector<std::string> Run() {
    if (query_.variables[0].kind == VariableKind::kTwin) {
      for (TwinNumber twin = 1; twin <= graph_.twin_count(); ++twin) {
        row_.twins[0] = twin;
        Join(0);
      }
    } else {
      for (const EdgeRef& edge : graph_.edges()) {
        row_.edges[0] = edge;
        Join(0);
      }
    }
    if (query_.is_count) {
      return {absl::StrCat("COUNT=", count_)};
    }
    std::sort(rows_.begin(), rows_.end());
    return rows_;
  }

 private:
  void Join(size_t at) {
    if (at == query_.joins.size()) {
      Test();
      return;
    }
    const BoundJoin& join = query_.joins[at];
    for (const EdgeRef& edge : graph_.edges()) {
      if (edge.source == row_.twins[join.source] &&
          edge.name == graph_.name(join.name)) {
        row_.twins[join.target] = edge.target;
        row_.edges[join.relationship] = edge;
        Join(at + 1);
      }
    }
  }

  void Test() {
    for (const Expression& conjunct : query_.conjuncts) {
      if (Evaluate(conjunct, row_) != Truth::kTrue) {
        return;
      }
    }
    ++count_;
    if (!query_.is_count) {
      rows_.push_back(Format());
    }
  }

  std::string Format() const {
    std::vector<Cell> cells(query_.columns.size());
    std::vector<std::string> scratch(cells.size());
    std::vector<TwinDocument> twins(cells.size());
    std::vector<RelationshipDocument> relationships(cells.size());
    for (size_t i = 0; i < cells.size(); ++i) {
      const BoundPath& path = query_.columns[i].path;
      if (!path.steps.empty()) {
        cells[i].value = row_.Resolve(path.variable, path.steps, scratch[i]);
      } else if (query_.variables[path.variable].kind == VariableKind::kTwin) {
        twins[i] = graph_.document(row_.twins[path.variable]);
        cells[i].twin = &twins[i];
      } else {
        relationships[i] = graph_.document(row_.edges[path.variable]);
        cells[i].relationship = &relationships[i];
      }
    }
    return FormatRow(compiled_, cells);
  }

  const CompiledQuery& compiled_;
  const BoundQuery& query_;
  const ToyGraph& graph_;
  Assignment row_;
  uint64_t count_ = 0;
  std::vector<std::string> rows_;
};

}  // namespace

std::vector<std::string> BruteForceRows(const CompiledQuery& query,
                                        const ToyGraph& graph) {
  return BruteForce(query, graph).Run();
}

}  // namespace twingraph::query

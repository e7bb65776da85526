#include "tests/support/brute_force.h"

#include <algorithm>
#include <set>
#include <utility>

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
    const bool is_twins = query_.variables[0].kind == VariableKind::kTwin;
    if (is_twins) {
      const size_t first =
          query_.segments.empty() ? 0 : query_.segments[0].left;
      for (TwinNumber twin = 1; twin <= graph_.twin_count(); ++twin) {
        row_.twins[first] = twin;
        Segment(0);
        row_.twins[first] = kNoTwin;
      }
    } else {
      for (const EdgeRef& edge : graph_.edges()) {
        row_.edges[0] = edge;
        Segment(0);
      }
    }
    if (query_.is_count) {
      return {absl::StrCat("COUNT=", count_)};
    }
    std::sort(rows_.begin(), rows_.end());
    return rows_;
  }

 private:
  void Segment(size_t at) {
    if (at == query_.segments.size()) {
      Test();
    } else {
      Follow(at, row_.twins[query_.segments[at].left], 0);
    }
  }

  // Goes on with a segment from `twin`, `hops` hops behind its start.
  void Follow(size_t at, TwinNumber twin, size_t hops) {
    const BoundSegment& segment = query_.segments[at];
    if (hops >= segment.min_hops) {
      Arrive(at, twin);
    }
    if (hops == segment.max_hops) {
      return;
    }
    for (const EdgeRef& edge : graph_.edges()) {
      const bool is_used =
          query_.is_trail && std::count(trail_.begin(), trail_.end(), edge) > 0;
      if (is_used || !IsNamed(segment, edge)) {
        continue;
      }
      for (const TwinNumber next : NextTwins(segment, twin, edge)) {
        trail_.push_back(edge);
        if (segment.relationship.has_value()) {
          row_.edges[*segment.relationship] = edge;
        }
        Follow(at, next, hops + 1);
        trail_.pop_back();
      }
    }
  }

  bool IsNamed(const BoundSegment& segment, const EdgeRef& edge) const {
    return segment.names.empty() ||
           std::any_of(segment.names.begin(), segment.names.end(),
                       [&](const std::string& name) {
                         return graph_.name(name) == edge.name;
                       });
  }

  // Where an edge leads from a twin: nowhere, or to one twin.
  static std::vector<TwinNumber> NextTwins(const BoundSegment& segment,
                                           TwinNumber twin,
                                           const EdgeRef& edge) {
    if (edge.source == twin && segment.orientation != Orientation::kBackward) {
      return {edge.target};
    }
    if (edge.target == twin && segment.orientation != Orientation::kForward) {
      return {edge.source};
    }
    return {};
  }

  void Arrive(size_t at, TwinNumber twin) {
    TwinNumber& right = row_.twins[query_.segments[at].right];
    if (right != kNoTwin && right != twin) {
      return;
    }
    const TwinNumber before = std::exchange(right, twin);
    Segment(at + 1);
    right = before;
  }

  void Test() {
    for (const Expression& conjunct : query_.conjuncts) {
      if (Evaluate(conjunct, row_) != Truth::kTrue) {
        return;
      }
    }
    // Trails are many, but a row does not tell by which way it came.
    if (!seen_.emplace(row_.twins, row_.edges).second) {
      return;
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
  std::vector<EdgeRef> trail_;
  std::set<std::pair<std::vector<TwinNumber>, std::vector<EdgeRef>>> seen_;
  uint64_t count_ = 0;
  std::vector<std::string> rows_;
};

}  // namespace

std::vector<std::string> BruteForceRows(const CompiledQuery& query,
                                        const ToyGraph& graph) {
  return BruteForce(query, graph).Run();
}

}  // namespace twingraph::query

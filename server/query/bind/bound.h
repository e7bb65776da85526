#pragma once

// A query with names resolved: what planning and execution work with.
// Immutable once made.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/query/document.h"
#include "server/query/expr/expression.h"

namespace twingraph::query {

enum class VariableKind { kTwin, kRelationship };

// A thing that a row has one of.
struct Variable {
  std::string name = {};  // empty: nothing in the text can name it
  VariableKind kind = VariableKind::kTwin;
};

// A way from one twin to another: a JOIN, or one part of a MATCH.
struct BoundSegment {
  size_t left = 0;  // twin variables; equal where a pattern closes a circle
  size_t right = 0;
  Orientation orientation = Orientation::kForward;
  std::vector<std::string> names = {};  // of relationships; empty: all
  size_t min_hops = 1;
  size_t max_hops = 1;
  // The variable of the relationship. Segments of several hops have none: a
  // row does not tell by which way it came.
  std::optional<size_t> relationship = {};

  bool is_single() const { return relationship.has_value(); }
};

struct BoundColumn {
  std::string name = {};
  BoundPath path = {};  // no steps: the whole document
};

struct BoundQuery {
  std::string text;
  bool is_count = false;
  std::optional<uint64_t> top;
  // JOIN declares a twin before its relationship, MATCH from left to right;
  // variable 0 is what stands first in FROM.
  std::vector<Variable> variables;
  std::vector<BoundSegment> segments;
  // MATCH: no relationship comes twice in what a row stands for.
  bool is_trail = false;
  // Conditions that must all hold, and each as it was written.
  std::vector<Expression> conjuncts;
  std::vector<std::string> conjunct_texts;
  std::vector<BoundColumn> columns;
  std::vector<std::string> column_names;
  // What conditions and columns need of the twins' documents.
  TwinParts parts;
};

// The variable of this name.
std::optional<size_t> FindVariable(const BoundQuery& query,
                                   absl::string_view name);

// May one relationship belong to both segments?
bool CanShareRelationships(const BoundSegment& a, const BoundSegment& b);

}  // namespace twingraph::query

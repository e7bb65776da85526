#pragma once

// A query with names resolved: what planning and execution work with.
// Immutable once made.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/query/document.h"
#include "server/query/expr/expression.h"

namespace twingraph::query {

enum class VariableKind { kTwin, kRelationship };

// A thing that a row has one of.
struct Variable {
  std::string name = {};  // empty: the collection without alias
  VariableKind kind = VariableKind::kTwin;
  // What conditions and columns need of a twin; whether its document is needed
  // at all for conditions.
  TwinParts parts = {};
};

// target is related to source by a relationship of this name.
struct BoundJoin {
  size_t source = 0;  // variables
  size_t target = 0;
  size_t relationship = 0;
  std::string name = {};
};

struct BoundColumn {
  std::string name = {};
  BoundPath path = {};  // no steps: the whole document
};

struct BoundQuery {
  std::string text;
  bool is_count = false;
  std::optional<uint64_t> top;
  std::vector<Variable> variables;  // the collection first
  std::vector<BoundJoin> joins;
  // Conditions that must all hold.
  std::vector<Expression> conjuncts;
  std::vector<BoundColumn> columns;
  std::vector<std::string> column_names;
};

}  // namespace twingraph::query

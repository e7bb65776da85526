#pragma once

// Conditions, compiled: the one expression language of the product. It knows
// neither queries nor graphs, only rows that give values and models. Immutable;
// may be evaluated by many threads at once.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/query/schema.h"
#include "server/query/syntax/ast.h"
#include "storage/value/value_codec.h"

namespace twingraph::query {

// Three-valued logic: a comparison with what is missing, or of different types,
// is neither true nor false.
enum class Truth { kFalse, kTrue, kUndefined };

// What a condition is evaluated on.
class ExpressionRow {
 public:
  virtual ~ExpressionRow() = default;
  // The value at `path` of variable `variable`; undefined where there is none.
  // A value that must be made is made in `scratch`, which outlives the result.
  virtual ValueView Resolve(size_t variable,
                            const std::vector<std::string>& path,
                            std::string& scratch) const = 0;
  // The model of a twin variable.
  virtual ModelNumber ModelOf(size_t variable) const = 0;
};

// A property of a variable, with its name resolved.
struct BoundPath {
  size_t variable = 0;
  std::vector<std::string> steps;  // below the variable; empty: all of it

  friend bool operator==(const BoundPath&, const BoundPath&) = default;
};

// A path or an encoded value.
struct BoundOperand {
  bool is_path = false;
  BoundPath path;
  std::string value;  // encoded

  ValueView literal() const { return ValueView(value); }
};

struct Expression {
  ConditionKind kind = ConditionKind::kAnd;
  std::vector<Expression> children;
  CompareOp op = CompareOp::kEqual;
  BoundOperand left;
  BoundOperand right;
  std::vector<std::string> list;  // encoded values
  bool is_negated = false;
  FunctionId function = FunctionId::kIsDefined;
  size_t variable = 0;  // of a model test
  ModelSet models;

  // Variables that the value depends on, ascending.
  std::vector<size_t> Variables() const;
};

// The value of a condition on a row.
Truth Evaluate(const Expression& expression, const ExpressionRow& row);

// A function on its arguments; `operand` is undefined for those of one.
Truth CallFunction(FunctionId function, ValueView value, ValueView operand);

}  // namespace twingraph::query

#pragma once

// A query as it was written: a tree with the place of each part. Plain values.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/query/syntax/token.h"
#include "storage/value/value.h"

namespace twingraph::query {

struct Name {
  std::string text;
  Span span;
};

// Names joined by dots.
struct Path {
  std::vector<Name> steps;
  Span span;
};

struct Literal {
  Value value;
  Span span;
};

// What a comparison compares: exactly one of the two.
struct Operand {
  std::optional<Path> path;
  std::optional<Literal> literal;

  Span span() const { return path.has_value() ? path->span : literal->span; }
};

enum class CompareOp {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};

enum class FunctionId {
  kIsBool,
  kIsDefined,
  kIsNull,
  kIsNumber,
  kIsObject,
  kIsPrimitive,
  kIsString,
  kContains,
  kStartsWith,
  kEndsWith,
  kArrayContains,
};

enum class ConditionKind {
  kOr,         // of `children`
  kAnd,        // of `children`
  kNot,        // of children[0]
  kCompare,    // left op right
  kIn,         // left in `list`
  kCall,       // function(left.path, right)
  kIsOfModel,  // of `alias`, `model`
  kIsTrue,     // left.path is true
};

struct Condition {
  ConditionKind kind = ConditionKind::kAnd;
  Span span;
  std::vector<std::unique_ptr<Condition>> children;
  CompareOp op = CompareOp::kEqual;
  Operand left;
  Operand right;
  std::vector<Literal> list;
  bool is_negated = false;  // NIN
  FunctionId function = FunctionId::kIsDefined;
  std::optional<Name> alias;  // of IS_OF_MODEL
  Literal model;
  std::optional<Name> model_mode;  // the word behind the model
};

struct Column {
  Path path;
  std::optional<Name> alias;
};

// JOIN target RELATED source.name relationship
struct Join {
  Name target;
  Name source;
  Name name;
  std::optional<Name> relationship;
  Span span;
};

// Which way relationships of a pattern are followed from left to right.
enum class Orientation { kForward, kBackward, kEither };

// *upper, *..upper or *above..upper: the lower bound is not included.
struct Hops {
  bool is_range = false;
  std::optional<uint64_t> above;
  std::optional<uint64_t> upper;  // has a value once parsed
  Span span;
};

// (alias)
struct PatternNode {
  std::optional<Name> alias;
  Span span;
};

// -[alias:name|name*hops]->
struct PatternEdge {
  Orientation orientation = Orientation::kForward;
  std::optional<Name> alias;
  std::vector<Name> names;  // empty: any
  std::optional<Hops> hops;
  Span span;
};

// What stands behind MATCH: one node more than edges.
struct Pattern {
  std::vector<PatternNode> nodes;
  std::vector<PatternEdge> edges;
  Span span;
};

enum class Collection { kTwins, kRelationships };

struct Query {
  bool is_count = false;
  bool is_star = false;
  Span star;
  std::optional<uint64_t> top;
  Span top_span;
  std::vector<Column> columns;
  Collection collection = Collection::kTwins;
  Span collection_span;
  std::optional<Name> alias;
  std::vector<Join> joins;
  std::optional<Pattern> pattern;
  std::unique_ptr<Condition> where;
};

}  // namespace twingraph::query

#include "tests/support/query_printer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/value/json.h"

namespace twingraph::query {
namespace {

bool IsBareName(const std::string& name) {
  if (name.empty() || absl::ascii_isdigit(name[0]) || IsReservedWord(name)) {
    return false;
  }
  for (size_t i = name[0] == '$' ? 1 : 0; i < name.size(); ++i) {
    if (!absl::ascii_isalnum(name[i]) && name[i] != '_') {
      return false;
    }
  }
  return true;
}

std::string Print(const Name& name) {
  return IsBareName(name.text) ? name.text
                               : absl::StrCat("[[", name.text, "]]");
}

std::string PrintNames(const std::vector<Name>& names, const char* separator) {
  return absl::StrJoin(names, separator,
                       [](std::string* out, const Name& name) {
                         absl::StrAppend(out, Print(name));
                       });
}

std::string Print(const Literal& literal) {
  if (!literal.value.is_string()) {
    return FormatJson(literal.value);
  }
  std::string text = "'";
  for (const char c : literal.value.as_string()) {
    if (c == '\'' || c == '\\') {
      text.push_back('\\');
    }
    text.push_back(c);
  }
  return text + "'";
}

std::string Print(const Operand& operand) {
  return operand.literal.has_value() ? Print(*operand.literal)
                                     : PrintNames(operand.path->steps, ".");
}

const char* Print(CompareOp op) {
  switch (op) {
    case CompareOp::kEqual:
      return " = ";
    case CompareOp::kNotEqual:
      return " != ";
    case CompareOp::kLess:
      return " < ";
    case CompareOp::kLessEqual:
      return " <= ";
    case CompareOp::kGreater:
      return " > ";
    case CompareOp::kGreaterEqual:
      return " >= ";
  }
  return "";
}

const char* Print(FunctionId function) {
  switch (function) {
    case FunctionId::kIsBool:
      return "IS_BOOL(";
    case FunctionId::kIsDefined:
      return "IS_DEFINED(";
    case FunctionId::kIsNull:
      return "IS_NULL(";
    case FunctionId::kIsNumber:
      return "IS_NUMBER(";
    case FunctionId::kIsObject:
      return "IS_OBJECT(";
    case FunctionId::kIsPrimitive:
      return "IS_PRIMITIVE(";
    case FunctionId::kIsString:
      return "IS_STRING(";
    case FunctionId::kContains:
      return "CONTAINS(";
    case FunctionId::kStartsWith:
      return "STARTSWITH(";
    case FunctionId::kEndsWith:
      return "ENDSWITH(";
    case FunctionId::kArrayContains:
      return "ARRAY_CONTAINS(";
  }
  return "";
}

std::string Print(const Condition& condition);

// Each child in parentheses, so that the tree can be seen.
std::string PrintChildren(const Condition& condition, const char* word) {
  return absl::StrJoin(
      condition.children, word,
      [](std::string* out, const std::unique_ptr<Condition>& child) {
        absl::StrAppend(out, "(", Print(*child), ")");
      });
}

std::string PrintIn(const Condition& condition) {
  return absl::StrCat(Print(condition.left),
                      condition.is_negated ? " NIN [" : " IN [",
                      absl::StrJoin(condition.list, ", ",
                                    [](std::string* out, const Literal& item) {
                                      absl::StrAppend(out, Print(item));
                                    }),
                      "]");
}

std::string PrintModelTest(const Condition& condition) {
  return absl::StrCat(
      "IS_OF_MODEL(",
      condition.alias.has_value() ? Print(*condition.alias) + ", " : "",
      Print(condition.model), condition.model_mode.has_value() ? ", exact" : "",
      ")");
}

std::string Print(const Condition& condition) {
  switch (condition.kind) {
    case ConditionKind::kOr:
      return PrintChildren(condition, " OR ");
    case ConditionKind::kAnd:
      return PrintChildren(condition, " AND ");
    case ConditionKind::kNot:
      return absl::StrCat("NOT ", PrintChildren(condition, ""));
    case ConditionKind::kCompare:
      return absl::StrCat(Print(condition.left), Print(condition.op),
                          Print(condition.right));
    case ConditionKind::kIn:
      return PrintIn(condition);
    case ConditionKind::kCall: {
      const bool has_operand = condition.right.path.has_value() ||
                               condition.right.literal.has_value();
      return absl::StrCat(Print(condition.function), Print(condition.left),
                          has_operand ? ", " + Print(condition.right) : "",
                          ")");
    }
    case ConditionKind::kIsOfModel:
      return PrintModelTest(condition);
    case ConditionKind::kIsTrue:
      return Print(condition.left);
  }
  return "";
}

std::string Print(const PatternNode& node) {
  return absl::StrCat("(", node.alias.has_value() ? Print(*node.alias) : "",
                      ")");
}

std::string Print(const Hops& hops) {
  if (!hops.is_range) {
    return absl::StrCat("*", *hops.upper);
  }
  return absl::StrCat("*",
                      hops.above.has_value() ? absl::StrCat(*hops.above) : "",
                      "..", *hops.upper);
}

std::string Print(const PatternEdge& edge) {
  return absl::StrCat(edge.orientation == Orientation::kBackward ? "<-[" : "-[",
                      edge.alias.has_value() ? Print(*edge.alias) : "",
                      edge.names.empty() ? "" : ":",
                      PrintNames(edge.names, "|"),
                      edge.hops.has_value() ? Print(*edge.hops) : "",
                      edge.orientation == Orientation::kForward ? "]->" : "]-");
}

std::string PrintSelection(const Query& query) {
  if (query.is_count) {
    return "COUNT()";
  }
  std::string text =
      query.top.has_value() ? absl::StrCat("TOP(", *query.top, ") ") : "";
  if (query.is_star) {
    return text + "*";
  }
  return text +
         absl::StrJoin(
             query.columns, ", ", [](std::string* out, const Column& column) {
               absl::StrAppend(out, PrintNames(column.path.steps, "."),
                               column.alias.has_value()
                                   ? " AS " + Print(*column.alias)
                                   : "");
             });
}

std::string PrintTraversal(const Query& query) {
  std::string text;
  for (const Join& join : query.joins) {
    absl::StrAppend(
        &text, " JOIN ", Print(join.target), " RELATED ", Print(join.source),
        ".", Print(join.name),
        join.relationship.has_value() ? " " + Print(*join.relationship) : "");
  }
  if (query.pattern.has_value()) {
    const Pattern& pattern = *query.pattern;
    absl::StrAppend(&text, " MATCH ", Print(pattern.nodes[0]));
    for (size_t i = 0; i < pattern.edges.size(); ++i) {
      absl::StrAppend(&text, Print(pattern.edges[i]),
                      Print(pattern.nodes[i + 1]));
    }
  }
  return text;
}

}  // namespace

std::string PrintQuery(const Query& query) {
  return absl::StrCat(
      "SELECT ", PrintSelection(query), " FROM ",
      query.collection == Collection::kTwins ? "DIGITALTWINS" : "RELATIONSHIPS",
      query.alias.has_value() ? " " + Print(*query.alias) : "",
      PrintTraversal(query),
      query.where == nullptr ? "" : " WHERE " + Print(*query.where));
}

}  // namespace twingraph::query

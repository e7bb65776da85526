// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/bind/binder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "server/query/bind/anchor_rule.h"
#include "server/query/bind/pattern_binder.h"
#include "server/query/expr/document_path.h"

namespace twingraph::query {
namespace {

std::string Encoded(const Value& value) {
  std::string bytes;
  EncodeValue(value, bytes);
  return bytes;
}

class Binder {
 public:
  Binder(const Query& query, absl::string_view text, const Schema& schema,
         const QueryLimits& limits)
      : query_(query),
        schema_(schema),
        limits_(limits),
        bound_(std::make_unique<BoundQuery>()) {
    bound_->text = std::string(text);
  }

  std::variant<std::unique_ptr<BoundQuery>, Problem> Run() {
    if (!Declare() || !BindWhere() || !BindColumns() || !CheckAnchor()) {
      return std::move(problem_);
    }
    return std::move(bound_);
  }

 private:
  bool Fail(ProblemKind kind, absl::string_view rule, Span span,
            std::string message) {
    problem_ = {kind, rule, span, std::move(message)};
    return false;
  }

  bool has_joins() const { return !query_.joins.empty(); }

  // More than one thing has a name: each path begins with one.
  bool has_traversal() const {
    return has_joins() || query_.pattern.has_value();
  }

  // --- Names ---

  bool Declare() {
    if (query_.pattern.has_value()) {
      return DeclarePattern(*query_.pattern);
    }
    return DeclareCollection() && DeclareJoins();
  }

  bool DeclareVariable(const Name& name, VariableKind kind) {
    if (Find(name.text).has_value()) {
      return Fail(
          ProblemKind::kSemantic, "K1", name.span,
          absl::StrCat("the alias \"", name.text, "\" is declared twice"));
    }
    bound_->variables.push_back({name.text, kind});
    return true;
  }

  std::optional<size_t> Find(absl::string_view name) const {
    return FindVariable(*bound_, name);
  }

  bool DeclarePattern(const Pattern& pattern) {
    if (query_.collection == Collection::kRelationships) {
      return Fail(ProblemKind::kFeature, "K5", pattern.span,
                  "MATCH does not go with FROM RELATIONSHIPS");
    }
    if (has_joins()) {
      return Fail(ProblemKind::kSemantic, "K6", pattern.span,
                  "JOIN and MATCH do not go together");
    }
    if (query_.alias.has_value()) {
      return Fail(ProblemKind::kSemantic, "K6", query_.alias->span,
                  "with MATCH, DIGITALTWINS has no alias: variables stand in "
                  "the pattern");
    }
    if (auto problem = BindPattern(pattern, limits_.hops, *bound_)) {
      problem_ = *std::move(problem);
      return false;
    }
    return true;
  }

  bool DeclareCollection() {
    const bool is_relationships =
        query_.collection == Collection::kRelationships;
    if (has_joins() && is_relationships) {
      return Fail(ProblemKind::kFeature, "K5", query_.joins[0].span,
                  "JOIN does not go with FROM RELATIONSHIPS");
    }
    if (has_joins() && !query_.alias.has_value()) {
      return Fail(ProblemKind::kSemantic, "K2", query_.collection_span,
                  "JOIN needs an alias behind DIGITALTWINS");
    }
    return DeclareVariable(
        query_.alias.value_or(Name()),
        is_relationships ? VariableKind::kRelationship : VariableKind::kTwin);
  }

  bool DeclareJoins() {
    if (query_.joins.size() > limits_.joins) {
      return Fail(ProblemKind::kLimit, "K3", query_.joins[limits_.joins].span,
                  absl::StrCat("at most ", limits_.joins, " JOINs"));
    }
    for (const Join& join : query_.joins) {
      const std::optional<size_t> source = Find(join.source.text);
      if (!source.has_value() ||
          bound_->variables[*source].kind != VariableKind::kTwin) {
        return Fail(ProblemKind::kSemantic, "K2", join.source.span,
                    absl::StrCat("\"", join.source.text,
                                 "\" is no alias of twins that was declared "
                                 "before"));
      }
      if (!DeclareVariable(join.target, VariableKind::kTwin)) {
        return false;
      }
      const size_t target = bound_->variables.size() - 1;
      if (!DeclareVariable(join.relationship.value_or(Name()),
                           VariableKind::kRelationship)) {
        return false;
      }
      bound_->segments.push_back(
          {.left = *source,
           .right = target,
           .names = {join.name.text},
           .relationship = bound_->variables.size() - 1});
    }
    NameImplicitRelationships();
    return true;
  }

  // A JOIN without an alias for its relationship lends it the relationship's
  // name, where that is one of a kind.
  void NameImplicitRelationships() {
    for (const BoundSegment& segment : bound_->segments) {
      const auto same =
          std::count_if(bound_->segments.begin(), bound_->segments.end(),
                        [&](const BoundSegment& other) {
                          return other.names == segment.names;
                        });
      Variable& relationship = bound_->variables[*segment.relationship];
      if (relationship.name.empty() && same == 1 &&
          !Find(segment.names[0]).has_value()) {
        relationship.name = segment.names[0];
      }
    }
  }

  // --- Paths ---

  bool BindPath(const Path& path, BoundPath& bound) {
    const std::optional<size_t> variable = Find(path.steps[0].text);
    size_t first = 1;
    if (variable.has_value()) {
      bound.variable = *variable;
    } else if (has_traversal()) {
      return Fail(ProblemKind::kSemantic, "K12", path.steps[0].span,
                  absl::StrCat("\"", path.steps[0].text,
                               "\" is no alias; with JOIN and MATCH a "
                               "property begins with one"));
    } else {
      bound.variable = 0;
      first = 0;
    }
    for (size_t i = first; i < path.steps.size(); ++i) {
      bound.steps.push_back(path.steps[i].text);
    }
    return true;
  }

  // BindPath, and notes what it needs of the twin.
  bool UsePath(const Path& path, BoundPath& bound) {
    if (!BindPath(path, bound)) {
      return false;
    }
    TwinParts& parts = bound_->parts;
    const TwinParts wanted = PartsOf(bound.steps);
    parts.metadata = parts.metadata || wanted.metadata;
    parts.device = parts.device || wanted.device;
    return true;
  }

  bool BindOperand(const Operand& operand, BoundOperand& bound) {
    if (operand.literal.has_value()) {
      bound.value = Encoded(operand.literal->value);
      return true;
    }
    bound.is_path = true;
    return UsePath(*operand.path, bound.path);
  }

  // --- Conditions ---

  bool BindWhere() {
    if (query_.where == nullptr) {
      return true;
    }
    Expression where;
    if (!BindCondition(*query_.where, where)) {
      return false;
    }
    AddConjuncts(*query_.where, std::move(where));
    return true;
  }

  // Takes ANDs apart, however they are nested.
  void AddConjuncts(const Condition& condition, Expression bound) {
    if (bound.kind == ConditionKind::kAnd) {
      for (size_t i = 0; i < bound.children.size(); ++i) {
        AddConjuncts(*condition.children[i], std::move(bound.children[i]));
      }
      return;
    }
    const Span span = condition.span;
    bound_->conjuncts.push_back(std::move(bound));
    bound_->conjunct_texts.push_back(
        bound_->text.substr(span.begin, span.end - span.begin));
  }

  bool BindCondition(const Condition& condition, Expression& bound) {
    bound.kind = condition.kind;
    bound.op = condition.op;
    bound.is_negated = condition.is_negated;
    bound.function = condition.function;
    switch (condition.kind) {
      case ConditionKind::kOr:
      case ConditionKind::kAnd:
        connectives_ += condition.children.size() - 1;
        if (connectives_ > limits_.connectives) {
          return Fail(
              ProblemKind::kLimit, "K16", condition.span,
              absl::StrCat("at most ", limits_.connectives, " AND and OR"));
        }
        return BindChildren(condition, bound);
      case ConditionKind::kNot:
        return BindChildren(condition, bound);
      case ConditionKind::kCompare:
        return BindOperand(condition.left, bound.left) &&
               BindOperand(condition.right, bound.right);
      case ConditionKind::kIn:
        return BindIn(condition, bound);
      case ConditionKind::kCall:
        return BindCall(condition, bound);
      case ConditionKind::kIsOfModel:
        return BindIsOfModel(condition, bound);
      case ConditionKind::kIsTrue:
        return BindOperand(condition.left, bound.left);
    }
    return true;
  }

  bool BindChildren(const Condition& condition, Expression& bound) {
    for (const auto& child : condition.children) {
      bound.children.emplace_back();
      if (!BindCondition(*child, bound.children.back())) {
        return false;
      }
    }
    return true;
  }

  bool BindIn(const Condition& condition, Expression& bound) {
    if (condition.list.size() > limits_.list_items) {
      return Fail(
          ProblemKind::kLimit, "K15", condition.list[limits_.list_items].span,
          absl::StrCat("at most ", limits_.list_items, " values in a list"));
    }
    for (const Literal& item : condition.list) {
      bound.list.push_back(Encoded(item.value));
    }
    return BindOperand(condition.left, bound.left);
  }

  bool BindCall(const Condition& condition, Expression& bound) {
    if (!BindOperand(condition.left, bound.left)) {
      return false;
    }
    const VariableKind kind = bound_->variables[bound.left.path.variable].kind;
    if (condition.function == FunctionId::kArrayContains &&
        kind == VariableKind::kRelationship) {
      return Fail(ProblemKind::kFeature, "K14", condition.span,
                  "ARRAY_CONTAINS is for properties of twins");
    }
    const bool has_operand =
        condition.right.path.has_value() || condition.right.literal.has_value();
    if (!has_operand) {
      return true;
    }
    const bool is_text_function =
        condition.function != FunctionId::kArrayContains;
    if (is_text_function && condition.right.literal.has_value() &&
        !condition.right.literal->value.is_string()) {
      return Fail(ProblemKind::kSemantic, "types",
                  condition.right.literal->span,
                  "the second argument must be a string");
    }
    return BindOperand(condition.right, bound.right);
  }

  bool BindIsOfModel(const Condition& condition, Expression& bound) {
    if (condition.alias.has_value()) {
      const std::optional<size_t> variable = Find(condition.alias->text);
      if (!variable.has_value()) {
        return Fail(
            ProblemKind::kSemantic, "K12", condition.alias->span,
            absl::StrCat("\"", condition.alias->text, "\" is no alias"));
      }
      bound.variable = *variable;
    } else if (has_traversal()) {
      return Fail(ProblemKind::kSemantic, "K12", condition.span,
                  "with JOIN and MATCH, IS_OF_MODEL names an alias first");
    }
    if (bound_->variables[bound.variable].kind != VariableKind::kTwin) {
      return Fail(ProblemKind::kSemantic, "K13", condition.span,
                  "relationships have no model");
    }
    const bool is_exact = condition.model_mode.has_value();
    if (is_exact &&
        !absl::EqualsIgnoreCase(condition.model_mode->text, "exact")) {
      return Fail(ProblemKind::kSemantic, "K13", condition.model_mode->span,
                  "only the word exact may stand behind the model");
    }
    bound.models =
        schema_.ModelsOf(condition.model.value.as_string(), is_exact);
    return true;
  }

  // --- Columns ---

  bool BindColumns() {
    bound_->is_count = query_.is_count;
    bound_->top = query_.top;
    if (query_.is_count) {
      bound_->column_names = {"COUNT"};
      return true;
    }
    if (query_.is_star) {
      return BindStar();
    }
    for (const Column& column : query_.columns) {
      BoundColumn bound;
      if (!UsePath(column.path, bound.path)) {
        return false;
      }
      bound.name = column.alias.has_value() ? column.alias->text
                                            : column.path.steps.back().text;
      const bool is_taken = std::any_of(
          bound_->columns.begin(), bound_->columns.end(),
          [&](const BoundColumn& other) { return other.name == bound.name; });
      if (is_taken) {
        return Fail(ProblemKind::kSemantic, "K18", column.path.span,
                    absl::StrCat("two columns have the name \"", bound.name,
                                 "\"; tell them apart with AS"));
      }
      bound_->column_names.push_back(bound.name);
      bound_->columns.push_back(std::move(bound));
    }
    return true;
  }

  bool BindStar() {
    if (has_joins()) {
      return Fail(ProblemKind::kFeature, "K4", query_.star,
                  "* is not allowed with JOIN; name the columns");
    }
    bound_->parts = {.metadata = true, .device = true};
    if (query_.pattern.has_value()) {
      AddNamedVariables();
      return true;
    }
    bound_->columns.push_back({.name = "*", .path = {}});
    bound_->column_names = {"*"};
    return true;
  }

  // With MATCH, * is everything that has a name, in the order of the pattern.
  void AddNamedVariables() {
    for (size_t i = 0; i < bound_->variables.size(); ++i) {
      const std::string& name = bound_->variables[i].name;
      if (!name.empty()) {
        bound_->columns.push_back(
            {.name = name, .path = {.variable = i, .steps = {}}});
        bound_->column_names.push_back(name);
      }
    }
  }

  bool CheckAnchor() {
    if (!has_traversal() || HasAnchor(*bound_)) {
      return true;
    }
    const Span traversal =
        has_joins() ? query_.joins[0].span : query_.pattern->span;
    return Fail(ProblemKind::kFeature, "K8",
                query_.where == nullptr ? traversal : query_.where->span,
                "JOIN and MATCH need a condition that fixes the $dtId of one "
                "of their twins: alias.$dtId = '...' or IN [...]");
  }

  const Query& query_;
  const Schema& schema_;
  const QueryLimits& limits_;
  std::unique_ptr<BoundQuery> bound_;
  size_t connectives_ = 0;
  Problem problem_;
};

}  // namespace

std::variant<std::unique_ptr<BoundQuery>, Problem> Bind(
    const Query& query, absl::string_view text, const Schema& schema,
    const QueryLimits& limits) {
  return Binder(query, text, schema, limits).Run();
}

}  // namespace twingraph::query

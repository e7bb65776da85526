// Covered by tests/server/query/golden_query_test.cc.
#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

#include "server/query/bind/binder.h"
#include "server/query/query.h"
#include "server/query/syntax/parser.h"

namespace twingraph::query {

CompiledQuery::CompiledQuery(std::unique_ptr<const BoundQuery> bound)
    : bound_(std::move(bound)) {}

CompiledQuery::~CompiledQuery() = default;

const std::vector<std::string>& CompiledQuery::columns() const {
  return bound_->column_names;
}

absl::StatusOr<std::shared_ptr<const CompiledQuery>> Compile(
    absl::string_view text, const Schema& schema, const QueryOptions& options) {
  if (text.size() > options.limits.text_bytes) {
    return MakeQueryError(
        text, {.kind = ProblemKind::kLimit,
               .rule = "K16",
               .span = {options.limits.text_bytes, text.size()},
               .message = absl::StrCat("a query has at most ",
                                       options.limits.text_bytes, " bytes")});
  }
  auto parsed = ParseQuery(text, options.limits.nesting);
  if (const Problem* problem = std::get_if<Problem>(&parsed)) {
    return MakeQueryError(text, *problem);
  }
  auto bound = Bind(std::get<Query>(parsed), text, schema, options.limits);
  if (const Problem* problem = std::get_if<Problem>(&bound)) {
    return MakeQueryError(text, *problem);
  }
  return std::shared_ptr<const CompiledQuery>(new CompiledQuery(
      std::move(std::get<std::unique_ptr<BoundQuery>>(bound))));
}

}  // namespace twingraph::query

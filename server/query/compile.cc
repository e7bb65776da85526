// Covered by tests/server/query/golden_query_test.cc.
#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

#include "server/query/bind/binder.h"
#include "server/query/query.h"
#include "server/query/syntax/parser.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace twingraph::query {
namespace {

// Where the first `count` characters of a text end. REQUIRES: UTF-8.
size_t EndOfCharacters(absl::string_view text, size_t count) {
  size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool is_first = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (is_first && count-- == 0) {
      return at;
    }
  }
  return at;
}

}  // namespace

CompiledQuery::CompiledQuery(std::unique_ptr<const BoundQuery> bound)
    : bound_(std::move(bound)) {}

CompiledQuery::~CompiledQuery() = default;

const std::vector<std::string>& CompiledQuery::columns() const {
  return bound_->column_names;
}

absl::StatusOr<std::shared_ptr<const CompiledQuery>> Compile(
    absl::string_view text, const Schema& schema, const QueryOptions& options) {
  if (!IsValidUtf8(text)) {
    return InvalidArgument(v1::ERROR_REASON_INVALID_QUERY,
                           "the query is not UTF-8",
                           {{"rule", "syntax"}, {"kind", "SYN"}});
  }
  const size_t limit = options.limits.characters;
  if (const size_t end = EndOfCharacters(text, limit); end < text.size()) {
    return MakeQueryError(
        text, {.kind = ProblemKind::kLimit,
               .rule = "K16",
               .span = {end, text.size()},
               .message =
                   absl::StrCat("a query has at most ", limit, " characters")});
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

#pragma once

// Resolves the names of a query and makes the checks that need more than
// grammar; their ids are those of server/query/README.md. Pure.

#include <memory>
#include <variant>

#include "absl/strings/string_view.h"

#include "server/query/bind/bound.h"
#include "server/query/query.h"
#include "server/query/syntax/ast.h"
#include "server/query/syntax/diagnostic.h"

namespace twingraph::query {

// Binds `query`, parsed from `text`; the first problem where it breaks a rule.
std::variant<std::unique_ptr<BoundQuery>, Problem> Bind(
    const Query& query, absl::string_view text, const Schema& schema,
    const QueryLimits& limits);

}  // namespace twingraph::query

#pragma once

// Values of documents by path, system names ("$dtId") among them. Pure.

#include <string>
#include <vector>

#include "absl/types/span.h"

#include "server/query/document.h"

namespace twingraph::query {

// The value at a path of a twin; undefined where there is none. A value that
// must be made is made in `scratch`.
ValueView ResolveTwin(const TwinDocument& twin,
                      absl::Span<const std::string> path, std::string& scratch);

// The value at a path of a relationship.
ValueView ResolveRelationship(const RelationshipDocument& relationship,
                              absl::Span<const std::string> path,
                              std::string& scratch);

// The parts of a twin that a path needs.
TwinParts PartsOf(absl::Span<const std::string> path);

}  // namespace twingraph::query

// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/problems.h"

#include "storage/base/json.h"

namespace twingraph::dtdl {

void Problems::Add(absl::string_view rule, absl::string_view element,
                   absl::string_view path, const JsonNode& node,
                   std::string message) {
  const TextPosition at = PositionAt(text_, node.begin);
  diagnostics_.push_back({.rule = std::string(rule),
                          .element = std::string(element),
                          .path = std::string(path),
                          .document = document_,
                          .line = at.line,
                          .column = at.column,
                          .message = std::move(message)});
}

}  // namespace twingraph::dtdl

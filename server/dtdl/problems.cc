// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/problems.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace twingraph::dtdl {
namespace {

// Does the range of `outer` hold `inner`?
bool Holds(const JsonNode& outer, const JsonNode& inner) {
  return &outer == &inner ||
         (outer.child != nullptr && outer.begin < inner.end &&
          inner.end <= outer.end);
}

}  // namespace

void Problems::Enter(const JsonDocument* document, int index) {
  document_ = document;
  index_ = index;
}

void Problems::Add(absl::string_view rule, absl::string_view element,
                   const JsonNode& node, std::string message) {
  if (document_ != nullptr) {
    diagnostics_.push_back(Make(rule, element, node, std::move(message)));
  }
}

Diagnostic Problems::Make(absl::string_view rule, absl::string_view element,
                          const JsonNode& node, std::string message) {
  const absl::string_view text = document_->TextOf(node);
  const TextPosition at =
      PositionOf(static_cast<size_t>(text.data() - document_->source().data()));
  return {.rule = std::string(rule),
          .element = std::string(element),
          .path = PathOf(*document_, node),
          .document = index_,
          .line = at.line,
          .column = at.column,
          .message = std::move(message)};
}

TextPosition Problems::PositionOf(size_t offset) {
  const absl::string_view source = document_->source();
  std::vector<size_t>& starts = line_starts_[index_];
  if (starts.empty()) {
    starts.push_back(0);
    for (size_t i = 0; i < source.size(); ++i) {
      if (source[i] == '\n') {
        starts.push_back(i + 1);
      }
    }
  }
  const auto line = std::upper_bound(starts.begin(), starts.end(), offset) - 1;
  return {.line = static_cast<int>(line - starts.begin()) + 1,
          .column = static_cast<int>(offset - *line) + 1};
}

std::string PathOf(const JsonDocument& document, const JsonNode& node) {
  std::string path;
  const JsonNode* at = &document.root();
  while (at != &node) {
    size_t index = 0;
    const JsonNode* child = at->child;
    while (child != nullptr && !Holds(*child, node)) {
      child = child->next;
      ++index;
    }
    if (child == nullptr) {
      return path;
    }
    absl::StrAppend(
        &path, "/",
        at->is_array()
            ? absl::StrCat(index)
            : absl::StrReplaceAll(child->key, {{"~", "~0"}, {"/", "~1"}}));
    at = child;
  }
  return path;
}

}  // namespace twingraph::dtdl

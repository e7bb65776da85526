// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/problems.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace twingraph::dtdl {
void Problems::Enter(const JsonDocument* document, int index) {
  document_ = document;
  index_ = index;
}

void Problems::Add(absl::string_view rule, absl::string_view element,
                   const JsonNode& node, std::string message) {
  if (document_ != nullptr && !is_full()) {
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
          .path = PathOf(node),
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

// JSON pointer of a value of the present document.
std::string Problems::PathOf(const JsonNode& node) {
  std::string path;
  const JsonNode* at = &document_->root();
  while (at != &node) {
    // Children end in the order of the text: the one that is `node` or holds
    // it is the first that ends no earlier.
    const std::vector<const JsonNode*>& children = ChildrenOf(*at);
    const auto child = std::lower_bound(
        children.begin(), children.end(), node.end,
        [](const JsonNode* each, uint32_t end) { return each->end < end; });
    if (child == children.end()) {
      return path;
    }
    absl::StrAppend(
        &path, "/",
        at->is_array()
            ? absl::StrCat(child - children.begin())
            : absl::StrReplaceAll((*child)->key, {{"~", "~0"}, {"/", "~1"}}));
    at = *child;
  }
  return path;
}

const std::vector<const JsonNode*>& Problems::ChildrenOf(const JsonNode& node) {
  const auto [known, is_new] = children_.try_emplace(&node);
  if (is_new) {
    known->second.reserve(node.count);
    for (const JsonNode& child : JsonChildren(node)) {
      known->second.push_back(&child);
    }
  }
  return known->second;
}

}  // namespace twingraph::dtdl

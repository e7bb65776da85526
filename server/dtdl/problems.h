#pragma once

// Collects the diagnostics of a set of documents while they are read, with the
// place of each. Not thread-safe.

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "server/dtdl/diagnostic.h"
#include "server/dtdl/json_tree.h"

namespace twingraph::dtdl {

class Problems {
 public:
  // Diagnostics from now on are about `document`, number `index` of the set,
  // which must outlive this. A null document: they are not wanted, as for
  // stored models.
  void Enter(const JsonDocument* document, int index);

  const JsonDocument* document() const { return document_; }

  // Notes that `node` of the present document breaks `rule`.
  void Add(absl::string_view rule, absl::string_view element,
           const JsonNode& node, std::string message);

  // The same diagnostic without noting it. REQUIRES: a document was entered.
  Diagnostic Make(absl::string_view rule, absl::string_view element,
                  const JsonNode& node, std::string message);

  size_t count() const { return diagnostics_.size(); }

  // So many are kept; more are dropped. A set of the size of one request can
  // break rules far more often than anybody reads, and each costs memory.
  static constexpr size_t kMost = 20'000;

  bool is_full() const { return diagnostics_.size() >= kMost; }

  std::vector<Diagnostic> Take() && { return std::move(diagnostics_); }

 private:
  TextPosition PositionOf(size_t offset);
  std::string PathOf(const JsonNode& node);
  const std::vector<const JsonNode*>& ChildrenOf(const JsonNode& node);

  const JsonDocument* document_ = nullptr;
  int index_ = 0;
  // Where the lines of a document begin, once one was asked for.
  absl::flat_hash_map<int, std::vector<size_t>> line_starts_;
  // The children of arrays and objects on the way to what was noted, so that
  // the way down need not count siblings each time.
  absl::flat_hash_map<const JsonNode*, std::vector<const JsonNode*>> children_;
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace twingraph::dtdl

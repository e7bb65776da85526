#pragma once

// Collects the diagnostics of one document while it is read. Not thread-safe.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/dtdl/diagnostic.h"
#include "server/dtdl/json_tree.h"

namespace twingraph::dtdl {

class Problems {
 public:
  // `text` is the source of document number `document`; both outlive this.
  Problems(int document, absl::string_view text,
           std::vector<Diagnostic>& diagnostics)
      : document_(document), text_(text), diagnostics_(diagnostics) {}

  // Notes that `node`, at `path`, breaks `rule`.
  void Add(absl::string_view rule, absl::string_view element,
           absl::string_view path, const JsonNode& node, std::string message);

 private:
  const int document_;
  const absl::string_view text_;
  std::vector<Diagnostic>& diagnostics_;
};

}  // namespace twingraph::dtdl

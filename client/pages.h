#pragma once

// Walks all pages of a list.

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace twingraph::client {

// Calls `list` (request -> StatusOr<response>) for each page and `visit`
// (response -> bool: go on?) with what it gave.
// Errors: those of `list`.
template <typename Request, typename List, typename Visit>
absl::Status ForEachPage(Request request, List list, Visit visit) {
  for (;;) {
    auto page = list(request);
    if (!page.ok()) {
      return page.status();
    }
    if (!visit(*page) || page->next_page_token().empty()) {
      return absl::OkStatus();
    }
    request.set_page_token(page->next_page_token());
  }
}

}  // namespace twingraph::client

#pragma once

// How lists fill their pages: by number of items and by bytes. Pure.

#include <algorithm>
#include <cstddef>

#include "absl/status/statusor.h"

#include "server/engine/call_options.h"
#include "server/engine/engine.h"
#include "storage/base/batch_pace.h"
#include "storage/base/status_macros.h"

namespace twingraph::engine {

// Fills a page with the items that `read(limit)` gives batch by batch, each
// going on where the items that were taken end; it gives fewer than `limit` at
// the end only. `take(item)` puts one on the page and returns about how many
// bytes it has there. Returns whether more may follow. A page has at least one
// item if there is one; it is full with the item that reaches
// Limits::page_bytes.
// Errors: those of `read` and `take`.
template <typename Read, typename Take>
absl::StatusOr<bool> FillPage(const PageRequest& page, const Limits& limits,
                              Read read, Take take) {
  auto items = static_cast<size_t>(page.size);
  size_t room = limits.page_bytes;
  BatchPace pace;
  while (true) {
    const size_t wanted = std::min(items, pace.Next(room));
    ASSIGN_OR_RETURN(const auto batch, read(wanted));
    size_t batch_bytes = 0;
    for (size_t i = 0; i < batch.size(); ++i) {
      if (batch_bytes >= room) {
        return true;
      }
      const absl::StatusOr<size_t> bytes = take(batch[i]);
      RETURN_IF_ERROR(bytes.status());
      batch_bytes += *bytes;
    }
    pace.Note(batch.size(), batch_bytes);
    items -= batch.size();
    room -= std::min(room, batch_bytes);
    if (batch.size() < wanted) {
      return false;
    }
    if (items == 0 || room == 0) {
      return true;
    }
  }
}

}  // namespace twingraph::engine

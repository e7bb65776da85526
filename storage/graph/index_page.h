#pragma once

// One page of an index by value, with the cursor that continues it. The cursor
// is the last key without the prefix that the range has anyway.

// Covered by tests/storage/graph/graph_model_test.cc.

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/context.h"
#include "storage/graph/index_overlay.h"
#include "storage/graph/property_range.h"
#include "storage/kv/space.h"

namespace twingraph::graph {

struct IndexPage {
  kv::SpaceId space = 0;
  std::string prefix;

  // Calls `take` for up to `limit` rows behind `cursor` and moves it; empty
  // afterwards: the end.
  // Errors: INVALID_ARGUMENT / INVALID_PAGE_TOKEN for a cursor out of the
  // range; those of reading.
  absl::Status Read(const Context& ctx, const IndexOverlay& index,
                    const PropertyRange& range, size_t limit,
                    std::string& cursor,
                    absl::FunctionRef<absl::Status(absl::string_view key,
                                                   absl::string_view value)>
                        take) const;
};

}  // namespace twingraph::graph

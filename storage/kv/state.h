#pragma once

// A state of a store that can be read: the newest one (kv/engine.h), which
// moves with every commit, or a snapshot (kv/snapshot.h), which does not. Safe
// from any thread.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "storage/base/context.h"
#include "storage/kv/cursor.h"
#include "storage/kv/range.h"
#include "storage/kv/row.h"
#include "storage/kv/space.h"

namespace twingraph::kv {

// How far a read may go for its bytes.
enum class ReadTier {
  kAll,
  // Memory only: a read that would touch the disk fails with IncompleteError(),
  // so that a thread which must not block can hand the work to one that may.
  kCacheOnly,
};

// Direction of a scan.
enum class Order { kAscending, kDescending };

// All reads fail with CANCELLED or DEADLINE_EXCEEDED / CALL_ENDED when the
// context ends, DATA_LOSS / STORE_CORRUPT for damaged bytes, and UNAVAILABLE /
// STORE_UNAVAILABLE when the disk fails.
class State {
 public:
  virtual ~State() = default;

  // The row of a key; nullopt where there is none.
  // Errors: IncompleteError() with kCacheOnly.
  virtual absl::StatusOr<std::optional<Row>> Get(const Context& ctx,
                                                 SpaceId space,
                                                 absl::string_view key,
                                                 ReadTier tier) const = 0;

  // The rows of many keys, in the order of `keys`, which may repeat. One call
  // is cheaper than a Get for each.
  virtual absl::StatusOr<std::vector<std::optional<Row>>> MultiGet(
      const Context& ctx, SpaceId space,
      absl::Span<const std::string> keys) const = 0;

  // The rows of several ranges, which may overlap, repeat and be empty: range
  // by range as they stand in `ranges`, inside each in `order`, all of the same
  // moment. They are read as the cursor moves, so whoever has enough stops. One
  // call is cheaper than a Scan for each, most so for ranges in key order. The
  // cursor may not outlive this state. Never fails here: errors show in the
  // cursor's status.
  virtual std::unique_ptr<Cursor> MultiScan(const Context& ctx, SpaceId space,
                                            std::vector<Range> ranges,
                                            Order order) const = 0;

  // MultiScan of one range.
  std::unique_ptr<Cursor> Scan(const Context& ctx, SpaceId space,
                               const Range& range, Order order) const {
    return MultiScan(ctx, space, {range}, order);
  }
};

// UNAVAILABLE without a reason: the answer of a kCacheOnly read whose bytes are
// not in memory. Never leaves the server.
absl::Status IncompleteError();
bool IsIncomplete(const absl::Status& status);

}  // namespace twingraph::kv

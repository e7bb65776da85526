#pragma once

// Everything readable at one revision, the newest or an older one that is
// retained. Made by commit/store.h. Safe from any thread unless it is a
// Transaction; may not outlive its store.
//
// Exactness: rows of spaces that keep history are exact at revision(). Rows of
// other spaces (secondary indexes) are exact in readers from OpenSnapshot and
// in transactions; an older reader and the one from Newest() show their newest
// state, so whoever scans an index there verifies each candidate by a fact.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "storage/base/context.h"
#include "storage/commit/head.h"
#include "storage/kv/cursor.h"
#include "storage/kv/range.h"
#include "storage/kv/state.h"

namespace twingraph::commit {

// Every read may fail with CANCELLED or DEADLINE_EXCEEDED / CALL_ENDED,
// DATA_LOSS / STORE_CORRUPT, UNAVAILABLE / STORE_UNAVAILABLE, and at an older
// revision with OUT_OF_RANGE / REVISION_EXPIRED. A reader of kCacheOnly fails
// with kv::IncompleteError() where the bytes are not in memory.
class Reader {
 public:
  virtual ~Reader() = default;

  // The revision that is read: it and all before are visible, nothing after.
  virtual kv::Revision revision() const = 0;

  // The head published with that revision; for an older reader the newest one
  // when the reader was made.
  virtual const Head& head() const = 0;

  // The row of a key, with the revision that wrote it; nullopt where there is
  // none.
  virtual absl::StatusOr<std::optional<kv::Row>> Get(
      const Context& ctx, kv::SpaceId space, absl::string_view key) const = 0;

  // The rows of many keys, in the order of `keys`.
  virtual absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& ctx, kv::SpaceId space,
      absl::Span<const std::string> keys) const = 0;

  // The rows of several ranges, range by range, as kv::State::MultiScan gives
  // them: what would be many scans is one call. Never fails here: errors show
  // in the cursor. The cursor may not outlive the reader. To continue a scan
  // later at the same revision: scan Range::After(range, last key).
  virtual std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx,
                                                kv::SpaceId space,
                                                std::vector<kv::Range> ranges,
                                                kv::Order order) const = 0;

  // MultiScan of one range.
  std::unique_ptr<kv::Cursor> Scan(
      const Context& ctx, kv::SpaceId space, const kv::Range& range,
      kv::Order order = kv::Order::kAscending) const {
    return MultiScan(ctx, space, {range}, order);
  }
};

}  // namespace twingraph::commit

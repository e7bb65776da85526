#pragma once

// Ordered rows of a range, or of several, one behind the other, as borrowed
// views. Yields each key of a range once, ascending, or descending for a
// reverse scan. A cursor is used from one thread at a time and may not outlive
// the state it reads.

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/kv/row.h"

namespace twingraph::kv {

class Cursor {
 public:
  virtual ~Cursor() = default;

  // Moves to the next row, at first to the first. False at the end or on an
  // error, which status() tells apart; it then stays false.
  virtual bool Next() = 0;

  // Skips forward in scan order, so that the following Next() yields the first
  // row at `key` or behind it (reverse: at `key` or before it) of the range
  // that the last row is of, at first of the first one; without such a row the
  // next range follows. Never moves back.
  virtual void Seek(absl::string_view key) = 0;

  // The row; valid until the next call on this cursor.
  // REQUIRES: the last Next() returned true.
  virtual absl::string_view key() const = 0;
  virtual absl::string_view value() const = 0;
  virtual Revision revision() const = 0;
  // Which of the scanned ranges the row is of: its index.
  virtual size_t range() const = 0;

  // OK at the end of the ranges.
  // Errors: CANCELLED, DEADLINE_EXCEEDED / CALL_ENDED from the context;
  // DATA_LOSS / STORE_CORRUPT where stored bytes are damaged;
  // UNAVAILABLE / STORE_UNAVAILABLE where the disk fails.
  virtual absl::Status status() const = 0;
};

}  // namespace twingraph::kv

#pragma once

// The stored places of a hub's feed, by source. Pure.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/engine/device_ops.h"

namespace twingraph::engine {

// The stored form, JSON: {source: [offset, bookmark]}. Frozen; golden
// test feed_state_test.
std::string EncodeCursors(const std::vector<Cursor>& cursors);

// Errors: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<std::vector<Cursor>> DecodeCursors(absl::string_view stored);

// Moves the place of a source forward; false where it is not after the stored
// one, so the event was done before.
bool Advance(const Cursor& cursor, std::vector<Cursor>& cursors);

}  // namespace twingraph::engine

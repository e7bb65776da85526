#pragma once

// Reads at an older revision: the current state overlaid by the values before.
// Pure apart from the reads; safe from any thread.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "storage/base/context.h"
#include "storage/kv/cursor.h"
#include "storage/kv/range.h"
#include "storage/kv/state.h"

namespace twingraph::commit {

// The row of a key as of `revision`, given its `current` row in `state` or an
// earlier state not before `revision`. Costs a seek when the row has changed
// since. REQUIRES: the space keeps history.
// Errors: as kv::State.
absl::StatusOr<std::optional<kv::Row>> ReadBefore(
    const Context& ctx, const kv::State& state, kv::SpaceId space,
    absl::string_view key, kv::Revision revision,
    std::optional<kv::Row> current);

// The same of many keys: `rows` are their current rows, in the order of `keys`,
// and become those as of `revision`, by one scan. After an error they are of no
// meaning. REQUIRES: `state` does not move.
absl::Status ReadManyBefore(const Context& ctx, const kv::State& state,
                            kv::SpaceId space,
                            absl::Span<const std::string> keys,
                            kv::Revision revision,
                            std::vector<std::optional<kv::Row>>& rows);

// State::MultiScan as of `revision`, one seek for each row that has changed
// since. REQUIRES: `state` does not move, and the space keeps history. The
// cursor may not outlive `state`.
std::unique_ptr<kv::Cursor> ScanBefore(const Context& ctx,
                                       const kv::State& state,
                                       kv::SpaceId space,
                                       std::vector<kv::Range> ranges,
                                       kv::Order order, kv::Revision revision);

}  // namespace twingraph::commit

#pragma once

// Keys of the store's own rows in kv::kSystemSpace. Frozen: stored; described
// in storage/README.md ("System rows").

namespace twingraph::commit {

// Beside kv::kFloorKey.

// Revisions that may have been given out, a counter value.
inline constexpr char kReservedKey[] = "reserved";
// Durability of the last opening, one byte: 0 fsync, 1 os.
inline constexpr char kDurabilityKey[] = "durability";
// "request/" and a request id: what became of it.
inline constexpr char kRequestPrefix[] = "request/";
// "request-time/", the clock's time, request id: from when the request ages.
inline constexpr char kRequestTimePrefix[] = "request-time/";

}  // namespace twingraph::commit

#pragma once

// What calls of every kind take and give: which revision to read, how to write
// safely, and how lists go on. Plain values; no transport.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace twingraph::engine {

// Which state a read sees. At most one member is set; none: the newest.
struct ReadOptions {
  // A revision token; the answer is of that revision or a later one.
  std::string at_least_as_fresh = {};
  // A revision token; the answer is of that revision, also after later changes.
  std::string exactly_at = {};
  // The answer is of the newest revision whose commit time is not after this.
  std::optional<absl::Time> as_of = {};

  bool IsNewest() const {
    return at_least_as_fresh.empty() && exactly_at.empty() &&
           !as_of.has_value();
  }
};

// How a write is made safe.
struct WriteOptions {
  // Names this write: a repetition with the same id is answered without being
  // done twice. Empty: no such protection.
  std::string request_id = {};
  // Tells whether a repeated id comes with the same request.
  uint64_t request_fingerprint = 0;
  // Checks everything and writes nothing.
  bool validate_only = false;
  // The etag the caller has seen; "" or "*": whatever it is now.
  std::string expected_etag = {};
};

// One page of a list. The position is what the page before gave; empty: from
// the start. Positions are bytes for the inside of the server: rpc seals them
// together with the revision.
struct PageRequest {
  int size = 100;  // items wanted; 1 to Limits::page_size
  std::string position = {};
};

// An answer and the revision token it is true at. For a write: of the commit.
template <typename T>
struct At {
  T value;
  std::string revision = {};
};

// Items of one revision. An empty `next_position` says that this was the last
// page.
template <typename T>
struct Page {
  std::vector<T> items = {};
  std::string next_position = {};
  std::string revision = {};
};

// The answer of a write that gives nothing else.
struct Done {
  std::string revision = {};
};

}  // namespace twingraph::engine

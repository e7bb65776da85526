#pragma once

// What of a value is indexed: each path in it with the value there, in ordered
// form. Objects are entered and named, arrays named. Pure.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

#include "storage/graph/index_policy.h"
#include "storage/value/value_codec.h"

namespace twingraph::graph {

struct IndexEntry {
  std::string path;     // JSON Pointer
  std::string ordered;  // key/ordered_codec.h

  friend auto operator<=>(const IndexEntry&, const IndexEntry&) = default;
};

// The entries of the members of `map`, whose own path is `path` (empty for a
// document). None where it is undefined.
std::vector<IndexEntry> EntriesOfMembers(const IndexPolicy& policy,
                                         absl::string_view path, ValueView map);

// The entries of a twin: of its contents and, under kDevicePath, of its device
// block, which may be undefined.
std::vector<IndexEntry> EntriesOfTwin(const IndexPolicy& policy,
                                      ValueView contents, ValueView device);

// `entries` without those of `others`.
std::vector<IndexEntry> EntriesWithout(std::vector<IndexEntry> entries,
                                       const std::vector<IndexEntry>& others);

// How entries differ between two states.
struct EntryChanges {
  std::vector<IndexEntry> removed;
  std::vector<IndexEntry> added;
};

// The difference between EntriesOfTwin of two states. Costs what changed, and a
// comparison of the rest.
EntryChanges DiffTwins(const IndexPolicy& policy, ValueView old_contents,
                       ValueView old_device, ValueView new_contents,
                       ValueView new_device);

// The difference between EntriesOfMembers of two states of one map.
EntryChanges DiffMembers(const IndexPolicy& policy, ValueView old_map,
                         ValueView new_map);

}  // namespace twingraph::graph

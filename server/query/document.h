#pragma once

// Twins, relationships and their numbers as the query layer sees them. A
// document owns (shares) the bytes that its views point into: copies are cheap,
// and a row may keep one for as long as it likes. Immutable; a const object may
// be read from many threads.

#include <compare>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/value/value_codec.h"

namespace twingraph::query {

// Inner numbers of twins, models and relationship names. They are stable within
// one graph; 0 names nothing.
using TwinNumber = uint64_t;
using ModelNumber = uint32_t;
using NameNumber = uint32_t;

inline constexpr TwinNumber kNoTwin = 0;
inline constexpr NameNumber kNoName = 0;

// One relationship. Ordered as a scan of a graph gives them: by name, source,
// target, number.
struct EdgeRef {
  NameNumber name = kNoName;
  TwinNumber source = kNoTwin;
  TwinNumber target = kNoTwin;
  uint64_t number = 0;  // tells parallel relationships apart

  friend auto operator<=>(const EdgeRef&, const EdgeRef&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const EdgeRef& edge) {
    return H::combine(std::move(state), edge.name, edge.source, edge.target,
                      edge.number);
  }
};

// One twin. Views are empty or undefined where the twin has no such part.
struct TwinDocument {
  // Keeps what the views point to; null: no such twin at this revision.
  std::shared_ptr<const void> owner;
  absl::string_view id;
  absl::string_view etag;   // as clients see it
  absl::string_view model;  // DTMI
  absl::Time last_update_time;
  // Map of properties and components, without members that begin with '$'.
  ValueView contents;
  // Read only on request (TwinParts). Map of property name to
  // {"lastUpdateTime": text, "sourceTime": text?}; FormatQueryTime makes the
  // text. Neither "$model" nor "$lastUpdateTime" is in it.
  ValueView metadata;
  // Read only on request. Map of component name to the component's metadata,
  // in the form of `metadata` with "$lastUpdateTime" added.
  ValueView component_metadata;
  // Read only on request. The `$device` block as a map; proxy twins only.
  ValueView device;

  bool exists() const { return owner != nullptr; }
};

// Which parts of a twin a reader needs beside id, etag, model, time, contents.
struct TwinParts {
  bool metadata = false;  // metadata and component_metadata
  bool device = false;
};

// One relationship.
struct RelationshipDocument {
  // As in TwinDocument.
  std::shared_ptr<const void> owner;
  absl::string_view id;  // unique for its source only
  absl::string_view etag;
  absl::string_view source;
  absl::string_view target;
  absl::string_view name;
  ValueView contents;  // map of its properties

  bool exists() const { return owner != nullptr; }
};

}  // namespace twingraph::query

#pragma once

// The table of key spaces: what an engine must know of each (kv/space.h). Ids
// are stored and frozen: append only, never used again. Keys and values of each
// space are drawn in the header named beside it, and all in storage/README.md.

#include <vector>

#include "absl/strings/string_view.h"

#include "storage/kv/space.h"

namespace twingraph::key {

// Graph-wide settings, by name: format version and the like.
inline constexpr kv::SpaceId kMetaSpace = 1;

// Names <-> numbers; dict_key.h.
inline constexpr kv::SpaceId kDictSpace = 2;
// Ranges of numbers given out; dict_key.h.
inline constexpr kv::SpaceId kSequenceSpace = 3;

// Twins; twin_key.h.
inline constexpr kv::SpaceId kTwinIdSpace = 4;
inline constexpr kv::SpaceId kTwinSpace = 5;
inline constexpr kv::SpaceId kGuardSpace = 6;

// Relationships; relationship_key.h.
inline constexpr kv::SpaceId kRelationshipSpace = 7;
inline constexpr kv::SpaceId kRelationshipIdSpace = 8;
inline constexpr kv::SpaceId kOutSpace = 9;
inline constexpr kv::SpaceId kInSpace = 10;
inline constexpr kv::SpaceId kNameIndexSpace = 11;

// Models; model_key.h.
inline constexpr kv::SpaceId kModelSpace = 12;
inline constexpr kv::SpaceId kModelTextSpace = 13;
inline constexpr kv::SpaceId kModelReferrerSpace = 14;
inline constexpr kv::SpaceId kModelIndexSpace = 15;

// Values of properties; index_key.h.
inline constexpr kv::SpaceId kPropertyIndexSpace = 16;
inline constexpr kv::SpaceId kRelationshipPropertyIndexSpace = 17;

// Counters; counter_key.h.
inline constexpr kv::SpaceId kCounterSpace = 18;

// Hubs and their devices; hub_key.h.
inline constexpr kv::SpaceId kHubSpace = 19;
inline constexpr kv::SpaceId kHubProgressSpace = 20;
inline constexpr kv::SpaceId kDeviceSpace = 21;

// All spaces of a graph, for an engine to open.
std::vector<kv::SpaceSpec> GraphSpaces();

// The name of a space of a graph, for messages; empty for any other.
absl::string_view SpaceName(kv::SpaceId id);

}  // namespace twingraph::key

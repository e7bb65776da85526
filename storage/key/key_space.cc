#include "storage/key/key_space.h"

#include "storage/key/number.h"

namespace twingraph::key {
namespace {

constexpr size_t kTwinPrefix = kTwinWidth;
constexpr size_t kTwinNamePrefix = kTwinWidth + kNameWidth;

}  // namespace

std::vector<kv::SpaceSpec> GraphSpaces() {
  return {
      {.id = kMetaSpace, .name = "meta"},
      {.id = kDictSpace, .name = "dict"},
      {.id = kSequenceSpace, .name = "sequence"},
      {.id = kTwinIdSpace, .name = "twin_id", .keeps_history = true},
      {.id = kTwinSpace, .name = "twin", .keeps_history = true},
      {.id = kGuardSpace, .name = "guard"},
      {.id = kRelationshipSpace,
       .name = "relationship",
       .keeps_history = true,
       .prefix_length = kTwinPrefix},
      {.id = kRelationshipIdSpace,
       .name = "relationship_id",
       .keeps_history = true,
       .prefix_length = kTwinPrefix},
      {.id = kOutSpace,
       .name = "out",
       .keeps_history = true,
       .prefix_length = kTwinNamePrefix},
      {.id = kInSpace,
       .name = "in",
       .keeps_history = true,
       .prefix_length = kTwinNamePrefix},
      {.id = kNameIndexSpace, .name = "name_index"},
      {.id = kModelSpace, .name = "model", .keeps_history = true},
      {.id = kModelTextSpace, .name = "model_text", .keeps_history = true},
      {.id = kModelReferrerSpace, .name = "model_referrer"},
      {.id = kModelIndexSpace, .name = "model_index"},
      {.id = kPropertyIndexSpace, .name = "property_index", .churning = true},
      {.id = kRelationshipPropertyIndexSpace,
       .name = "relationship_property_index",
       .churning = true},
      {.id = kCounterSpace, .name = "counter", .keeps_history = true},
      {.id = kHubSpace, .name = "hub", .keeps_history = true},
      {.id = kHubProgressSpace, .name = "hub_progress"},
      {.id = kDeviceSpace, .name = "device", .keeps_history = true},
  };
}

absl::string_view SpaceName(kv::SpaceId id) {
  for (const kv::SpaceSpec& spec : GraphSpaces()) {
    if (spec.id == id) {
      return spec.name;
    }
  }
  return "";
}

}  // namespace twingraph::key

#pragma once

// Keys of the exact counters (values: kv/counter.h).
//
//   counter  'T'                   twins
//            'R'                   relationships
//            'M'                   models
//            'H'                   hubs
//            't' model:4           twins whose own model it is
//            'r' name:4            relationships of a name
//            'd' state:1 hub id    devices of a hub by state of binding
//
// Integers are big endian. Frozen; golden test key_golden_test. Pure.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "storage/key/number.h"

namespace twingraph::key {

std::string TwinCounterKey();
std::string RelationshipCounterKey();
std::string ModelCounterKey();
std::string HubCounterKey();
std::string TwinsOfModelCounterKey(ModelNumber model);
std::string RelationshipsOfNameCounterKey(NameNumber name);
std::string DeviceCounterKey(absl::string_view hub, uint8_t state);

}  // namespace twingraph::key

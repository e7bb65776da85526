#pragma once

// The stored form of a `$device` block, which is also what queries see:
//
//   {"hub", "path": [parts], "generation", "state": "Attached",
//    "connection": {"state": "online", "confidence": "reported",
//                   "since": time, "reason"},
//    "disabled": true, "model", "displayName", "tags": {}, "gatewayPath": [],
//    "lastActivity": time}
//
// Members that say nothing (empty, false, never) are left out; times are as
// FormatQueryTime shows them. Frozen; golden test device_codec_test. Pure.

#include "server/engine/device.h"
#include "storage/value/value.h"
#include "storage/value/value_codec.h"

namespace twingraph::engine {

Value EncodeDevice(const DeviceBlock& block);

// REQUIRES: a map that EncodeDevice made. Names that are not known are read as
// Unbound, unknown and inferred.
DeviceBlock DecodeDevice(ValueView stored);

}  // namespace twingraph::engine

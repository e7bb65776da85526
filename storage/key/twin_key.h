#pragma once

// Keys of twins.
//
//   twin_id  id bytes                -> twin number:5
//   twin     twin number:5           -> record (graph/twin_record.h)
//   guard    't' twin number:5       (nothing stored, only touched)
//            'm' model number:4
//
// A twin's number is never given again, so a twin that is deleted and made
// again under its id has another one. The guard of a twin is touched by who
// makes a relationship at it and read for update by who deletes it; the guard
// of a model is touched by who makes a twin or a model that needs it. (Hubs
// have guards too: hub_key.h.) Integers are big endian. Frozen; golden test
// key_golden_test. Pure.

#include <string>

#include "absl/strings/string_view.h"

#include "storage/key/number.h"

namespace twingraph::key {

// The key of twin_id is the id itself.
std::string EncodeTwinIdValue(TwinNumber twin);
bool DecodeTwinIdValue(absl::string_view value, TwinNumber& twin);

std::string EncodeTwinKey(TwinNumber twin);
bool DecodeTwinKey(absl::string_view key, TwinNumber& twin);

std::string EncodeTwinGuardKey(TwinNumber twin);
std::string EncodeModelGuardKey(ModelNumber model);

}  // namespace twingraph::key

#pragma once

// Keys of the indexes by property value. One row for each value in a twin or
// relationship that has a path of its own: scalars, and for objects and arrays
// that they are there.
//
//   property_index               path:4 value twin:5            -> empty
//   relationship_property_index  name:4 path:4 value source:5 relationship:5
//                                  -> target:5
//
// `value` is the ordered form of ordered_codec.h, so a range of values is a
// range of keys. Integers are big endian. Frozen; golden test key_golden_test.
// Pure.

#include <string>

#include "absl/strings/string_view.h"

#include "storage/key/number.h"
#include "storage/key/relationship_key.h"

namespace twingraph::key {

// `ordered` is what AppendOrdered gives.
std::string EncodePropertyIndexKey(PathNumber path, absl::string_view ordered,
                                   TwinNumber twin);
// `ordered` points into `key`.
bool DecodePropertyIndexKey(absl::string_view key, PathNumber& path,
                            absl::string_view& ordered, TwinNumber& twin);

// What the keys of one path begin with.
std::string PropertyIndexPrefix(PathNumber path);

std::string EncodeRelationshipPropertyIndexKey(const Edge& edge,
                                               PathNumber path,
                                               absl::string_view ordered);
// Fills all of `edge` but the target; `ordered` points into `key`.
bool DecodeRelationshipPropertyIndexKey(absl::string_view key, Edge& edge,
                                        PathNumber& path,
                                        absl::string_view& ordered);

std::string EncodeRelationshipPropertyIndexValue(TwinNumber target);
bool DecodeRelationshipPropertyIndexValue(absl::string_view value,
                                          TwinNumber& target);

// What the keys of one name and path begin with.
std::string RelationshipPropertyIndexPrefix(NameNumber name, PathNumber path);

}  // namespace twingraph::key

#pragma once

// Keys of relationships. A relationship belongs to its source, so its own rows
// lie beside each other there.
//
//   relationship     source:5 relationship:5
//                      -> record (graph/relationship_record.h)
//   relationship_id  source:5 relationship id bytes
//                      -> relationship:5 name:4 target:5
//   out              source:5 name:4 target:5 relationship:5    -> empty
//   in               target:5 name:4 source:5 relationship:5    -> empty
//   name_index       name:4 source:5 target:5 relationship:5    -> empty
//
// Neither source nor name nor target of a relationship number ever changes.
// Integers are big endian. Frozen; golden test key_golden_test. Pure.

#include <compare>
#include <string>

#include "absl/strings/string_view.h"

#include "storage/key/number.h"

namespace twingraph::key {

// One relationship by its numbers. Ordered as name_index is.
struct Edge {
  NameNumber name{};
  TwinNumber source{};
  TwinNumber target{};
  RelationshipNumber number{};

  friend auto operator<=>(const Edge&, const Edge&) = default;
};

std::string EncodeRelationshipKey(TwinNumber source,
                                  RelationshipNumber relationship);
bool DecodeRelationshipKey(absl::string_view key, TwinNumber& source,
                           RelationshipNumber& relationship);

std::string EncodeRelationshipIdKey(TwinNumber source, absl::string_view id);
// `id` points into `key`.
bool DecodeRelationshipIdKey(absl::string_view key, TwinNumber& source,
                             absl::string_view& id);

std::string EncodeRelationshipIdValue(const Edge& edge);
// Fills all of `edge` but the source.
bool DecodeRelationshipIdValue(absl::string_view value, Edge& edge);

std::string EncodeOutKey(const Edge& edge);
bool DecodeOutKey(absl::string_view key, Edge& edge);

std::string EncodeInKey(const Edge& edge);
bool DecodeInKey(absl::string_view key, Edge& edge);

std::string EncodeNameIndexKey(const Edge& edge);
bool DecodeNameIndexKey(absl::string_view key, Edge& edge);

// What the keys of a twin's relationships begin with, in every space of above
// that begins with a twin; with `name` in out and in only.
std::string AdjacencyPrefix(TwinNumber twin);
std::string AdjacencyPrefix(TwinNumber twin, NameNumber name);

// What the keys of one name begin with in name_index.
std::string NameIndexPrefix(NameNumber name);

}  // namespace twingraph::key

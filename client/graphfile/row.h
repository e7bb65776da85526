#pragma once

// Models, twins and relationships as graph files write them. Reading takes the
// names of members as Azure Digital Twins knows them apart from the content;
// what the service itself sets (etags, times) is left out. Pure.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/value/value.h"

namespace twingraph::graphfile {

struct TwinRow {
  std::string id;     // $dtId
  std::string model;  // $metadata.$model
  // A map of all that does not begin with "$". A component is a map that keeps
  // an (empty) "$metadata" inside.
  Value content = Value::MakeMap();

  friend bool operator==(const TwinRow&, const TwinRow&) = default;
};

struct RelationshipRow {
  std::string id;      // $relationshipId
  std::string source;  // $sourceId, in files of lines also $dtId
  std::string target;  // $targetId
  std::string name;    // $relationshipName
  Value content = Value::MakeMap();

  friend bool operator==(const RelationshipRow&,
                         const RelationshipRow&) = default;
};

// Errors, for both: INVALID_ARGUMENT / INVALID_FIELD for text that is not a
// JSON object, and for a name that is missing or not a string, listed together.
absl::StatusOr<TwinRow> ParseTwin(absl::string_view text);
absl::StatusOr<RelationshipRow> ParseRelationship(absl::string_view text);

}  // namespace twingraph::graphfile

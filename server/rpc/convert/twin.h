#pragma once

// Twins and relationships between proto and domain. Pure.

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/engine/twin.h"
#include "server/rpc/convert/wire_writer.h"
#include "twingraph/v1/twin.pb.h"

namespace twingraph::rpc {

// Writes the content of a v1.Twin or v1.Relationship.
void WriteTwin(const engine::Twin& twin, WireWriter& writer);
void WriteRelationship(const engine::Relationship& relationship,
                       WireWriter& writer);

engine::TwinView ToTwinView(v1::TwinView view);

// Reads what a client says of a twin that it makes or replaces; `field` is the
// path of the twin in the request.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for a missing id or model_id, for
// content that is no JSON, and for wrong paths of source times.
absl::StatusOr<engine::TwinInput> ToTwinInput(const v1::Twin& twin,
                                              absl::string_view field);

// Errors: as ToTwinInput, for source_id, id, name and target_id.
absl::StatusOr<engine::RelationshipInput> ToRelationshipInput(
    const v1::Relationship& relationship, absl::string_view field);

}  // namespace twingraph::rpc

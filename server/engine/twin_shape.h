#pragma once

// Stored twins and relationships as answers show them. Pure.

#include <string>

#include "server/engine/parts.h"
#include "server/engine/twin.h"
#include "server/engine/twin_times.h"
#include "storage/graph/relationship_record.h"
#include "storage/graph/twin_record.h"

namespace twingraph::engine {

// A stored twin in a view.
Twin ToTwin(const Parts& parts, const graph::TwinRecord& record, TwinView view);

// The metadata of every property and component of `contents`, in order.
std::vector<PropertyMetadata> MetadataOf(const catalog::EffectiveModel* model,
                                         ValueView contents,
                                         const TwinTimes& times);

// A stored relationship.
Relationship ToRelationship(const Parts& parts,
                            const graph::RelationshipRecord& record);

}  // namespace twingraph::engine

#pragma once

// The numbers of key/number.h under the names that users of the graph know.

#include "storage/key/number.h"
#include "storage/key/relationship_key.h"
#include "storage/kv/row.h"

namespace twingraph::graph {

using key::Edge;
using key::ModelNumber;
using key::NameNumber;
using key::PathNumber;
using key::RelationshipNumber;
using key::ToInt;
using key::TwinNumber;
using kv::Revision;

}  // namespace twingraph::graph

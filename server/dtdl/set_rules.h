#pragma once

// The rules that concern several interfaces: unique ids, references, depth of
// inheritance, inherited names, components. Pure.

#include "server/dtdl/parser.h"

namespace twingraph::dtdl {

// Adds what is wrong with the interfaces of `set` together and with those that
// `stored` knows.
void CheckSet(InterfaceLookup stored, ParsedModels& set);

}  // namespace twingraph::dtdl

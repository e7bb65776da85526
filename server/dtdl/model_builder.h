#pragma once

// Valid elements to the Interface that the rest of the server uses. Pure.

#include <memory>

#include "server/dtdl/element.h"
#include "server/dtdl/model.h"

namespace twingraph::dtdl {

// The interface that `element` is. Where elements are broken or references not
// resolved, the parts are left out. REQUIRES: element is an Interface.
std::shared_ptr<const Interface> MakeInterface(const Element& element,
                                               const JsonDocument& document);

}  // namespace twingraph::dtdl

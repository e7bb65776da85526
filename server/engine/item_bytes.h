#pragma once

// About how many bytes an item of a list takes in an answer: what a client can
// make large is counted, all else is a constant. Pure.

#include <cstddef>

#include "server/engine/hub_ops.h"
#include "server/engine/model.h"
#include "server/engine/twin.h"

namespace twingraph::engine {

size_t BytesOf(const Twin& twin);
size_t BytesOf(const Relationship& relationship);
size_t BytesOf(const Model& model);
size_t BytesOf(const Hub& hub);
size_t BytesOf(const Device& device);

}  // namespace twingraph::engine

#pragma once

// Random identifiers. Safe from any thread.

#include <cstddef>
#include <string>

namespace twingraph {

// `count` bytes from the system's cryptographic source.
std::string RandomBytes(size_t count);

// A random (version 4) UUID, "8-4-4-4-12" in lower case.
std::string RandomUuid();

}  // namespace twingraph

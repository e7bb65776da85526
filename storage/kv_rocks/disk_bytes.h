#pragma once

// How much of its disk a directory takes. Safe from any thread.

#include <cstdint>
#include <string>

namespace twingraph::kv_rocks {

// What all files in a directory, and in those below it, take on the disk: the
// blocks that they hold, written or reserved, whatever they are for. Files come
// and go meanwhile; what cannot be looked at counts as nothing. Costs a look at
// each file.
uint64_t DiskBytesOf(const std::string& directory);

}  // namespace twingraph::kv_rocks

#pragma once

// A RocksDB file system that keeps what is written to a file in the memory of
// the process until it is synced. So killing the process loses what a power
// loss would: everything that was not made durable. Names of files are durable
// at once, and a file that is closed without a sync keeps its content.

#include <memory>

#include "rocksdb/env.h"

namespace twingraph {

std::unique_ptr<rocksdb::Env> NewPowerLossEnv();

}  // namespace twingraph

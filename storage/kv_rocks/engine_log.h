#pragma once

// What RocksDB says of itself, as lines of our log: its errors as warnings, the
// rest at the level of debugging. It would write a file of its own beside its
// data, and abort the process where that fails a second time, as it does on a
// full disk. Safe from any thread.

#include <cstdarg>

#include "rocksdb/env.h"

namespace twingraph::kv_rocks {

class EngineLog final : public rocksdb::Logger {
 public:
  EngineLog() : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}

  // Options and version: they lie in a file of RocksDB's as well.
  void LogHeader(const char* /*format*/, va_list /*arguments*/) override {}

  using rocksdb::Logger::Logv;
  void Logv(rocksdb::InfoLogLevel level, const char* format,
            va_list arguments) override;
};

}  // namespace twingraph::kv_rocks

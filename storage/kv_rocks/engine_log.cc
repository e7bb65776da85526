#include "storage/kv_rocks/engine_log.h"

#include <array>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

#include "storage/base/log.h"

namespace twingraph::kv_rocks {

void EngineLog::Logv(rocksdb::InfoLogLevel level, const char* format,
                     va_list arguments) {
  if (level < GetInfoLogLevel()) {
    return;
  }
  std::array<char, 1000> text;
  if (std::vsnprintf(text.data(), text.size(), format, arguments) < 0) {
    return;
  }
  const bool is_error = level >= rocksdb::InfoLogLevel::ERROR_LEVEL;
  Log(is_error ? LogLevel::kWarning : LogLevel::kDebug, "store_engine",
      {{"text", absl::StripAsciiWhitespace(absl::string_view(text.data()))}});
}

}  // namespace twingraph::kv_rocks

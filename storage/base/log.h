#pragma once

// One structured line per event, on standard error, written by a background
// thread so that no caller waits for a disk or a pipe. Safe from any thread.
//
// A line: time, level, event name, then key=value pairs. Never a secret, never
// the content of a twin.

#include <initializer_list>
#include <utility>

#include "absl/strings/string_view.h"

namespace twingraph {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

using LogFields =
    std::initializer_list<std::pair<absl::string_view, absl::string_view>>;

// Writes one line, if `level` is at least the minimum.
void Log(LogLevel level, absl::string_view event, LogFields fields = {});

inline void LogInfo(absl::string_view event, LogFields fields = {}) {
  Log(LogLevel::kInfo, event, fields);
}

inline void LogWarning(absl::string_view event, LogFields fields = {}) {
  Log(LogLevel::kWarning, event, fields);
}

inline void LogError(absl::string_view event, LogFields fields = {}) {
  Log(LogLevel::kError, event, fields);
}

// Lines below `level` are dropped from now on. Default: kInfo.
void SetLogLevel(LogLevel level);

// Waits until all lines so far are written. Call before the process ends.
void FlushLog();

}  // namespace twingraph

#include "storage/base/log.h"

#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "spdlog/async.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "spdlog/spdlog.h"

namespace twingraph {
namespace {

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Made at the first line; lives until the process ends, so that a line written
// by a late thread has somewhere to go.
spdlog::async_logger& Logger() {
  static constexpr size_t kQueueLines = 8192;
  static const auto pool =
      std::make_shared<spdlog::details::thread_pool>(kQueueLines, 1);
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::async_logger>(
        "twingraph", std::make_shared<spdlog::sinks::stderr_sink_mt>(), pool,
        spdlog::async_overflow_policy::overrun_oldest);
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %v",
                      spdlog::pattern_time_type::utc);
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

// Quotes a value that would not read as one word.
std::string Quoted(absl::string_view value) {
  const bool is_plain = !value.empty() && value.find_first_of(" \"=\\\n\r\t") ==
                                              absl::string_view::npos;
  return is_plain ? std::string(value)
                  : absl::StrCat("\"", absl::Utf8SafeCEscape(value), "\"");
}

}  // namespace

void Log(LogLevel level, absl::string_view event, LogFields fields) {
  spdlog::async_logger& logger = Logger();
  if (!logger.should_log(ToSpdlog(level))) {
    return;
  }
  std::string line(event);
  for (const auto& [key, value] : fields) {
    absl::StrAppend(&line, " ", key, "=", Quoted(value));
  }
  logger.log(ToSpdlog(level), line);
}

void SetLogLevel(LogLevel level) {
  Logger().set_level(ToSpdlog(level));
}

void FlushLog() {
  Logger().flush();
}

}  // namespace twingraph

#include "storage/base/log.h"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "spdlog/async.h"
#include "spdlog/sinks/base_sink.h"
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

// Writes lines to standard error and counts them.
class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  uint64_t written() const { return written_.load(); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::fwrite(line.data(), 1, line.size(), stderr);
    ++written_;
  }

  void flush_() override { std::fflush(stderr); }

 private:
  std::atomic<uint64_t> written_{0};
};

struct Writer {
  static constexpr size_t kQueueLines = 8192;

  Writer() {
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ %l %v",
                        spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::info);
  }

  // Lines that were written, or pushed out of the queue by newer ones.
  uint64_t settled() const { return sink->written() + pool->overrun_counter(); }

  const std::shared_ptr<spdlog::details::thread_pool> pool =
      std::make_shared<spdlog::details::thread_pool>(kQueueLines, 1);
  const std::shared_ptr<StderrSink> sink = std::make_shared<StderrSink>();
  const std::shared_ptr<spdlog::async_logger> logger =
      std::make_shared<spdlog::async_logger>(
          "twingraph", sink, pool,
          spdlog::async_overflow_policy::overrun_oldest);
  std::atomic<uint64_t> submitted{0};
};

// Made at the first line; lives until the process ends, so that a line written
// by a late thread has somewhere to go.
Writer& TheWriter() {
  static Writer* const writer = new Writer();
  return *writer;
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
  Writer& writer = TheWriter();
  if (!writer.logger->should_log(ToSpdlog(level))) {
    return;
  }
  std::string line(event);
  for (const auto& [key, value] : fields) {
    absl::StrAppend(&line, " ", key, "=", Quoted(value));
  }
  ++writer.submitted;
  writer.logger->log(ToSpdlog(level), line);
}

void SetLogLevel(LogLevel level) {
  TheWriter().logger->set_level(ToSpdlog(level));
}

void FlushLog() {
  constexpr absl::Duration kLongest = absl::Seconds(2);  // a stuck pipe
  Writer& writer = TheWriter();
  writer.logger->flush();
  const uint64_t wanted = writer.submitted;
  const absl::Time give_up = absl::Now() + kLongest;
  while (writer.settled() < wanted && absl::Now() < give_up) {
    absl::SleepFor(absl::Milliseconds(1));
  }
}

}  // namespace twingraph

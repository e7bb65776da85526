#include "storage/kv_rocks/engine_log.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/base/log.h"

namespace twingraph::kv_rocks {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string Logged(rocksdb::InfoLogLevel level, const char* text) {
  EngineLog log;
  testing::internal::CaptureStderr();
  rocksdb::Log(level, &log, "[%s] %d\n", text, 7);
  FlushLog();
  return testing::internal::GetCapturedStderr();
}

TEST(EngineLogTest, AnErrorOfTheEngineIsALineOfOurs) {
  EXPECT_THAT(Logged(rocksdb::ERROR_LEVEL, "flush"),
              AllOf(HasSubstr("warning store_engine"),
                    HasSubstr("text=\"[flush] 7\"")));
  EXPECT_THAT(Logged(rocksdb::ERROR_LEVEL, std::string(2000, 'x').c_str()),
              HasSubstr("xxx"));
}

TEST(EngineLogTest, WhatIsNoErrorIsForDebugging) {
  EXPECT_THAT(Logged(rocksdb::WARN_LEVEL, "stall"), IsEmpty());
  EXPECT_THAT(Logged(rocksdb::HEADER_LEVEL, "options"), IsEmpty());
  SetLogLevel(LogLevel::kDebug);
  EXPECT_THAT(Logged(rocksdb::WARN_LEVEL, "stall"),
              HasSubstr("debug store_engine"));
  EXPECT_THAT(Logged(rocksdb::INFO_LEVEL, "compaction"), IsEmpty());
  SetLogLevel(LogLevel::kInfo);
}

}  // namespace
}  // namespace twingraph::kv_rocks

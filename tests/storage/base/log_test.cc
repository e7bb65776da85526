#include "storage/base/log.h"

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace twingraph {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::MatchesRegex;

// Collects the lines that are written while it lives.
class LogTest : public testing::Test {
 protected:
  void SetUp() override {
    FlushLog();
    testing::internal::CaptureStderr();
  }

  void TearDown() override {
    if (is_capturing_) {
      Lines();
    }
    SetLogLevel(LogLevel::kInfo);
  }

  std::vector<std::string> Lines() {
    FlushLog();
    is_capturing_ = false;
    return absl::StrSplit(testing::internal::GetCapturedStderr(), '\n',
                          absl::SkipEmpty());
  }

 private:
  bool is_capturing_ = true;
};

TEST_F(LogTest, WritesTimeLevelEventAndFields) {
  LogInfo("store-opened", {{"kind", "rocksdb"}, {"revision", "42"}});
  LogWarning("slow-sweep");
  LogError("sweep-failed", {{"space", "3"}});
  const std::string time =
      "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z ";
  EXPECT_THAT(
      Lines(),
      ElementsAre(
          MatchesRegex(time + "info store-opened kind=rocksdb revision=42"),
          MatchesRegex(time + "warning slow-sweep"),
          MatchesRegex(time + "error sweep-failed space=3")));
}

TEST_F(LogTest, QuotesWhatIsNotOneWord) {
  LogInfo("e", {{"a", ""},
                {"b", "two words"},
                {"c", "a=b"},
                {"d", "say \"x\""},
                {"e", "line\nbreak"},
                {"f", "C:\\x"},
                {"g", "größe"}});
  EXPECT_THAT(Lines(), ElementsAre(EndsWith(
                           R"(info e a="" b="two words" c="a=b" d="say \"x\"" )"
                           R"(e="line\nbreak" f="C:\\x" g=größe)")));
}

TEST_F(LogTest, DropsWhatIsBelowTheLevel) {
  Log(LogLevel::kDebug, "hidden");
  SetLogLevel(LogLevel::kDebug);
  Log(LogLevel::kDebug, "shown");
  SetLogLevel(LogLevel::kError);
  LogInfo("hidden");
  LogWarning("hidden");
  LogError("shown-too");
  EXPECT_THAT(Lines(),
              ElementsAre(EndsWith(" debug shown"), EndsWith(" shown-too")));
}

TEST_F(LogTest, LinesOfManyThreadsStayWhole) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 500; ++i) {
        LogInfo("tick", {{"thread", absl::StrCat(t)}, {"i", absl::StrCat(i)}});
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), 2000U);
  // Each thread's lines, in the order in which it wrote them.
  std::vector<int> next(4, 0);
  for (const std::string& line : lines) {
    const std::string rest = line.substr(line.find(" info tick ") + 11);
    const int thread = rest.at(7) - '0';
    EXPECT_EQ(rest, absl::StrCat("thread=", thread, " i=", next.at(thread)++));
  }
}

}  // namespace
}  // namespace twingraph

#include "server/config/config.h"

#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/temp_dir.h"

namespace twingraph::config {
namespace {

using testing::HasSubstr;

CommandLine Parse(std::vector<const char*> flags) {
  flags.insert(flags.begin(), "twingraph-server");
  return ParseCommandLine(static_cast<int>(flags.size()), flags.data());
}

TEST(ConfigTest, DefaultsAreSafe) {
  const CommandLine line = Parse({"--in-memory"});
  ASSERT_TRUE(line.config.has_value()) << line.text;
  EXPECT_EQ(line.config->listen.ToString(), "127.0.0.1:50051");
  EXPECT_EQ(line.config->durability, Durability::kFsync);
  EXPECT_FALSE(line.config->insecure);
}

TEST(ConfigTest, ReadsSizesTimesAndNames) {
  const CommandLine line = Parse(
      {"--data-dir", "d", "--memory-budget", "1GB", "--history-age", "7200",
       "--durability", "os", "--log-level", "warning", "--listen", "[::1]:0",
       "--no-reflection", "--models-per-upload", "7", "--model-bytes", "2MB"});
  ASSERT_TRUE(line.config.has_value()) << line.text;
  EXPECT_EQ(line.config->memory_budget_bytes, size_t{1} << 30);
  EXPECT_EQ(line.config->history_age, absl::Hours(2));
  EXPECT_EQ(line.config->durability, Durability::kOs);
  EXPECT_EQ(line.config->log_level, LogLevel::kWarning);
  EXPECT_EQ(line.config->listen.port, 0);
  EXPECT_FALSE(line.config->reflection);
  EXPECT_EQ(line.config->models_per_upload, 7U);
  EXPECT_EQ(line.config->model_bytes, size_t{2} << 20);
}

TEST(ConfigTest, BackupsLieElsewhere) {
  for (const char* inside : {"d", "d/", "./d/backups", "e/../d/graphs"}) {
    const CommandLine refused =
        Parse({"--data-dir", "d", "--backup-dir", inside});
    EXPECT_FALSE(refused.config.has_value()) << inside;
    EXPECT_THAT(refused.text, HasSubstr("is in --data-dir")) << inside;
  }
  for (const char* elsewhere : {"backups", "data", "../d", "."}) {
    EXPECT_TRUE(Parse({"--data-dir", "d", "--backup-dir", elsewhere})
                    .config.has_value())
        << elsewhere;
  }
}

TEST(ConfigTest, TheTopologyHasAShareOfTheMemory) {
  EXPECT_EQ(PlanMemory(*Parse({"--in-memory"}).config).topology,
            size_t{128} << 20);
  EXPECT_EQ(PlanMemory(*Parse({"--in-memory", "--topology-memory", "0"}).config)
                .topology,
            0U);
}

TEST(ConfigTest, ReadsPathsWithoutAnIndex) {
  EXPECT_EQ(Parse({"--in-memory"}).config->unindexed_paths, std::nullopt);
  const CommandLine line =
      Parse({"--in-memory", "--unindexed-paths", "/temperature,/gps/position"});
  ASSERT_TRUE(line.config.has_value()) << line.text;
  EXPECT_THAT(
      line.config->unindexed_paths,
      testing::Optional(testing::ElementsAre("/temperature", "/gps/position")));
  for (const char* wrong : {"temperature", "/", "/a,b", "/a/"}) {
    const CommandLine refused =
        Parse({"--in-memory", "--unindexed-paths", wrong});
    EXPECT_FALSE(refused.config.has_value()) << wrong;
    EXPECT_THAT(refused.text, HasSubstr("--unindexed-paths")) << wrong;
  }
}

// A flag that is a number: what help and errors say of it.
struct NumberFlag {
  const char* flag;
  const char* range;
  const char* just_below;  // "": nothing is
  const char* just_above;
};

class NumberFlagTest : public testing::TestWithParam<NumberFlag> {};

// What help says of a flag: the two lines, or one, that begin with it.
std::string HelpOf(const std::string& flag) {
  const std::string help = Parse({"--help"}).text;
  const size_t begin = help.find("  " + flag + " ");
  const size_t end = help.find("\n  --", begin);
  return begin == std::string::npos ? "" : help.substr(begin, end - begin);
}

TEST_P(NumberFlagTest, HelpNamesTheRange) {
  EXPECT_THAT(HelpOf(GetParam().flag), HasSubstr(GetParam().range));
  // And the default.
  EXPECT_THAT(HelpOf(GetParam().flag),
              testing::ContainsRegex("(SIZE|SECONDS|COUNT)=[0-9a]"));
}

TEST_P(NumberFlagTest, ErrorsNameFlagValueAndRange) {
  const NumberFlag& flag = GetParam();
  for (const std::string wrong :
       {"abc", "-1", "", "1XB", "nan", "99999999999999999999KB",
        flag.just_below, flag.just_above}) {
    const CommandLine line = Parse({"--in-memory", flag.flag, wrong.c_str()});
    EXPECT_FALSE(line.config.has_value()) << wrong;
    EXPECT_EQ(line.exit_code, 2);
    EXPECT_THAT(line.text, testing::StartsWith(absl::StrCat(
                               flag.flag, ": \"", wrong, "\" is no ")));
    EXPECT_THAT(line.text, HasSubstr(flag.range));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, NumberFlagTest,
    testing::Values(
        NumberFlag{"--memory-budget", "from 128MB to 16TB", "127MB",
                   "999999GB"},
        NumberFlag{"--topology-memory", "from 0 to 8TB", "", "9TB"},
        NumberFlag{"--disk-reserve", "from 0 to 1000TB", "", "1001TB"},
        NumberFlag{"--history-bytes", "from 0 to 1000TB", "", "1001TB"},
        NumberFlag{"--message-bytes", "from 1KB to 64MB", "1023", "65MB"},
        NumberFlag{"--model-bytes", "from 1KB to 64MB", "1023", "65MB"},
        NumberFlag{"--history-age", "at least 60", "59.9", ""},
        NumberFlag{"--call-deadline", "from 0.001 to 86400", "0", "86401"},
        NumberFlag{"--stream-age", "from 0.001 to 604800", "0", "inf"},
        NumberFlag{"--lame-duck", "from 0 to 3600", "-0.1", "inf"},
        NumberFlag{"--shutdown-grace", "from 0 to 3600", "-0.1", "1e30"},
        NumberFlag{"--default-page-size", "from 1 to 100000", "0", "100001"},
        NumberFlag{"--max-page-size", "from 1 to 100000", "0", "100001"},
        NumberFlag{"--models-per-upload", "from 1 to 1000000", "0", "1000001"},
        NumberFlag{"--read-threads", "from 1 to 1024", "0", "1025"},
        NumberFlag{"--write-threads", "from 1 to 1024", "0", "1025"},
        NumberFlag{"--queued-calls", "from 1 to 1000000", "0", "1000001"}),
    [](const auto& test) {
      std::string name = test.param.flag;
      std::erase(name, '-');
      return name;
    });

TEST(ConfigTest, RefusesWhatNoNumberHolds) {
  for (const char* flag :
       {"--memory-budget", "--disk-reserve", "--history-bytes",
        "--read-threads", "--max-page-size", "--restore-backup"}) {
    const CommandLine line = Parse({flag, "99999999999999999999"});
    EXPECT_FALSE(line.config.has_value()) << flag;
    EXPECT_THAT(line.text, testing::StartsWith(flag));
  }
}

TEST(ConfigTest, TheNumberOfABackupIsOne) {
  const CommandLine line = Parse(
      {"--data-dir", "d", "--restore-from", "b", "--restore-backup", "newest"});
  EXPECT_THAT(line.text, HasSubstr("--restore-backup: \"newest\" is no number "
                                   "of at least 0"));
}

TEST(ConfigTest, HelpNamesLimitsThatOtherFlagsSet) {
  EXPECT_THAT(HelpOf("--topology-memory"),
              HasSubstr("at most half of --memory-budget"));
  EXPECT_THAT(HelpOf("--default-page-size"),
              HasSubstr("at most --max-page-size"));
}

TEST(ConfigTest, AllPathsMayHaveAnIndex) {
  const CommandLine line = Parse({"--in-memory", "--unindexed-paths", ""});
  ASSERT_TRUE(line.config.has_value()) << line.text;
  EXPECT_THAT(line.config->unindexed_paths,
              testing::Optional(testing::IsEmpty()));
}

TEST(ConfigTest, HistoryMayHaveNoLimit) {
  const CommandLine line =
      Parse({"--in-memory", "--history-age", "inf", "--history-bytes", "0"});
  ASSERT_TRUE(line.config.has_value()) << line.text;
  EXPECT_EQ(line.config->history_age, absl::InfiniteDuration());
  EXPECT_EQ(line.config->history_bytes, 0U);
  EXPECT_FALSE(
      Parse({"--in-memory", "--history-age", "nan"}).config.has_value());
}

TEST(ConfigTest, ReadsAFileAndFlagsWin) {
  const TempDir dir;
  const std::string path = dir.path() + "/twingraph.toml";
  std::ofstream(path) << "in-memory=true\nmax-page-size=500\n"
                         "message-bytes=\"2MB\"\n";
  const CommandLine line =
      Parse({"--config", path.c_str(), "--max-page-size", "700"});
  ASSERT_TRUE(line.config.has_value()) << line.text;
  EXPECT_TRUE(line.config->in_memory);
  EXPECT_EQ(line.config->max_page_size, 700);
  EXPECT_EQ(line.config->message_bytes, size_t{2} << 20);
}

TEST(ConfigTest, RefusesAFileWithASettingThatIsNone) {
  const TempDir dir;
  const std::string path = dir.path() + "/twingraph.toml";
  std::ofstream(path) << "in-memory=true\nmax-pages-size=500\n";
  const CommandLine line = Parse({"--config", path.c_str()});
  EXPECT_FALSE(line.config.has_value());
  EXPECT_EQ(line.exit_code, 2);
  EXPECT_THAT(line.text, HasSubstr("max-pages-size"));
}

struct BadCase {
  std::vector<const char*> flags;
  const char* says;
};

class BadConfigTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadConfigTest, SaysWhichFlagAndWhy) {
  const CommandLine line = Parse(GetParam().flags);
  EXPECT_FALSE(line.config.has_value());
  EXPECT_EQ(line.exit_code, 2);
  EXPECT_THAT(line.text, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, BadConfigTest,
    testing::Values(
        BadCase{{}, "--data-dir"},
        BadCase{{"--in-memory", "--data-dir", "d"}, "--data-dir"},
        BadCase{{"--in-memory", "--listen", "0.0.0.0:1"}, "--insecure"},
        BadCase{{"--in-memory", "--listen", "here"}, "HOST:PORT"},
        BadCase{{"--in-memory", "--durability", "maybe"}, "--durability"},
        BadCase{{"--in-memory", "--memory-budget", "1MB"}, "--memory-budget"},
        BadCase{{"--in-memory", "--memory-budget", "127MB"},
                "--memory-budget: \"127MB\" is no size from 128MB to 16TB, "
                "such as 512MB"},
        BadCase{{"--in-memory", "--memory-budget", "x"}, "--memory-budget"},
        BadCase{{"--in-memory", "--topology-memory", "257MB"},
                "--topology-memory: \"257MB\" is more than half of "
                "--memory-budget, 256MB"},
        BadCase{{"--in-memory", "--max-page-size", "50"},
                "--default-page-size: \"100\" is more than --max-page-size, "
                "50"},
        BadCase{{"--in-memory", "--unindexed-paths", "/a,b"},
                "\"b\" is no JSON Pointer"},
        BadCase{{"--in-memory", "--default-page-size", "0"},
                "--default-page-size"},
        BadCase{{"--in-memory", "--durability", "maybe"}, "{fsync,os}"},
        BadCase{{"--in-memory", "--log-level", "1"}, "--log-level"},
        BadCase{{"--in-memory", "--call-deadline", "0"}, "--call-deadline"},
        BadCase{{"--in-memory", "--stream-age", "-1"}, "--stream-age"},
        BadCase{{"--in-memory", "--listen", "host"}, "--listen"},
        BadCase{{"--in-memory", "--models-per-upload", "0"},
                "--models-per-upload"},
        BadCase{{"--in-memory", "--model-bytes", "3"}, "--model-bytes"},
        BadCase{{"--in-memory", "--unknown"}, "--unknown"},
        BadCase{{"--config", "no-such-file"}, "no-such-file"}));

TEST(ConfigTest, HelpAndVersionAreNoErrors) {
  EXPECT_EQ(Parse({"--help"}).exit_code, 0);
  EXPECT_THAT(Parse({"--help"}).text, HasSubstr("--data-dir"));
  EXPECT_THAT(Parse({"--help"}).text, HasSubstr("fsync|os=fsync"));
  EXPECT_THAT(Parse({"--help"}).text, testing::Not(HasSubstr("{")));
  EXPECT_THAT(Parse({"--help"}).text, HasSubstr("SIZE is a whole number"));
  EXPECT_EQ(Parse({"--version"}).exit_code, 0);
  EXPECT_THAT(Parse({"--version"}).text, HasSubstr("0.1.0"));
}

}  // namespace
}  // namespace twingraph::config

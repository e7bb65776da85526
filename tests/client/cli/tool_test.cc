// What the command line accepts; what its commands do against a server is in
// tests/e2e/cli_test.cc.

#include "client/cli/tool.h"

#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace twingraph::cli {
namespace {

using testing::HasSubstr;

struct Result {
  int exit_status;
  std::string out;
  std::string err;
};

Result Twingraph(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int exit_status = RunTool(arguments, out, err);
  return {exit_status, out.str(), err.str()};
}

struct UsageCase {
  std::string name;
  std::vector<std::string> arguments;
  std::string message;
};

class UsageTest : public testing::TestWithParam<UsageCase> {};

TEST_P(UsageTest, IsRefusedWithAReason) {
  const Result result = Twingraph(GetParam().arguments);
  EXPECT_EQ(result.exit_status, kExitUsage);
  EXPECT_THAT(result.err, HasSubstr(GetParam().message));
  EXPECT_EQ(result.out, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, UsageTest,
    testing::Values(
        UsageCase{"NoCommand", {}, "subcommand is required"},
        UsageCase{"UnknownCommand", {"frobnicate"}, "named frobnicate"},
        UsageCase{"UnknownSubcommand", {"twin", "fetch"}, "named fetch"},
        UsageCase{"TooManyWords", {"twin", "get", "a", "b"}, "b"},
        UsageCase{"NoSubcommand", {"twin"}, "subcommand is required"},
        UsageCase{"MissingId", {"twin", "get"}, "ID is required"},
        UsageCase{
            "MissingModel", {"twin", "create", "a"}, "--model is required"},
        UsageCase{"UnknownOption", {"status", "--frobnicate"}, "--frobnicate"},
        UsageCase{"BadChoice",
                  {"import", "x.json", "--if-exists", "perhaps"},
                  "--if-exists"},
        UsageCase{"BadNumber",
                  {"import", "x.json", "--parallel", "0"},
                  "--parallel"}),
    [](const auto& test) { return test.param.name; });

TEST(HelpTest, EveryCommandExplainsItself) {
  const std::vector<std::vector<std::string>> commands = {{},
                                                          {"model", "upload"},
                                                          {"model", "list"},
                                                          {"model", "get"},
                                                          {"twin"},
                                                          {"twin", "create"},
                                                          {"twin", "patch"},
                                                          {"twin", "list"},
                                                          {"rel"},
                                                          {"rel", "create"},
                                                          {"rel", "list"},
                                                          {"rel", "delete"},
                                                          {"hub"},
                                                          {"hub", "attach"},
                                                          {"hub", "devices"},
                                                          {"hub", "detach"},
                                                          {"query"},
                                                          {"dtdl", "check"},
                                                          {"dtdl", "doc"},
                                                          {"hub", "simulate"},
                                                          {"import"},
                                                          {"export"},
                                                          {"check"},
                                                          {"status"},
                                                          {"model", "delete"},
                                                          {"twin", "get"},
                                                          {"twin", "delete"}};
  for (std::vector<std::string> command : commands) {
    command.push_back("--help");
    const Result result = Twingraph(command);
    EXPECT_EQ(result.exit_status, kExitOk);
    EXPECT_THAT(result.out, HasSubstr("Usage: twingraph"));
  }
}

TEST(HelpTest, SaysItsVersion) {
  const Result result = Twingraph({"--version"});
  EXPECT_EQ(result.exit_status, kExitOk);
  EXPECT_THAT(result.out, testing::MatchesRegex("[0-9]+[.][0-9]+[.][0-9]+\n"));
}

TEST(NoServerTest, SaysWhereItLooked) {
  const Result result = Twingraph(
      {"--server", "127.0.0.1:1", "--timeout", "0.2", "twin", "get", "a"});
  EXPECT_EQ(result.exit_status, kExitFailed);
  EXPECT_THAT(result.err, HasSubstr("127.0.0.1:1"));
  EXPECT_THAT(result.err, HasSubstr("is a twingraph-server running there?"));
  EXPECT_EQ(result.out, "");
}

TEST(NoServerTest, ErrorsAreJsonForPrograms) {
  const Result result = Twingraph(
      {"twin", "create", "a", "--model", "m", "--set", "level", "--json"});
  EXPECT_EQ(result.exit_status, kExitFailed);
  EXPECT_THAT(result.err, HasSubstr("\"code\":\"INVALID_ARGUMENT\""));
}

TEST(NoServerTest, APatchChangesSomething) {
  const Result result = Twingraph({"twin", "patch", "a"});
  EXPECT_EQ(result.exit_status, kExitFailed);
  EXPECT_THAT(result.err, HasSubstr("name --set or --remove"));
}

TEST(NoServerTest, FilesAreReadBeforeTheServerIsAsked) {
  EXPECT_THAT(Twingraph({"import", "/nowhere.json"}).err,
              HasSubstr("cannot read the file /nowhere.json"));
  EXPECT_THAT(Twingraph({"model", "upload", "/nowhere.json"}).err,
              HasSubstr("cannot read the file /nowhere.json"));
  EXPECT_THAT(Twingraph({"hub", "simulate", "h", "--property", "t=1"}).err,
              HasSubstr("NAME=LOW..HIGH"));
}

}  // namespace
}  // namespace twingraph::cli

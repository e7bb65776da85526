// `twingraph dtdl` as it is run: arguments, output, exit status.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/cli/tool.h"
#include "tests/support/temp_dir.h"

namespace twingraph::cli {
namespace {

using testing::HasSubstr;

constexpr char kRoom[] = R"({"@context": "dtmi:dtdl:context;3",
 "@id": "dtmi:t:Room;1", "@type": "Interface", "displayName": "Room",
 "contents": [{"@type": "Property", "name": "area", "schema": "double"}]})";
constexpr char kLab[] = R"({"@context": "dtmi:dtdl:context;3",
 "@id": "dtmi:t:Lab;1", "@type": "Interface", "extends": "dtmi:t:Room;1"})";

struct Result {
  int exit_status;
  std::string out;
  std::string err;
};

class DtdlCommandTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(dir_.path() + "/" + name) << text;
    return dir_.path() + "/" + name;
  }

  static Result Run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "dtdl");
    std::ostringstream out;
    std::ostringstream err;
    const int exit_status = RunTool(arguments, out, err);
    return {exit_status, out.str(), err.str()};
  }

  const TempDir dir_;
};

TEST_F(DtdlCommandTest, AFolderIsOneSet) {
  Write("lab.json", kLab);
  EXPECT_EQ(Run({"check", dir_.path()}).exit_status, kExitFailed);
  Write("room.json", kRoom);
  const Result result = Run({"check", dir_.path()});
  EXPECT_EQ(result.exit_status, kExitOk);
  EXPECT_EQ(result.out, "2 models, no problems\n");
}

TEST_F(DtdlCommandTest, ProblemsNameFileLineAndRule) {
  const std::string file = Write("lab.json", kLab);
  const Result people = Run({"check", file});
  EXPECT_EQ(people.exit_status, kExitFailed);
  EXPECT_THAT(people.out, HasSubstr(file + ":2:58: "));
  EXPECT_THAT(people.out, HasSubstr("[missingDependency]"));
  EXPECT_THAT(people.err, HasSubstr("1 problem in 1 model"));
  const Result programs = Run({"check", file, "--json"});
  EXPECT_THAT(programs.out, HasSubstr("\"line\":2,\"column\":58,"));
}

TEST_F(DtdlCommandTest, OptionsReachTheParser) {
  const std::string future = Write("future.json", R"({
 "@context": ["dtmi:dtdl:context;3", "dtmi:test:unknown:context;1"],
 "@id": "dtmi:t:A;1", "@type": ["Interface", "Future"]})");
  EXPECT_EQ(Run({"check", future}).exit_status, kExitFailed);
  EXPECT_EQ(Run({"check", future, "--allow-undefined-extensions"}).exit_status,
            kExitOk);
  const std::string room = Write("room.json", kRoom);
  EXPECT_EQ(Run({"check", room, "--max-version", "2"}).exit_status,
            kExitFailed);
  const std::string inner = Write("inner.json", R"({
 "@context": "dtmi:dtdl:context;3", "@id": "dtmi:t:B;1", "@type": "Interface",
 "extends": {"@id": "dtmi:t:C;1", "@type": "Interface"}})");
  EXPECT_THAT(Run({"check", inner}).out, HasSubstr("[inlineInterface]"));
  EXPECT_EQ(Run({"check", inner, "--allow-inline"}).exit_status, kExitOk);
}

// What stands behind them is a file.
TEST_F(DtdlCommandTest, OptionsThatMayRepeatTakeOneValue) {
  const std::string file = Write("camera.json", R"({
 "@context": ["dtmi:dtdl:context;4#limitless", "dtmi:dtdl:limits:onvif;1"],
 "@id": "dtmi:t:Camera;1", "@type": "Interface"})");
  EXPECT_THAT(Run({"check", file}).out, HasSubstr("[disallowedLimitContext]"));
  EXPECT_EQ(Run({"check", "--limits", "dtmi:dtdl:limits:onvif", file}).out,
            "1 model, no problems\n");
  const std::string room = Write("room.json", kRoom);
  EXPECT_THAT(Run({"doc", "--model", "dtmi:t:Room;1", room}).out,
              HasSubstr("dtmi:t:Room;1  DTDL"));
}

TEST_F(DtdlCommandTest, AnswersCasesAndInstancesLineByLine) {
  const std::string cases = Write("cases.jsonl",
                                  "{\"id\":\"a\",\"dtdl\":[]}\n\n"
                                  "{\"id\":\"b\",\"dtdl\":[7]}\n");
  EXPECT_EQ(Run({"check", "--cases", cases}).out,
            "{\"id\":\"a\",\"valid\":true,\"errors\":[]}\n"
            "{\"id\":\"b\",\"valid\":false,\"errors\":[\"notJsonObject\"]}\n");
  const std::string instances =
      Write("instances.jsonl",
            R"({"id":"a","dtdl":[],"subject":"double","submit":"1"})");
  EXPECT_EQ(Run({"check", "--instances", instances}).out,
            "{\"id\":\"a\",\"conforms\":true}\n");
}

TEST_F(DtdlCommandTest, ALineThatIsNoCaseDoesNotEndTheRun) {
  const Result bad =
      Run({"check", "--cases",
           Write("bad.jsonl", "\n{\n{\"id\":\"b\",\"dtdl\":[]}")});
  EXPECT_EQ(bad.exit_status, kExitFailed);
  EXPECT_THAT(bad.out, testing::StartsWith("{\"line\":2,\"error\":\""));
  EXPECT_THAT(bad.out, HasSubstr("{\"id\":\"b\",\"valid\":true"));
  EXPECT_THAT(bad.err, HasSubstr("1 line of "));
}

TEST_F(DtdlCommandTest, LinesTakeNoOptionsOfModels) {
  const std::string cases =
      Write("cases.jsonl", "{\"id\":\"a\",\"dtdl\":[]}\n");
  const std::string room = Write("room.json", kRoom);
  const std::vector<std::vector<std::string>> others = {
      {"--allow-inline"},     {"--allow-undefined-extensions"},
      {"--max-version", "3"}, {room},
      {"--instances", cases}, {"--limits", "dtmi:dtdl:limits:onvif"}};
  for (const std::vector<std::string>& other : others) {
    std::vector<std::string> arguments = {"check", "--cases", cases};
    arguments.insert(arguments.end(), other.begin(), other.end());
    EXPECT_EQ(Run(arguments).exit_status, kExitUsage) << other.front();
  }
  for (const char* limits :
       {"nonsense", "dtmi:dtdl:limits:nobody", "dtmi:dtdl:limits:onvif;1"}) {
    EXPECT_EQ(Run({"check", "--limits", limits, room}).exit_status, kExitUsage);
  }
}

TEST_F(DtdlCommandTest, ReadsAFileWithAByteOrderMark) {
  EXPECT_EQ(
      Run({"check", Write("bom.json", std::string("\xEF\xBB\xBF") + kRoom)})
          .out,
      "1 model, no problems\n");
}

TEST_F(DtdlCommandTest, OutputThatCannotBeWrittenIsAnError) {
  std::ofstream full("/dev/full");
  std::ostringstream err;
  EXPECT_EQ(RunTool({"dtdl", "check", Write("room.json", kRoom)}, full, err),
            kExitFailed);
  EXPECT_THAT(err.str(), HasSubstr("cannot write the output"));
}

TEST_F(DtdlCommandTest, NeedsSomethingToCheck) {
  EXPECT_THAT(Run({"check"}).err, HasSubstr("name what to check"));
  EXPECT_THAT(Run({"check", "/nowhere.json"}).err, HasSubstr("/nowhere.json"));
  EXPECT_THAT(Run({"check", "--cases", "/nowhere"}).err, HasSubstr("/nowhere"));
  for (const char* option : {"--cases", "--instances"}) {
    EXPECT_EQ(Run({"check", option, dir_.path()}).exit_status, kExitFailed);
  }
  const Result empty = Run({"check", dir_.path()});
  EXPECT_EQ(empty.exit_status, kExitFailed);
  EXPECT_THAT(empty.err, HasSubstr("no .json or .jsonl file with models"));
}

TEST_F(DtdlCommandTest, DocPrintsWhatAModelInherits) {
  Write("lab.json", kLab);
  Write("room.json", kRoom);
  const Result lab = Run({"doc", dir_.path(), "--model", "dtmi:t:Lab;1"});
  EXPECT_EQ(lab.exit_status, kExitOk);
  EXPECT_THAT(lab.out, HasSubstr("extends dtmi:t:Room;1"));
  EXPECT_THAT(lab.out, HasSubstr("area"));
  EXPECT_EQ(Run({"doc", dir_.path(), "--json", "--model", "dtmi:t:Lab;1"}).out,
            R"({"id":"dtmi:t:Lab;1","dtdlVersion":3,)"
            R"("extends":["dtmi:t:Room;1"],"contents":[{"kind":"Property",)"
            R"("name":"area","schema":"double","from":"dtmi:t:Room;1"}]})"
            "\n");
  EXPECT_THAT(Run({"doc", dir_.path()}).out, HasSubstr("dtmi:t:Room;1  DTDL"));
  EXPECT_THAT(Run({"doc", dir_.path(), "--model", "dtmi:t:X;1"}).err,
              HasSubstr("no file defines dtmi:t:X;1"));
}

}  // namespace
}  // namespace twingraph::cli

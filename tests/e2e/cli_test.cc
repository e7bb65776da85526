// The tool against the real server: each command, and real graphs that read
// back equal.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "client/cli/tool.h"
#include "client/graphfile/graph_file.h"
#include "client/graphfile/row.h"
#include "storage/base/status_macros.h"
#include "storage/value/compare.h"
#include "storage/value/json.h"
#include "tests/e2e/server_process/server_process.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_data.h"

namespace twingraph {
namespace {

using graphfile::GraphFile;
using graphfile::Section;
using testing::HasSubstr;
using testing::Not;

struct Result {
  int exit_status = -1;
  std::string out;
  std::string err;
};

class CliTest : public testing::Test {
 protected:
  Result Tool(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--server", server_.address()});
    std::ostringstream out;
    std::ostringstream err;
    Result result;
    result.exit_status = cli::RunTool(arguments, out, err);
    result.out = out.str();
    result.err = err.str();
    return result;
  }

  // Runs a command that must succeed and gives its output back.
  std::string MustRun(const std::vector<std::string>& arguments) {
    const Result result = Tool(arguments);
    EXPECT_EQ(result.exit_status, cli::kExitOk) << result.err;
    return result.out;
  }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = absl::StrCat(dir_.path(), "/", name);
    std::ofstream(path) << text;
    return path;
  }

  void UploadRooms() {
    MustRun({"model", "upload", Write("models.json", R"([
      {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:t:Room;1",
       "@type": "Interface", "displayName": "Room", "contents": [
        {"@type": "Property", "name": "temperature", "schema": "double"},
        {"@type": "Property", "name": "big", "schema": "long"},
        {"@type": "Property", "name": "name", "schema": "string"},
        {"@type": "Relationship", "name": "nextTo", "properties": [
          {"@type": "Property", "name": "door", "schema": "boolean"}]}]}])")});
  }

  static std::vector<std::string> NamesIn(const std::string& path) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  const TempDir dir_;
  ServerProcess server_{{"--in-memory"}};
};

TEST_F(CliTest, Models) {
  UploadRooms();
  EXPECT_THAT(MustRun({"model", "list"}),
              testing::ContainsRegex("dtmi:t:Room;1 +active +Room\n"));
  ASSERT_OK_AND_ASSIGN(
      const Value model,
      ParseJsonValue(MustRun({"model", "get", "dtmi:t:Room;1"})));
  EXPECT_EQ(model.Find("@id")->as_string(), "dtmi:t:Room;1");

  const std::string broken =
      Write("broken.json", "\n{\"@id\": \"dtmi:t:X;1\", \"@type\": \"Thing\"}");
  const Result refused = Tool({"model", "upload", broken});
  EXPECT_EQ(refused.exit_status, cli::kExitFailed);
  EXPECT_THAT(refused.err, HasSubstr("INVALID_ARGUMENT / INVALID_MODEL"));
  const Result checked = Tool({"model", "upload", "--dry-run", broken});
  EXPECT_EQ(checked.exit_status, cli::kExitFailed);
  EXPECT_THAT(checked.err, HasSubstr("broken.json:2"));
  EXPECT_THAT(
      MustRun({"model", "upload", "--dry-run", dir_.path() + "/models.json"}),
      HasSubstr("1 model checked, 0 remarks"));

  MustRun({"model", "delete", "dtmi:t:Room;1"});
  const Result gone = Tool({"model", "get", "dtmi:t:Room;1"});
  EXPECT_EQ(gone.exit_status, cli::kExitFailed);
  EXPECT_THAT(gone.err, HasSubstr("NOT_FOUND / MODEL_NOT_FOUND"));
}

TEST_F(CliTest, ModelsThatExtendOthersAndModelsThatAreClosed) {
  UploadRooms();
  MustRun({"model", "upload", Write("lab.json", R"(
      {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:t:Lab;1",
       "@type": "Interface", "extends": "dtmi:t:Room;1", "contents": [
        {"@type": "Property", "name": "fume", "schema": "boolean"}]})")});
  const std::string page = MustRun({"model", "show", "dtmi:t:Lab;1"});
  EXPECT_THAT(page, HasSubstr("extends  dtmi:t:Room;1\n"));
  EXPECT_THAT(page, testing::ContainsRegex("fume +property +boolean *\n"));
  EXPECT_THAT(page, testing::ContainsRegex(
                        "nextTo +relationship +to any twin .door: boolean. +"
                        "dtmi:t:Room;1\n"));
  EXPECT_THAT(MustRun({"model", "show", "dtmi:t:Lab;1", "--json"}),
              HasSubstr("\"bases\":[\"dtmi:t:Room;1\"]"));
  EXPECT_THAT(MustRun({"model", "get", "dtmi:t:Lab;1", "--base-contents"}),
              HasSubstr("temperature"));
  EXPECT_THAT(MustRun({"model", "get", "dtmi:t:Lab;1"}),
              Not(HasSubstr("temperature")));
  EXPECT_THAT(MustRun({"model", "list", "dtmi:t:Lab;1", "--dependencies"}),
              HasSubstr("dtmi:t:Room;1"));
  EXPECT_THAT(MustRun({"model", "list", "dtmi:t:Lab;1"}),
              Not(HasSubstr("dtmi:t:Room;1")));

  EXPECT_EQ(MustRun({"model", "decommission", "dtmi:t:Room;1"}),
            "dtmi:t:Room;1 is decommissioned\n");
  EXPECT_THAT(Tool({"twin", "create", "r", "--model", "dtmi:t:Room;1"}).err,
              HasSubstr("FAILED_PRECONDITION / MODEL_DECOMMISSIONED"));
  MustRun({"twin", "create", "lab", "--model", "dtmi:t:Lab;1"});
  EXPECT_THAT(MustRun({"model", "list", "--decommissioned"}),
              HasSubstr("dtmi:t:Room;1"));
  EXPECT_THAT(MustRun({"model", "list", "--active"}),
              Not(HasSubstr("dtmi:t:Room;1")));
  EXPECT_THAT(
      Tool({"model", "reactivate", "dtmi:t:Room;1", "--etag", "W/\"1-1\""}).err,
      HasSubstr("ABORTED / ETAG_MISMATCH"));
  EXPECT_EQ(MustRun({"model", "reactivate", "dtmi:t:Room;1"}),
            "dtmi:t:Room;1 is active\n");
  MustRun({"twin", "create", "r", "--model", "dtmi:t:Room;1"});
  const Result used = Tool({"model", "delete", "dtmi:t:Room;1"});
  EXPECT_THAT(used.err, HasSubstr("FAILED_PRECONDITION / MODEL_IN_USE"));
  EXPECT_THAT(used.err, HasSubstr("referrers: dtmi:t:Lab;1"));
}

TEST_F(CliTest, Twins) {
  UploadRooms();
  MustRun({"twin", "create", "r1", "--model", "dtmi:t:Room;1", "--contents",
           R"({"temperature":20})", "--set", "name=Room 1",
           "big=9007199254740993"});
  ASSERT_OK_AND_ASSIGN(
      Value twin, ParseJsonValue(MustRun({"twin", "get", "r1", "--json"})));
  EXPECT_EQ(FormatJson(*twin.Find("contents")),
            R"({"big":"9007199254740993","name":"Room 1","temperature":20})");
  const std::string etag = twin.Find("etag")->as_string();

  MustRun({"twin", "patch", "r1", "--set", "temperature=21.5", "--remove",
           "name", "--etag", etag});
  EXPECT_THAT(MustRun({"twin", "get", "r1"}), HasSubstr("temperature  21.5"));
  EXPECT_THAT(MustRun({"twin", "get", "r1"}), Not(HasSubstr("Room 1")));
  const Result stale =
      Tool({"twin", "patch", "r1", "--set", "temperature=1", "--etag", etag});
  EXPECT_THAT(stale.err, HasSubstr("ABORTED / ETAG_MISMATCH"));
  const Result wrong =
      Tool({"twin", "patch", "r1", "--set", "temperature=warm"});
  EXPECT_THAT(wrong.err, HasSubstr("INVALID_ARGUMENT / CONTENT_INVALID"));
  EXPECT_THAT(wrong.err, HasSubstr("contents.temperature"));
  const Result cut = Tool({"twin", "create", "r2", "--model", "dtmi:t:Room"});
  EXPECT_THAT(cut.err, HasSubstr("unless the id stands in quotes"));

  MustRun({"twin", "create", "r2", "--model", "dtmi:t:Room;1"});
  EXPECT_THAT(MustRun({"twin", "list"}), HasSubstr("r2"));
  MustRun({"twin", "delete", "r1"});
  EXPECT_THAT(MustRun({"twin", "list"}), Not(HasSubstr("r1")));
}

TEST_F(CliTest, ListsMoreTwinsThanAPageHolds) {
  UploadRooms();
  std::string text = "{\"Section\":\"Twins\"}\n";
  for (int i = 0; i < 250; ++i) {
    absl::StrAppend(&text, "{\"$dtId\":\"t", i,
                    "\",\"$metadata\":{\"$model\":\"dtmi:t:Room;1\"}}\n");
  }
  MustRun({"import", Write("many.ndjson", text)});
  const auto lines = [this](std::vector<std::string> arguments) {
    const std::string out = MustRun(arguments);
    return std::ranges::count(out, '\n');
  };
  EXPECT_EQ(lines({"twin", "list", "--json"}), 250);
  EXPECT_EQ(lines({"twin", "list", "--json", "--limit", "7"}), 7);
  EXPECT_EQ(lines({"query", "SELECT * FROM DIGITALTWINS", "--json"}), 250);
}

TEST_F(CliTest, Relationships) {
  UploadRooms();
  MustRun({"twin", "create", "a", "--model", "dtmi:t:Room;1"});
  MustRun({"twin", "create", "b", "--model", "dtmi:t:Room;1"});
  MustRun({"rel", "create", "a", "nextTo", "b", "--set", "door=true"});
  EXPECT_THAT(MustRun({"rel", "list", "a"}), HasSubstr("nextTo-b"));
  EXPECT_THAT(MustRun({"rel", "list", "a", "--json"}),
              HasSubstr("\"door\":true"));
  EXPECT_THAT(MustRun({"rel", "list", "b", "--in"}), HasSubstr("nextTo-b"));
  EXPECT_THAT(MustRun({"rel", "list", "b"}), Not(HasSubstr("nextTo-b")));
  EXPECT_THAT(Tool({"twin", "delete", "a"}).err,
              HasSubstr("FAILED_PRECONDITION / TWIN_HAS_RELATIONSHIPS"));
  MustRun({"rel", "delete", "a", "nextTo-b"});
  MustRun({"twin", "delete", "a"});
}

TEST_F(CliTest, Queries) {
  UploadRooms();
  MustRun({"twin", "create", "a", "--model", "dtmi:t:Room;1", "--set",
           "temperature=19"});
  MustRun({"twin", "create", "b", "--model", "dtmi:t:Room;1", "--set",
           "temperature=27", "name=b"});
  const std::string warm =
      "SELECT T.$dtId AS id, T.name AS name FROM DIGITALTWINS T "
      "WHERE T.temperature > 25";
  EXPECT_EQ(MustRun({"query", warm}), "id  name\nb   b\n");
  EXPECT_EQ(MustRun({"query", warm, "--json"}),
            "{\"id\":\"b\",\"name\":\"b\"}\n");
  EXPECT_EQ(MustRun({"query",
                     "SELECT T.$dtId AS id, T.name AS name FROM DIGITALTWINS T "
                     "WHERE T.$dtId = 'a'",
                     "--json"}),
            "{\"id\":\"a\"}\n");
  EXPECT_THAT(
      MustRun({"query", "SELECT * FROM DIGITALTWINS T WHERE T.$dtId = 'b'"}),
      HasSubstr("\"$dtId\":\"b\""));
  const Result wrong = Tool({"query", "SELECT * FORM DIGITALTWINS"});
  EXPECT_EQ(wrong.exit_status, cli::kExitFailed);
  EXPECT_THAT(wrong.err, HasSubstr("INVALID_ARGUMENT / INVALID_QUERY"));
  EXPECT_THAT(wrong.err, HasSubstr("column: 10"));
}

TEST_F(CliTest, ReadsTheStateOfATime) {
  UploadRooms();
  for (const char* id : {"a", "b"}) {
    MustRun({"twin", "create", id, "--model", "dtmi:t:Room;1"});
  }
  MustRun({"rel", "create", "a", "nextTo", "b"});
  const std::string then =
      absl::FormatTime(absl::RFC3339_full, absl::Now(), absl::UTCTimeZone());
  MustRun({"rel", "delete", "a", "nextTo-b"});
  MustRun({"twin", "delete", "b"});
  MustRun({"model", "upload", Write("hall.json", R"({
      "@context": "dtmi:dtdl:context;3", "@id": "dtmi:t:Hall;1",
      "@type": "Interface"})")});

  EXPECT_THAT(Tool({"twin", "get", "b"}).err, HasSubstr("TWIN_NOT_FOUND"));
  EXPECT_THAT(MustRun({"twin", "get", "b", "--at", then}), HasSubstr("b"));
  EXPECT_THAT(MustRun({"twin", "list", "--at", then}), HasSubstr("b "));
  EXPECT_THAT(MustRun({"rel", "list", "a", "--at", then}),
              HasSubstr("nextTo-b"));
  EXPECT_THAT(MustRun({"rel", "list", "b", "--in", "--at", then}),
              HasSubstr("nextTo-b"));
  EXPECT_THAT(MustRun({"query", "SELECT COUNT() FROM DIGITALTWINS", "--json",
                       "--at", then}),
              HasSubstr("{\"COUNT\":2}"));
  EXPECT_THAT(MustRun({"model", "list"}), HasSubstr("dtmi:t:Hall;1"));
  EXPECT_THAT(MustRun({"model", "list", "--at", then}),
              Not(HasSubstr("dtmi:t:Hall;1")));
  EXPECT_THAT(Tool({"model", "show", "dtmi:t:Hall;1", "--at", then}).err,
              HasSubstr("MODEL_NOT_FOUND"));
  const std::string graph = MustRun({"export", "-", "--at", then});
  EXPECT_THAT(graph, HasSubstr("nextTo-b"));
  EXPECT_THAT(graph, Not(HasSubstr("dtmi:t:Hall;1")));
  EXPECT_THAT(MustRun({"export", "-"}), Not(HasSubstr("nextTo-b")));

  const Result later = Tool({"twin", "list", "--at", "9999-01-01T00:00:00Z"});
  EXPECT_THAT(later.err, HasSubstr("read.as_of: a time up to the present"));
  const Result wrong = Tool({"twin", "list", "--at", "12:30"});
  EXPECT_EQ(wrong.exit_status, cli::kExitUsage);
  EXPECT_THAT(wrong.err, HasSubstr("--at"));
}

TEST_F(CliTest, SaysWhatAtTakes) {
  // A token of another form than any: the server knows it for none.
  const Result token = Tool({"twin", "list", "--at", "yesterday"});
  EXPECT_EQ(token.exit_status, cli::kExitFailed);
  const std::string hint =
      "hint: --at takes a revision token, or a time up to the present, such as "
      "2026-05-31T08:00:00Z\n";
  EXPECT_THAT(token.err, HasSubstr(hint));
  EXPECT_THAT(token.err, HasSubstr("token: --at\n"));
  EXPECT_THAT(token.err, Not(HasSubstr("exactly_at")));
  EXPECT_THAT(Tool({"export", "-", "--at", "9999-01-01T00:00:00Z"}).err,
              HasSubstr(hint));
  const Result date = Tool({"twin", "list", "--at", "2026-11-30"});
  EXPECT_EQ(date.exit_status, cli::kExitUsage);
  EXPECT_THAT(date.err,
              HasSubstr("--at: \"2026-11-30\" is neither a revision token nor "
                        "a time such as 2026-05-31T08:00:00Z"));
}

TEST_F(CliTest, AListThatFailsPrintsNoHeader) {
  const std::vector<std::vector<std::string>> lists = {
      {"twin", "list"},
      {"model", "list"},
      {"rel", "list", "a"},
      {"rel", "list", "a", "--in"},
      {"hub", "list"},
      {"hub", "devices", "h"},
      {"query", "SELECT T.$dtId FROM DIGITALTWINS T"}};
  for (std::vector<std::string> list : lists) {
    list.insert(list.end(), {"--at", "9999-01-01T00:00:00Z"});
    const Result result = Tool(list);
    EXPECT_EQ(result.exit_status, cli::kExitFailed);
    EXPECT_EQ(result.out, "") << list[0];
  }
  const Result backups = Tool({"admin", "backup", "list"});
  EXPECT_EQ(backups.exit_status, cli::kExitFailed);
  EXPECT_EQ(backups.out, "");
  // One that succeeds does also without rows.
  EXPECT_EQ(MustRun({"hub", "list"}), "HUB  KIND  DEVICES  CONNECTOR\n");
}

TEST_F(CliTest, AnExportThatFailsLeavesTheFileAsItWas) {
  UploadRooms();
  const std::string file = Write("graph.ndjson", "yesterday's\n");
  const Result failed = Tool({"export", file, "--at", "9999-01-01T00:00:00Z"});
  EXPECT_EQ(failed.exit_status, cli::kExitFailed);
  const auto read = [](const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  };
  EXPECT_EQ(read(file), "yesterday's\n");
  EXPECT_THAT(NamesIn(dir_.path()),
              testing::UnorderedElementsAre("graph.ndjson", "models.json"));
  MustRun({"export", file});
  EXPECT_THAT(read(file), HasSubstr("dtmi:t:Room;1"));
  EXPECT_THAT(NamesIn(dir_.path()),
              testing::UnorderedElementsAre("graph.ndjson", "models.json"));
}

TEST_F(CliTest, StatusAndCheck) {
  UploadRooms();
  MustRun({"twin", "create", "a", "--model", "dtmi:t:Room;1"});
  EXPECT_THAT(MustRun({"status"}), HasSubstr("twins          1"));
  EXPECT_THAT(MustRun({"status", "--json"}), HasSubstr("\"twin_count\":\"1\""));
  EXPECT_THAT(MustRun({"check"}), HasSubstr(" 0 problems"));
}

TEST_F(CliTest, ImportSaysWhichRowsFailed) {
  UploadRooms();
  const std::string file =
      Write("graph.ndjson",
            "{\"Section\":\"Twins\"}\n"
            "{\"$dtId\":\"a\",\"$metadata\":{\"$model\":\"dtmi:t:Room;1\"}}\n"
            "{\"$dtId\":\"b\",\"$metadata\":{\"$model\":\"dtmi:t:None;1\"}}\n");
  const Result strict = Tool({"import", file});
  EXPECT_EQ(strict.exit_status, cli::kExitFailed);
  EXPECT_THAT(strict.err, HasSubstr("graph.ndjson:3: twins b: NOT_FOUND / "
                                    "MODEL_NOT_FOUND"));
  // All rows that failed say the same, so that is why.
  EXPECT_THAT(strict.err,
              HasSubstr("error: NOT_FOUND / MODEL_NOT_FOUND: not imported: 1 "
                        "row"));
  EXPECT_THAT(strict.out, HasSubstr("1 twins"));
  // Now one row is there already, and the other still has no model.
  EXPECT_THAT(
      Tool({"import", file}).err,
      HasSubstr("error: INVALID_ARGUMENT / INVALID_FIELD: not imported: "
                "2 rows"));
  const Result lenient =
      Tool({"import", "--lenient", "--if-exists", "skip", file});
  EXPECT_EQ(lenient.exit_status, cli::kExitOk);
  EXPECT_THAT(lenient.out, HasSubstr("1 skipped, 1 failed"));
}

TEST_F(CliTest, ImportStoresWhatDoesNotConform) {
  UploadRooms();
  const std::string file =
      Write("odd.ndjson",
            "{\"Section\":\"Twins\"}\n"
            "{\"$dtId\":\"a\",\"$metadata\":{\"$model\":\"dtmi:t:Room;1\"},"
            "\"temperature\":\"warm\",\"big\":7,\"mood\":{\"is\":\"fine\"}}\n");
  const Result strict = Tool({"import", "--strict", file});
  EXPECT_EQ(strict.exit_status, cli::kExitFailed);
  EXPECT_THAT(strict.err, HasSubstr("CONTENT_INVALID"));
  const Result result = Tool({"import", file});
  EXPECT_EQ(result.exit_status, cli::kExitOk);
  EXPECT_THAT(result.err, HasSubstr("odd.ndjson:2: twins a: stored as it is"));
  EXPECT_THAT(result.out, HasSubstr("(1 not conforming)"));
  ASSERT_OK_AND_ASSIGN(Value twin,
                       ParseJsonValue(MustRun({"twin", "get", "a", "--json"})));
  EXPECT_EQ(FormatJson(*twin.Find("contents")),
            R"({"big":"7","mood":{"is":"fine"},"temperature":"warm"})");
  EXPECT_THAT(MustRun({"query",
                       "SELECT T.$dtId FROM DIGITALTWINS T WHERE "
                       "T.temperature = 'warm'"}),
              HasSubstr("a"));
  EXPECT_THAT(MustRun({"check"}), HasSubstr(" 0 problems"));
}

TEST_F(CliTest, DevicesOfAHub) {
  MustRun({"model", "upload",
           absl::StrCat(SourceDir(), "/client/examples/building/models.json")});
  MustRun({"hub", "attach", "plant"});
  EXPECT_THAT(MustRun({"hub", "list"}), HasSubstr("plant"));
  const std::string summary =
      MustRun({"hub", "simulate", "plant", "--devices", "20", "--model",
               "dtmi:twingraph:demo:Sensor;1", "--rate", "0", "--count", "400",
               "--flap-rate", "20"});
  EXPECT_THAT(summary, HasSubstr("400 messages"));
  EXPECT_THAT(summary, HasSubstr("0 refused"));
  EXPECT_THAT(MustRun({"hub", "devices", "plant"}),
              HasSubstr("sensor-020  plant.sensor-020  attached"));
  EXPECT_THAT(MustRun({"query",
                       "SELECT COUNT() FROM DIGITALTWINS s WHERE "
                       "s.temperature > 0",
                       "--json"}),
              HasSubstr("{\"COUNT\":20}"));
  // A second session goes on where the first one ended.
  MustRun({"hub", "simulate", "plant", "--devices", "20", "--model",
           "dtmi:twingraph:demo:Sensor;1", "--rate", "0", "--count", "40"});
  MustRun({"hub", "detach", "plant", "--remove"});
  EXPECT_THAT(MustRun({"twin", "list"}), Not(HasSubstr("plant.")));
  EXPECT_THAT(Tool({"hub", "simulate", "nowhere"}).err,
              HasSubstr("NOT_FOUND / HUB_NOT_FOUND"));
}

// Rows of a file by what names them, in a form that compares: without component
// markers, and without components that hold nothing, which a server shows and a
// file may leave out.
using Rows = std::map<std::string, Value>;

void DropMarkers(Value& value) {
  if (value.is_list()) {
    for (Value& element : value.as_list()) {
      DropMarkers(element);
    }
  }
  if (!value.is_map()) {
    return;
  }
  value.Erase("$metadata");
  for (auto& [name, member] : value.as_map()) {
    DropMarkers(member);
  }
  std::erase_if(value.as_map(), [](const auto& member) {
    return member.second.is_map() && member.second.as_map().empty();
  });
}

absl::StatusOr<Rows> ReadRows(const std::string& path, Section section) {
  ASSIGN_OR_RETURN(const auto file, GraphFile::Open(path, section));
  Rows rows;
  for (;;) {
    ASSIGN_OR_RETURN(const auto raw, file->Next());
    if (!raw.has_value()) {
      return rows;
    }
    if (section == Section::kTwins) {
      ASSIGN_OR_RETURN(graphfile::TwinRow row, graphfile::ParseTwin(raw->text));
      DropMarkers(row.content);
      rows[absl::StrCat(row.id, " ", row.model)] = row.content;
    } else {
      ASSIGN_OR_RETURN(graphfile::RelationshipRow row,
                       graphfile::ParseRelationship(raw->text));
      rows[absl::StrCat(row.source, " ", row.name, " ", row.target, " ",
                        row.id)] = row.content;
    }
  }
}

bool EqualContent(const Value& a, const Value& b) {
  std::string a_bytes;
  std::string b_bytes;
  EncodeValue(a, a_bytes);
  EncodeValue(b, b_bytes);
  return EqualByMeaning(ValueView(a_bytes), ValueView(b_bytes));
}

void ExpectEqualRows(const std::string& original, const std::string& read_back,
                     Section section) {
  ASSERT_OK_AND_ASSIGN(const Rows want, ReadRows(original, section));
  ASSERT_OK_AND_ASSIGN(const Rows got, ReadRows(read_back, section));
  EXPECT_EQ(got.size(), want.size());
  for (const auto& [name, content] : want) {
    const auto found = got.find(name);
    ASSERT_NE(found, got.end()) << name;
    EXPECT_TRUE(EqualContent(found->second, content))
        << name << "\n  wanted " << FormatJson(content) << "\n  got "
        << FormatJson(found->second);
  }
}

struct GraphCase {
  std::string name;
  std::string folder;
  std::string graph;
};

class RealGraphTest : public CliTest,
                      public testing::WithParamInterface<GraphCase> {};

TEST_P(RealGraphTest, ReadsBackEqual) {
  const std::string folder = "ontologies/" + GetParam().folder;
  REQUIRE_TEST_DATA(models, folder + "/models.jsonl");
  REQUIRE_TEST_DATA(graph, folder + "/graphs/" + GetParam().graph);
  MustRun({"model", "upload", models});
  // An export holds the models once more, in the form that its service gave.
  MustRun({"import", "--if-exists", "skip", graph});
  const std::string exported = dir_.path() + "/exported.ndjson";
  MustRun({"export", exported});
  ExpectEqualRows(graph, exported, Section::kTwins);
  ExpectEqualRows(graph, exported, Section::kRelationships);
  EXPECT_THAT(MustRun({"check"}), HasSubstr(" 0 problems"));
}

INSTANTIATE_TEST_SUITE_P(
    All, RealGraphTest,
    testing::Values(
        GraphCase{"Home", "home-basic", "home.json"},
        GraphCase{"HomeExport", "home-basic", "import.json"},
        GraphCase{"Building", "explorer-examples", "buildingScenario.json"},
        GraphCase{"Grid", "explorer-examples", "nationalGrid.json"},
        GraphCase{"Sensor", "rec-guide-sensor", "sensor.json"},
        GraphCase{"SensorExport", "rec-guide-sensor", "sensor.original.json"},
        GraphCase{"Bulk", "cli-bulk-import", "bulk.json"},
        GraphCase{"BulkLines", "cli-bulk-import",
                  "bulk-models-twins-relationships-valid.ndjson"}),
    [](const auto& test) { return test.param.name; });

class OntologyTest : public CliTest,
                     public testing::WithParamInterface<std::string> {};

TEST_P(OntologyTest, UploadsInOneBatch) {
  REQUIRE_TEST_DATA(models, "ontologies/" + GetParam() + "/models.jsonl");
  MustRun({"model", "upload", models});
  std::vector<std::string> stored =
      absl::StrSplit(MustRun({"model", "list", "--json"}), '\n');
  // Models of the product itself are there before any upload.
  std::erase_if(stored, [](const std::string& line) {
    return line.empty() || absl::StrContains(line, "\"dtmi:twingraph:");
  });
  EXPECT_EQ(stored.size(), ReadLinesOrDie(models).size());
}

INSTANTIATE_TEST_SUITE_P(
    All, OntologyTest,
    testing::Values("realestatecore-building-v3", "realestatecore-rec4-v2",
                    "rec-guide-sensor", "smartcities", "manufacturing-isa95",
                    "iot-plugandplay-sample", "explorer-examples", "home-basic",
                    "cli-bulk-import", "digital-twins-samples", "docs-models"),
    [](const auto& test) {
      std::string name = test.param;
      std::erase(name, '-');
      return name;
    });

}  // namespace
}  // namespace twingraph

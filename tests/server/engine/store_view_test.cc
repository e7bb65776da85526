// The tables of the query language over a real store: the rows are those of the
// golden files whatever lies in memory and however old the revision is.

#include "server/engine/store_view.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

#include "server/query/query.h"
#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"
#include "storage/kv_memory/store.h"
#include "storage/value/json.h"
#include "tests/support/fake_clock.h"
#include "tests/support/golden_file.h"
#include "tests/support/query_rows.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_data.h"

namespace twingraph::engine {
namespace {

struct Setting {
  const char* name;
  graph::TopologyOptions topology;
  // Relationships come and go after the revision that is read.
  bool is_past = false;
};

class StoreViewTest : public testing::TestWithParam<Setting> {
 protected:
  StoreViewTest() {
    parts_.clock = &clock_;
    graph::GraphOptions options;
    options.topology = GetParam().topology;
    options.store.clock = &clock_;
    options.store.maintenance_interval = absl::ZeroDuration();
    auto graph =
        graph::GraphStore::Open(ctx_, kv_memory::OpenEngine(key::GraphSpaces()),
                                options, {&parts_.catalog});
    EXPECT_OK(graph);
    parts_.graph = *std::move(graph);
    Write([&](graph::GraphWriter& writer) {
      return writer
          .CreateModels(ctx_, {{.id = "dtmi:demo:Thermostat;1",
                                .text = Interface("dtmi:demo:Thermostat;1",
                                                  Value::MakeList())}})
          .status();
    });
    for (const std::string& line :
         ReadLinesOrDie(GoldenPath("query/fixture.ndjson"))) {
      AddLine(*ParseJsonValue(line));
    }
    revision_ = parts_.graph->commits().head()->revision;
    if (GetParam().is_past) {
      Upset();
    }
  }

  void Write(graph::GraphStore::TransactionFunction function) {
    EXPECT_OK(parts_.graph->RunTransaction(ctx_, {}, function));
  }

  static std::string Interface(const std::string& id, const Value& bases) {
    std::string extends;
    AppendJson(bases, extends);
    const bool is_machine = id == "dtmi:demo:Machine;1";
    return absl::StrCat(
        R"({"@context":"dtmi:dtdl:context;3","@type":"Interface","@id":")", id,
        R"(","extends":)", extends,
        is_machine ? R"(,"contents":[{"@type":"Component","name":"thermostat",)"
                     R"("schema":"dtmi:demo:Thermostat;1"}])"
                   : "",
        "}");
  }

  // One line of the fixture, as tests/support/toy_graph.h reads it.
  void AddLine(const Value& line) {
    const auto text = [&](const char* key) {
      return line.Find(key)->as_string();
    };
    if (line.Find("at") != nullptr) {
      absl::Time time;
      ASSERT_TRUE(
          absl::ParseTime(absl::RFC3339_full, text("at"), &time, nullptr));
      clock_.Advance(time - clock_.Now());
    }
    Write([&](graph::GraphWriter& writer) -> absl::Status {
      if (line.Find("extends") != nullptr) {
        return writer
            .CreateModels(
                ctx_,
                {{.id = text("model"),
                  .text = Interface(text("model"), *line.Find("extends"))}})
            .status();
      }
      if (line.Find("twin") != nullptr) {
        return writer
            .CreateTwin(ctx_, {.id = text("twin"),
                               .model = text("model"),
                               .contents = *line.Find("contents")})
            .status();
      }
      return writer
          .PutRelationship(ctx_,
                           {.source = text("source"),
                            .id = text("relationship"),
                            .name = text("name"),
                            .target = text("target"),
                            .contents = *line.Find("contents")},
                           graph::WriteMode::kCreate)
          .status();
    });
  }

  // Another graph than the one that is read.
  void Upset() {
    for (int i = 0; i < 20; ++i) {
      Write([&](graph::GraphWriter& writer) {
        return writer
            .PutRelationship(ctx_,
                             {.source = "b1",
                              .id = absl::StrCat("new", i),
                              .name = "contains",
                              .target = "r101"},
                             graph::WriteMode::kCreate)
            .status();
      });
    }
    Write([&](graph::GraphWriter& writer) -> absl::Status {
      RETURN_IF_ERROR(writer.DeleteRelationship(ctx_, "f1", "c3"));
      return writer.DeleteTwin(ctx_, "m2", graph::DeleteMode::kCascade);
    });
  }

  std::string Rows(const GoldenCase& test) {
    // The toy graph's etags and times of properties are its own.
    if (test.input.find("$etag = ") != std::string::npos ||
        test.input.find("$metadata.temperature.") != std::string::npos) {
      return test.expected;
    }
    auto reader = parts_.graph->ReaderAt(ctx_, revision_);
    EXPECT_OK(reader);
    const StoreView view(parts_, *std::move(reader));
    auto rows = query::RunQuery(test.input, *parts_.catalog.Current(), view);
    if (!rows.ok()) {
      return std::string(rows.status().message());
    }
    std::sort(rows->begin(), rows->end());
    return absl::StrCat("rows: ", rows->size(), "\n",
                        absl::StrJoin(*rows, "\n"));
  }

  Context ctx_;
  FakeClock clock_;
  Parts parts_;
  graph::Revision revision_ = 0;
};

TEST_P(StoreViewTest, ValidQueriesGiveTheirRows) {
  RunGoldenFile("query/valid.test",
                [&](const GoldenCase& test) { return Rows(test); });
}

TEST_P(StoreViewTest, ValidPatternsGiveTheirRows) {
  RunGoldenFile("query/valid_match.test",
                [&](const GoldenCase& test) { return Rows(test); });
}

INSTANTIATE_TEST_SUITE_P(
    Settings, StoreViewTest,
    testing::Values(Setting{"FromMemory", {}},
                    Setting{"FromTheStore", {.bytes = 0}},
                    Setting{"PastFromMemory", {}, true},
                    Setting{
                        "PastBehindMemory", {.remembered_changes = 3}, true},
                    Setting{"PastFromTheStore", {.bytes = 0}, true}),
    [](const testing::TestParamInfo<Setting>& test) {
      return std::string(test.param.name);
    });

}  // namespace
}  // namespace twingraph::engine

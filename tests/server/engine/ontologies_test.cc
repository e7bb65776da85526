// Real ontologies and graphs through the operations, as a client would load
// them.

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/value/compare.h"
#include "tests/server/engine/engine_fixture.h"
#include "tests/support/test_data.h"

namespace twingraph::engine {
namespace {

struct Case {
  const char* folder;
  // Twins and relationships of its graphs that the service which they come from
  // took although they do not fit their models: texts as numbers, times without
  // a zone, names in another case.
  int nonconforming = 0;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.folder;
}

class OntologyTest : public testing::TestWithParam<Case> {
 protected:
  OntologyTest() {
    EngineOptions options;
    options.store = kv_memory::OpenEngine(key::GraphSpaces());
    auto engine = Engine::Open(std::move(options));
    EXPECT_OK(engine);
    engine_ = *std::move(engine);
  }

  // Writes strictly, and where content does not conform, as it is.
  template <typename Write>
  void Load(const std::string& id, const Write& write) {
    absl::Status status = write(/*allow_nonconforming=*/false);
    if (ReasonOf(status) == v1::ERROR_REASON_CONTENT_INVALID) {
      ++nonconforming_;
      status = write(/*allow_nonconforming=*/true);
    }
    EXPECT_OK(status) << id;
  }

  void LoadTwin(const Value& twin) {
    TwinInput input;
    for (const auto& [name, value] : twin.as_map()) {
      if (name == "$dtId") {
        input.id = value.as_string();
      } else if (name == "$metadata") {
        input.model = value.Find("$model")->as_string();
        input.contents.Set(name, value);
      } else if (name != "$etag") {
        input.contents.Set(name, value);
      }
    }
    Load(input.id, [&](bool allow_nonconforming) {
      input.allow_nonconforming = allow_nonconforming;
      return Wait(engine_->twins().Create(ctx_, input, {})).status();
    });
  }

  void LoadRelationship(const Value& relationship) {
    RelationshipInput input;
    for (const auto& [name, value] : relationship.as_map()) {
      if (name == "$relationshipId") {
        input.id = value.as_string();
      } else if (name == "$sourceId") {
        input.source = value.as_string();
      } else if (name == "$targetId") {
        input.target = value.as_string();
      } else if (name == "$relationshipName") {
        input.name = value.as_string();
      } else if (name != "$etag") {
        input.properties.Set(name, value);
      }
    }
    Load(input.id, [&](bool allow_nonconforming) {
      input.allow_nonconforming = allow_nonconforming;
      return Wait(engine_->relationships().Create(ctx_, input, {})).status();
    });
  }

  // A twin without what the service writes: ids, etags, metadata.
  static Value Content(const Value& twin) {
    Value content = Value::MakeMap();
    for (const auto& [name, value] : twin.as_map()) {
      if (name[0] == '$') {
        continue;
      }
      content.Set(name, value.is_map() ? Content(value) : value);
    }
    return content;
  }

  void ExpectTwinReadsBack(const Value& twin) {
    const std::string id = twin.Find("$dtId")->as_string();
    const auto read = engine_->twins().Get(ctx_, id, TwinView::kFull, {});
    ASSERT_OK(read) << id;
    EXPECT_EQ(read->value.model,
              twin.Find("$metadata")->Find("$model")->as_string());
    EXPECT_TRUE(SaysTheSame(Content(twin), read->value.contents))
        << id << ": " << JsonOf(read->value.contents);
  }

  void ExpectRelationshipReadsBack(const Value& relationship) {
    const auto read = engine_->relationships().Get(
        ctx_, relationship.Find("$sourceId")->as_string(),
        relationship.Find("$relationshipId")->as_string(), {});
    ASSERT_OK(read);
    EXPECT_EQ(read->value.target, relationship.Find("$targetId")->as_string());
    EXPECT_EQ(read->value.name,
              relationship.Find("$relationshipName")->as_string());
    EXPECT_TRUE(SaysTheSame(Content(relationship), read->value.properties));
  }

  static bool SaysTheSame(const Value& given, const std::string& stored) {
    std::string encoded;
    EncodeValue(given, encoded);
    return EqualByMeaning(ValueView(encoded), ValueView(stored));
  }

  int nonconforming_ = 0;  // of what was loaded
  Context ctx_;
  std::unique_ptr<Engine> engine_;
};

TEST_P(OntologyTest, UploadsWholeAndItsGraphsReadBackEqual) {
  REQUIRE_TEST_DATA(folder, absl::StrCat("ontologies/", GetParam().folder));
  const std::vector<std::string> documents =
      ReadLinesOrDie(folder + "/models.jsonl");
  const auto uploaded = engine_->models().Upload(ctx_, documents, {});
  ASSERT_OK(uploaded);
  EXPECT_EQ(uploaded->value.models.size(), documents.size());
  const auto again = engine_->models().Upload(ctx_, documents, {});
  ASSERT_OK(again);
  EXPECT_EQ(again->revision, uploaded->revision);

  if (!std::filesystem::is_directory(folder + "/graphs")) {
    return;
  }
  int graphs = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(folder + "/graphs")) {
    if (file.path().extension() != ".json") {
      continue;
    }
    ASSERT_OK_AND_ASSIGN(const Value whole,
                         ParseJsonValue(ReadFileOrDie(file.path())));
    if (whole.Find("digitalTwins") == nullptr) {
      continue;  // The export form of the Explorer, which the client reads.
    }
    ++graphs;
    const Value::List& twins = whole.Find("digitalTwins")->as_list();
    const Value::List& relationships = whole.Find("relationships")->as_list();
    EXPECT_FALSE(twins.empty());
    for (const Value& twin : twins) {
      LoadTwin(twin);
    }
    for (const Value& relationship : relationships) {
      LoadRelationship(relationship);
    }
    for (const Value& twin : twins) {
      ExpectTwinReadsBack(twin);
    }
    for (const Value& relationship : relationships) {
      ExpectRelationshipReadsBack(relationship);
    }
  }
  EXPECT_GE(graphs, 1);
  EXPECT_EQ(nonconforming_, GetParam().nonconforming);
  const auto report = engine_->admin().CheckStore(ctx_);
  ASSERT_OK(report);
  EXPECT_EQ(report->problem_count, 0);
}

INSTANTIATE_TEST_SUITE_P(
    All, OntologyTest,
    testing::Values(Case{"realestatecore-building-v3"},
                    Case{"realestatecore-rec4-v2"}, Case{"rec-guide-sensor", 6},
                    Case{"smartcities"}, Case{"manufacturing-isa95"},
                    Case{"iot-plugandplay-sample"}, Case{"explorer-examples"},
                    Case{"home-basic"}, Case{"cli-bulk-import", 10},
                    Case{"digital-twins-samples"}, Case{"docs-models"}));

}  // namespace
}  // namespace twingraph::engine

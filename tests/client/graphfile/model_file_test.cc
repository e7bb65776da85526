#include "client/graphfile/model_file.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_data.h"

namespace twingraph::graphfile {
namespace {

struct FileCase {
  std::string name;
  std::string text;
  std::vector<std::string> models;
  std::vector<int> lines;
};

class ModelFileTest : public testing::TestWithParam<FileCase> {};

TEST_P(ModelFileTest, FindsEachInterface) {
  const TempDir dir;
  const std::string path = dir.path() + "/models.json";
  std::ofstream(path) << GetParam().text;
  ASSERT_OK_AND_ASSIGN(const auto models, ReadModels(path));
  std::vector<std::string> texts;
  std::vector<int> lines;
  for (const ModelDocument& model : models) {
    texts.push_back(model.text);
    lines.push_back(model.line);
  }
  EXPECT_EQ(texts, GetParam().models);
  EXPECT_EQ(lines, GetParam().lines);
}

INSTANTIATE_TEST_SUITE_P(
    All, ModelFileTest,
    testing::Values(
        FileCase{"One", "{\"@id\": \"a\"}\n", {"{\"@id\": \"a\"}"}, {1}},
        FileCase{"Array",
                 "[\n{\"a\":1},\n {\"b\":[2]} ]",
                 {"{\"a\":1}", "{\"b\":[2]}"},
                 {2, 3}},
        FileCase{"Lines",
                 "{\"a\":1}\n\n{\"b\":2}\n",
                 {"{\"a\":1}", "{\"b\":2}"},
                 {1, 3}},
        FileCase{"EmptyArray", " [ ] ", {}, {}},
        FileCase{"Nothing", "", {}, {}}),
    [](const auto& test) { return test.param.name; });

TEST(ModelFolderTest, ReadsAllFilesInOrderOfTheirPaths) {
  const TempDir dir;
  std::filesystem::create_directories(dir.path() + "/sub");
  std::ofstream(dir.path() + "/b.json") << "{\"b\":1}";
  std::ofstream(dir.path() + "/a.jsonl") << "{\"a\":1}";
  std::ofstream(dir.path() + "/sub/c.json") << "{\"c\":1}";
  std::ofstream(dir.path() + "/notes.txt") << "not a model";
  ASSERT_OK_AND_ASSIGN(const auto models, ReadModels(dir.path()));
  ASSERT_EQ(models.size(), 3U);
  EXPECT_EQ(models[0].text, "{\"a\":1}");
  EXPECT_EQ(models[2].text, "{\"c\":1}");
}

TEST(ModelFolderTest, NamesTheFileThatIsWrong) {
  const TempDir dir;
  const std::string path = dir.path() + "/a.json";
  std::ofstream(path) << "[{}";
  const auto models = ReadModels(path);
  ASSERT_THAT(models, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_EQ(MetadataOf(models.status(), "file"), path);
  EXPECT_THAT(
      ReadModels(dir.path() + "/none.json"),
      IsError(absl::StatusCode::kNotFound, v1::ERROR_REASON_INVALID_FIELD));
}

struct OntologyCase {
  std::string folder;
  size_t interfaces;
};

class OntologyTest : public testing::TestWithParam<OntologyCase> {};

TEST_P(OntologyTest, ReadsAllInterfaces) {
  REQUIRE_TEST_DATA(path, "ontologies/" + GetParam().folder + "/models.jsonl");
  ASSERT_OK_AND_ASSIGN(const auto models, ReadModels(path));
  EXPECT_EQ(models.size(), GetParam().interfaces);
}

INSTANTIATE_TEST_SUITE_P(
    All, OntologyTest,
    testing::Values(OntologyCase{"realestatecore-building-v3", 767},
                    OntologyCase{"realestatecore-rec4-v2", 1364},
                    OntologyCase{"rec-guide-sensor", 13},
                    OntologyCase{"smartcities", 63},
                    OntologyCase{"manufacturing-isa95", 180},
                    OntologyCase{"iot-plugandplay-sample", 327},
                    OntologyCase{"explorer-examples", 21},
                    OntologyCase{"home-basic", 4},
                    OntologyCase{"cli-bulk-import", 10},
                    OntologyCase{"digital-twins-samples", 4},
                    OntologyCase{"docs-models", 12}),
    [](const auto& test) {
      std::string name = test.param.folder;
      std::erase(name, '-');
      return name;
    });

}  // namespace
}  // namespace twingraph::graphfile

#include "client/cli/offline/model_text.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::cli {
namespace {

// "file name:first line:text" of each.
std::vector<std::string> Read(const std::string& path,
                              const std::string& input = "") {
  std::istringstream stream(input);
  const auto texts = ReadModelTexts(path, stream);
  EXPECT_OK(texts.status());
  std::vector<std::string> shown;
  for (const ModelText& text : *texts) {
    shown.push_back(std::filesystem::path(text.file).filename().string() + ":" +
                    std::to_string(text.first_line) + ":" + text.text);
  }
  return shown;
}

using Texts = std::vector<std::string>;

TEST(ModelTextTest, AFileIsOneTextOrOneForEachLine) {
  const TempDir dir;
  std::ofstream(dir.path() + "/a.json") << "[\n{}]";
  std::ofstream(dir.path() + "/b.jsonl") << "{}\n\n[1]\n";
  EXPECT_EQ(Read(dir.path() + "/a.json"), Texts({"a.json:1:[\n{}]"}));
  EXPECT_EQ(Read(dir.path() + "/b.jsonl"),
            Texts({"b.jsonl:1:{}", "b.jsonl:3:[1]"}));
}

TEST(ModelTextTest, AFolderIsReadInOrderOfItsPaths) {
  const TempDir dir;
  std::filesystem::create_directory(dir.path() + "/sub");
  std::ofstream(dir.path() + "/z.json") << "1";
  std::ofstream(dir.path() + "/sub/a.json") << "2";
  std::ofstream(dir.path() + "/readme.md") << "3";
  EXPECT_EQ(Read(dir.path()), Texts({"a.json:1:2", "z.json:1:1"}));
}

TEST(ModelTextTest, TheInputIsLinesWhereTheFirstIsAValue) {
  EXPECT_EQ(Read("-", "{}\n{}\n"), Texts({"-:1:{}", "-:2:{}"}));
  EXPECT_EQ(Read("-", "[\n{}]\n"), Texts({"-:1:[\n{}]\n"}));
  EXPECT_EQ(Read("-", "{}\n"), Texts({"-:1:{}\n"}));
}

TEST(ModelTextTest, NamesWhatCannotBeRead) {
  std::istringstream input;
  EXPECT_THAT(
      ReadModelTexts("/nowhere.json", input),
      IsError(absl::StatusCode::kNotFound, v1::ERROR_REASON_INVALID_FIELD));
}

}  // namespace
}  // namespace twingraph::cli

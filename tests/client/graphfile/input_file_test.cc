#include "client/graphfile/input_file.h"

#include <fstream>
#include <iterator>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/base/status.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::graphfile {
namespace {

namespace fs = std::filesystem;

class InputFileTest : public testing::Test {
 protected:
  fs::path Write(const std::string& name, const std::string& text) {
    const fs::path file = fs::path(directory_.path()) / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }

  const TempDir directory_;
};

TEST_F(InputFileTest, ReadsEveryByte) {
  const std::string text("\xEF\xBB\xBFone\r\n\0two", 12);
  std::ifstream stream;
  ASSERT_OK(OpenInput(Write("a.json", text), stream));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), text);
}

TEST_F(InputFileTest, NamesWhatCannotBeRead) {
  for (const std::string& path :
       {std::string(directory_.path()), directory_.path() + "/absent.json",
        directory_.path() + "/" + std::string(300, 'x'),
        Write("plain.json", "1").string() + "/below.json"}) {
    std::ifstream stream;
    const absl::Status status = OpenInput(path, stream);
    EXPECT_THAT(status, IsError(absl::StatusCode::kNotFound,
                                v1::ERROR_REASON_INVALID_FIELD));
    // A long one is cut.
    EXPECT_EQ(MetadataOf(status, "file").substr(0, 200), path.substr(0, 200));
  }
}

TEST_F(InputFileTest, FindsModelFilesAtAnyDepthInOrder) {
  const fs::path late = Write("b/z/late.json", "1");
  const fs::path lines = Write("a/lines.jsonl", "1");
  Write("a/notes.txt", "1");
  ASSERT_OK_AND_ASSIGN(const auto below, ModelFilesAt(directory_.path()));
  EXPECT_THAT(below, testing::ElementsAre(lines, late));
  ASSERT_OK_AND_ASSIGN(const auto one, ModelFilesAt(late.string()));
  EXPECT_THAT(one, testing::ElementsAre(late));
}

}  // namespace
}  // namespace twingraph::graphfile

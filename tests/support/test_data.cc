#include "tests/support/test_data.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace twingraph {
namespace {

std::filesystem::path DataFolder() {
  if (const char* folder = std::getenv("TWINGRAPH_TEST_DATA")) {
    return folder;
  }
  return std::filesystem::path(SourceDir()) / ".." / "shared" / "data";
}

}  // namespace

std::string SourceDir() {
  const char* source = std::getenv("TWINGRAPH_SOURCE_DIR");
  return source == nullptr ? "." : source;
}

std::optional<std::string> TestDataPath(absl::string_view name) {
  const std::filesystem::path path = DataFolder() / std::string(name);
  if (!std::filesystem::exists(path)) {
    return std::nullopt;
  }
  return path.string();
}

bool IsTestDataRequired() {
  const char* required = std::getenv("TWINGRAPH_REQUIRE_TEST_DATA");
  return required != nullptr && std::string(required) == "1";
}

std::string ReadFileOrDie(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << "cannot read " << path;
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

std::vector<std::string> ReadLinesOrDie(const std::string& path) {
  std::istringstream content(ReadFileOrDie(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(content, line);) {
    if (!line.empty() && line.back() == '\r') {
      line.pop_back();
    }
    if (!line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

}  // namespace twingraph

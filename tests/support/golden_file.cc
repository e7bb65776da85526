#include "tests/support/golden_file.h"

#include <cstdlib>
#include <fstream>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"

#include "tests/support/test_data.h"

namespace twingraph {
namespace {

bool IsComment(absl::string_view line) {
  return absl::StartsWith(line, "#");
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text = absl::StrJoin(lines, "\n");
  while (absl::EndsWith(text, "\n")) {
    text.pop_back();
  }
  return text;
}

// Reads and writes one file; the text between cases is kept.
class GoldenFile {
 public:
  explicit GoldenFile(absl::string_view text)
      : lines_(absl::StrSplit(text, '\n')) {
    while (at_ < lines_.size()) {
      ReadPart();
    }
  }

  struct Part {
    std::string heading;  // printed before the case
    GoldenCase test;
    bool is_case = false;
  };

  std::vector<Part>& parts() { return parts_; }

  std::string Format() const {
    std::string text;
    for (const Part& part : parts_) {
      absl::StrAppend(&text, text.empty() ? "" : "\n");
      if (!part.is_case) {
        absl::StrAppend(&text, part.heading, "\n");
        continue;
      }
      absl::StrAppend(&text, part.test.comment, "\n", part.test.input, "\n--\n",
                      part.test.expected, "\n");
    }
    return text;
  }

 private:
  bool IsAtEnd() const { return at_ == lines_.size(); }

  // A comment alone is a heading; with text behind it, a case.
  void ReadPart() {
    std::vector<std::string> comment;
    while (!IsAtEnd() && IsComment(lines_[at_])) {
      comment.push_back(lines_[at_++]);
    }
    std::vector<std::string> input;
    while (!IsAtEnd() && lines_[at_] != "--" &&
           !(input.size() == 1 && input[0].empty() && IsComment(lines_[at_]))) {
      input.push_back(lines_[at_++]);
    }
    Part part;
    if (IsAtEnd() || lines_[at_] != "--") {
      part.heading = Joined(comment);
      if (!part.heading.empty()) {
        parts_.push_back(part);
      }
      return;
    }
    ++at_;
    part.is_case = true;
    part.test.comment = Joined(comment);
    part.test.input = Joined(input);
    part.test.expected = ReadExpected();
    parts_.push_back(std::move(part));
  }

  std::string ReadExpected() {
    std::vector<std::string> expected;
    while (!IsAtEnd() && !(IsComment(lines_[at_]) && !expected.empty() &&
                           expected.back().empty())) {
      expected.push_back(lines_[at_++]);
    }
    return Joined(expected);
  }

  std::vector<std::string> lines_;
  size_t at_ = 0;
  std::vector<Part> parts_;
};

}  // namespace

std::string GoldenPath(absl::string_view name) {
  return absl::StrCat(SourceDir(), "/tests/golden/", name);
}

void RunGoldenFile(absl::string_view name,
                   const std::function<std::string(const GoldenCase&)>& run) {
  const std::string path = GoldenPath(name);
  GoldenFile file(ReadFileOrDie(path));
  const bool is_update = std::getenv("TWINGRAPH_UPDATE_GOLDEN") != nullptr;
  size_t cases = 0;
  for (auto& part : file.parts()) {
    if (!part.is_case) {
      continue;
    }
    ++cases;
    const std::string result(
        absl::StripTrailingAsciiWhitespace(run(part.test)));
    if (is_update) {
      part.test.expected = result;
    } else {
      EXPECT_EQ(result, part.test.expected) << part.test.comment << "\n"
                                            << part.test.input;
    }
  }
  EXPECT_GT(cases, 0U) << path;
  if (is_update) {
    std::ofstream(path) << file.Format();
  }
}

}  // namespace twingraph

#include "client/cli/offline/model_text.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "client/graphfile/input_file.h"
#include "server/dtdl/json_tree.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

namespace fs = std::filesystem;

// Without the mark that some editors put in front.
std::string ReadAll(std::istream& input) {
  std::string text((std::istreambuf_iterator<char>(input)),
                   std::istreambuf_iterator<char>());
  if (absl::StartsWith(text, "\xEF\xBB\xBF")) {
    text.erase(0, 3);
  }
  return text;
}

// Is the first line that is not empty a JSON value, and something behind it?
bool HasValueOnEachLine(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  const size_t end = text.find('\n');
  dtdl::JsonDocument first;
  return end != absl::string_view::npos &&
         first.Parse(text.substr(0, end)).ok();
}

void AddLines(const std::string& file, absl::string_view text,
              std::vector<ModelText>& out) {
  int line = 0;
  for (const absl::string_view each : absl::StrSplit(text, '\n')) {
    ++line;
    if (!absl::StripAsciiWhitespace(each).empty()) {
      out.push_back({file, line, std::string(each)});
    }
  }
}

absl::Status AddFile(const fs::path& file, std::vector<ModelText>& out) {
  std::ifstream input;
  RETURN_IF_ERROR(graphfile::OpenInput(file, input));
  std::string text = ReadAll(input);
  if (file.extension() == ".jsonl") {
    AddLines(file.string(), text, out);
  } else {
    out.push_back({file.string(), 1, std::move(text)});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ModelText>> ReadModelTexts(const std::string& path,
                                                      std::istream& input) {
  std::vector<ModelText> texts;
  if (path == "-") {
    std::string text = ReadAll(input);
    if (HasValueOnEachLine(text)) {
      AddLines(path, text, texts);
    } else {
      texts.push_back({path, 1, std::move(text)});
    }
    return texts;
  }
  ASSIGN_OR_RETURN(const std::vector<fs::path> files,
                   graphfile::ModelFilesAt(path));
  for (const fs::path& file : files) {
    RETURN_IF_ERROR(AddFile(file, texts));
  }
  if (texts.empty()) {
    return NotFound(
        v1::ERROR_REASON_INVALID_FIELD,
        absl::StrCat("no .json or .jsonl file with models at or below ", path),
        {{"file", path}});
  }
  return texts;
}

}  // namespace twingraph::cli

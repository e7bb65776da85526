#include "client/graphfile/model_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"

#include "client/graphfile/scanner.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::graphfile {
namespace {

namespace fs = std::filesystem;

class Collector {
 public:
  Collector(std::string file, std::istream& input,
            std::vector<ModelDocument>& out)
      : file_(std::move(file)), scanner_(input), out_(out) {}

  absl::Status Run() {
    while (scanner_.PeekToken() != 0) {
      RETURN_IF_ERROR(scanner_.PeekToken() == '[' ? AddArray() : Add());
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Add() {
    scanner_.PeekToken();
    ModelDocument model{.file = file_, .line = scanner_.line(), .text = {}};
    ASSIGN_OR_RETURN(model.text, scanner_.ReadValue());
    out_.push_back(std::move(model));
    return absl::OkStatus();
  }

  absl::Status AddArray() {
    RETURN_IF_ERROR(scanner_.Take('['));
    if (scanner_.TryTake(']')) {
      return absl::OkStatus();
    }
    do {
      RETURN_IF_ERROR(Add());
    } while (scanner_.TryTake(','));
    return scanner_.Take(']');
  }

  std::string file_;
  Scanner scanner_;
  std::vector<ModelDocument>& out_;
};

absl::StatusOr<std::vector<fs::path>> FilesOf(const std::string& path) {
  std::error_code error;
  std::vector<fs::path> files;
  if (!fs::is_directory(path, error)) {
    return std::vector<fs::path>{path};
  }
  for (fs::recursive_directory_iterator it(path, error), end;
       !error && it != end; it.increment(error)) {
    const fs::path extension = it->path().extension();
    if (extension == ".json" || extension == ".jsonl") {
      files.push_back(it->path());
    }
  }
  if (error) {
    return NotFound(v1::ERROR_REASON_INVALID_FIELD,
                    absl::StrCat("cannot read the folder ", path),
                    {{"file", path}});
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

absl::StatusOr<std::vector<ModelDocument>> ReadModels(const std::string& path) {
  ASSIGN_OR_RETURN(const std::vector<fs::path> files, FilesOf(path));
  std::vector<ModelDocument> models;
  for (const fs::path& file : files) {
    std::ifstream input(file, std::ios::binary);
    if (!input.is_open() || fs::is_directory(file)) {
      return NotFound(v1::ERROR_REASON_INVALID_FIELD,
                      absl::StrCat("cannot read the file ", file.string()),
                      {{"file", file.string()}});
    }
    absl::Status status = Collector(file.string(), input, models).Run();
    if (!status.ok()) {
      AddMetadata(status, "file", file.string());
      return status;
    }
  }
  return models;
}

}  // namespace twingraph::graphfile

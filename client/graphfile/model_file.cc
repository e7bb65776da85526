#include "client/graphfile/model_file.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "client/graphfile/input_file.h"
#include "client/graphfile/scanner.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::graphfile {
namespace {

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

}  // namespace

absl::StatusOr<std::vector<ModelDocument>> ReadModels(const std::string& path) {
  ASSIGN_OR_RETURN(const std::vector<std::filesystem::path> files,
                   ModelFilesAt(path));
  std::vector<ModelDocument> models;
  for (const std::filesystem::path& file : files) {
    std::ifstream input;
    RETURN_IF_ERROR(OpenInput(file, input));
    absl::Status status = Collector(file.string(), input, models).Run();
    if (!status.ok()) {
      AddMetadata(status, "file", file.string());
      return status;
    }
  }
  return models;
}

}  // namespace twingraph::graphfile

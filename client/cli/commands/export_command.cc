// `twingraph export`.
// Covered by tests/e2e/cli_test.cc.

#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "client/cli/commands/commands.h"
#include "client/cli/commands/read_at.h"
#include "client/cli/output/count.h"
#include "client/cli/output/json.h"
#include "client/cli/output/output_file.h"
#include "client/graphfile/format.h"
#include "client/model_client.h"
#include "client/pages.h"
#include "client/query_client.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::cli {
namespace {

using graphfile::Section;

// Writes one revision of the graph as a file of lines.
class Exporter {
 public:
  Exporter(Session& session, std::ostream& file)
      : session_(session), file_(file) {}

  // Writes the state that `read` names.
  absl::Status Run(const v1::ReadOptions& read) {
    file_ << graphfile::FormatHeader();
    RETURN_IF_ERROR(WriteModels(read));
    RETURN_IF_ERROR(
        WriteDocuments(Section::kTwins, "SELECT * FROM DIGITALTWINS"));
    return WriteDocuments(Section::kRelationships,
                          "SELECT * FROM RELATIONSHIPS");
  }

  void PrintSummary() {
    session_.err() << Count(models_, "model") << ", " << Count(twins_, "twin")
                   << ", " << Count(relationships_, "relationship")
                   << " written; " << Count(skipped_, "twin")
                   << " without model left out\n";
  }

 private:
  absl::Status WriteModels(const v1::ReadOptions& read) {
    file_ << graphfile::FormatSection(Section::kModels);
    const client::ModelClient models(session_.connection());
    v1::ListModelsRequest request;
    request.set_view(v1::MODEL_VIEW_TEXT);
    *request.mutable_read() = read;
    return client::ForEachPage(
        std::move(request),
        [&](const v1::ListModelsRequest& page) {
          return models.ListModels(page);
        },
        [&](const v1::ListModelsResponse& page) {
          revision_ = page.revision();
          for (const v1::Model& model : page.models()) {
            ++models_;
            WriteOnOneLine(model.definition_json());
          }
          return true;
        });
  }

  // A line break within JSON text can only be white space.
  void WriteOnOneLine(std::string json) {
    for (char& byte : json) {
      if (byte == '\n' || byte == '\r') {
        byte = ' ';
      }
    }
    file_ << json << '\n';
  }

  // Twins and relationships are read in their JSON form, which keeps apart what
  // is a component, at the revision of the models.
  absl::Status WriteDocuments(Section section, const char* query) {
    file_ << graphfile::FormatSection(section);
    v1::QueryRequest request;
    request.set_query(query);
    request.mutable_read()->set_exactly_at(revision_);
    const client::QueryClient queries(session_.connection());
    const auto rows = queries.Query(std::move(request));
    for (const v1::QueryRow& row : *rows) {
      const std::string json = ValueToJson(row.values(0));
      RETURN_IF_ERROR(section == Section::kTwins ? WriteTwin(json)
                                                 : WriteRelationship(json));
    }
    return rows->status();
  }

  absl::Status WriteTwin(const std::string& json) {
    const absl::StatusOr<graphfile::TwinRow> twin = graphfile::ParseTwin(json);
    if (!twin.ok()) {
      // The proxy of a device that follows no model: its hub makes it again.
      ++skipped_;
      return absl::OkStatus();
    }
    ++twins_;
    file_ << graphfile::FormatTwin(*twin) << '\n';
    return absl::OkStatus();
  }

  absl::Status WriteRelationship(const std::string& json) {
    ASSIGN_OR_RETURN(const graphfile::RelationshipRow relationship,
                     graphfile::ParseRelationship(json));
    ++relationships_;
    file_ << graphfile::FormatRelationship(relationship) << '\n';
    return absl::OkStatus();
  }

  Session& session_;
  std::ostream& file_;
  std::string revision_;
  int64_t models_ = 0;
  int64_t twins_ = 0;
  int64_t relationships_ = 0;
  int64_t skipped_ = 0;
};

struct ExportArguments {
  std::string path;
  v1::ReadOptions read;
};

absl::Status Export(const ExportArguments& arguments, Session& session) {
  std::unique_ptr<OutputFile> file;
  if (arguments.path != "-") {
    ASSIGN_OR_RETURN(file, OutputFile::Open(arguments.path));
  }
  Exporter exporter(session, file == nullptr ? session.out() : file->stream());
  RETURN_IF_ERROR(exporter.Run(arguments.read));
  if (file != nullptr) {
    RETURN_IF_ERROR(file->Commit());
  } else if (!session.out().flush()) {
    return absl::OkStatus();  // The tool says so of all commands.
  }
  exporter.PrintSummary();
  return absl::OkStatus();
}

}  // namespace

void AddExportCommand(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "export", "write the graph to a file that import reads");
  auto arguments = std::make_shared<ExportArguments>();
  command
      ->add_option("FILE", arguments->path,
                   "file to write; one that exists is replaced when all is "
                   "written; - for standard output")
      ->required();
  AddAtOption(*command, arguments->read);
  command->callback([arguments, &session] {
    session.command = [arguments, &session] {
      return Export(*arguments, session);
    };
  });
}

}  // namespace twingraph::cli

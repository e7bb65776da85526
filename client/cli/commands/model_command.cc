// `twingraph model`.
// Covered by tests/e2e/cli_test.cc.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "client/cli/commands/commands.h"
#include "client/cli/output/json.h"
#include "client/cli/output/table.h"
#include "client/graphfile/model_file.h"
#include "client/model_client.h"
#include "client/pages.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

struct UploadArguments {
  std::vector<std::string> paths;
  bool is_dry_run = false;
};

std::string NameOf(const v1::Model& model) {
  const auto& names = model.display_name();
  const auto english = names.find("en");
  if (english != names.end()) {
    return english->second;
  }
  return names.empty() ? "" : names.begin()->second;
}

// "error FILE:LINE: sentence", where the line counts from the top of the file.
std::string FormatDiagnostic(
    const v1::ModelDiagnostic& diagnostic,
    const std::vector<graphfile::ModelDocument>& documents) {
  const bool is_error =
      diagnostic.severity() == v1::ModelDiagnostic::SEVERITY_ERROR;
  const size_t index = static_cast<size_t>(diagnostic.document_index());
  std::string place;
  if (index < documents.size()) {
    const int line = documents[index].line + std::max(diagnostic.line(), 1) - 1;
    place = absl::StrCat(documents[index].file, ":", line, ": ");
  }
  return absl::StrCat(is_error ? "error " : "warning ", place,
                      diagnostic.model_id(), " ", diagnostic.path(), ": ",
                      diagnostic.message(), " [", diagnostic.rule(), "]\n");
}

absl::Status Upload(const UploadArguments& arguments, Session& session) {
  std::vector<graphfile::ModelDocument> documents;
  for (const std::string& path : arguments.paths) {
    ASSIGN_OR_RETURN(auto found, graphfile::ReadModels(path));
    std::ranges::move(found, std::back_inserter(documents));
  }
  v1::UploadModelsRequest request;
  for (const graphfile::ModelDocument& document : documents) {
    request.add_documents(document.text);
  }
  request.set_validate_only(arguments.is_dry_run);
  const client::ModelClient models(session.connection());
  ASSIGN_OR_RETURN(const v1::UploadModelsResponse response,
                   models.UploadModels(std::move(request)));
  for (const v1::ModelDiagnostic& diagnostic : response.diagnostics()) {
    session.err() << FormatDiagnostic(diagnostic, documents);
  }
  if (session.is_json) {
    session.out() << MessageToJson(response) << '\n';
  } else if (arguments.is_dry_run) {
    session.out() << documents.size() << " models checked, "
                  << response.diagnostics_size() << " remarks\n";
  } else {
    session.out() << response.models_size() << " models stored\n";
  }
  return absl::OkStatus();
}

absl::Status List(Session& session) {
  const client::ModelClient models(session.connection());
  std::unique_ptr<Table> table;
  if (!session.is_json) {
    table = std::make_unique<Table>(session.out(),
                                    std::vector<std::string>{"MODEL", "NAME"});
  }
  return client::ForEachPage(
      v1::ListModelsRequest(),
      [&](const v1::ListModelsRequest& page) {
        return models.ListModels(page);
      },
      [&](const v1::ListModelsResponse& page) {
        for (const v1::Model& model : page.models()) {
          if (table != nullptr) {
            table->AddRow({model.id(), NameOf(model)});
          } else {
            session.out() << MessageToJson(model) << '\n';
          }
        }
        return true;
      });
}

absl::Status Get(const std::string& id, Session& session) {
  v1::GetModelRequest request;
  request.set_id(id);
  request.set_view(v1::MODEL_VIEW_TEXT);
  const client::ModelClient models(session.connection());
  ASSIGN_OR_RETURN(const v1::GetModelResponse response,
                   models.GetModel(std::move(request)));
  session.out() << response.model().definition_json() << '\n';
  return absl::OkStatus();
}

absl::Status Delete(const std::string& id, Session& session) {
  v1::DeleteModelRequest request;
  request.set_id(id);
  const client::ModelClient models(session.connection());
  return models.DeleteModel(std::move(request)).status();
}

}  // namespace

void AddModelCommand(CLI::App& app, Session& session) {
  CLI::App* model = app.add_subcommand("model", "models: what twins can be");
  model->require_subcommand(1);

  CLI::App* upload = model->add_subcommand(
      "upload", "store the DTDL interfaces of files: all or none");
  auto arguments = std::make_shared<UploadArguments>();
  upload
      ->add_option("FILES", arguments->paths,
                   "files (*.json, *.jsonl) or folders of them")
      ->required();
  upload->add_flag("--dry-run", arguments->is_dry_run,
                   "check everything, store nothing");
  upload->callback([arguments, &session] {
    session.command = [arguments, &session] {
      return Upload(*arguments, session);
    };
  });

  CLI::App* list = model->add_subcommand("list", "list all models");
  list->callback(
      [&session] { session.command = [&session] { return List(session); }; });

  auto id = std::make_shared<std::string>();
  CLI::App* get = model->add_subcommand("get", "print a model as uploaded");
  get->add_option("ID", *id, "id of the model")->required();
  get->callback([id, &session] {
    session.command = [id, &session] { return Get(*id, session); };
  });
  CLI::App* remove =
      model->add_subcommand("delete", "delete a model that nothing uses");
  remove->add_option("ID", *id, "id of the model")->required();
  remove->callback([id, &session] {
    session.command = [id, &session] { return Delete(*id, session); };
  });
}

}  // namespace twingraph::cli

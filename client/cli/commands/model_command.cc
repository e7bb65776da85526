// `twingraph model`.
// Covered by tests/e2e/cli_test.cc.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "client/cli/commands/commands.h"
#include "client/cli/commands/read_at.h"
#include "client/cli/output/count.h"
#include "client/cli/output/effective_model.h"
#include "client/cli/output/json.h"
#include "client/cli/output/table.h"
#include "client/graphfile/model_file.h"
#include "client/model_client.h"
#include "client/pages.h"
#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

struct UploadArguments {
  std::vector<std::string> paths;
  bool is_dry_run = false;
};

struct ListArguments {
  std::vector<std::string> ids;
  bool has_dependencies = false;
  bool is_active = false;
  bool is_decommissioned = false;
  v1::ReadOptions read;
};

// Of the commands that take one model.
struct ModelArguments {
  std::string id;
  std::string etag;
  bool has_base_contents = false;
  v1::ReadOptions read;
};

absl::string_view StateName(const v1::Model& model) {
  return model.state() == v1::MODEL_STATE_DECOMMISSIONED ? "decommissioned"
                                                         : "active";
}

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

// Names the place in the caller's files of the first problem, if the error has
// one.
absl::Status WithFile(absl::Status error,
                      const std::vector<graphfile::ModelDocument>& documents) {
  size_t index = 0;
  int line = 0;
  if (absl::SimpleAtoi(MetadataOf(error, "document"), &index) &&
      absl::SimpleAtoi(MetadataOf(error, "line"), &line) &&
      index < documents.size()) {
    AddMetadata(error, "file",
                absl::StrCat(documents[index].file, ":",
                             documents[index].line + std::max(line, 1) - 1));
  }
  return error;
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
  const absl::StatusOr<v1::UploadModelsResponse> uploaded =
      models.UploadModels(std::move(request));
  if (!uploaded.ok()) {
    return WithFile(uploaded.status(), documents);
  }
  const v1::UploadModelsResponse& response = *uploaded;
  for (const v1::ModelDiagnostic& diagnostic : response.diagnostics()) {
    session.err() << FormatDiagnostic(diagnostic, documents);
  }
  if (session.is_json) {
    session.out() << MessageToJson(response) << '\n';
  } else if (arguments.is_dry_run) {
    session.out() << Count(documents.size(), "model") << " checked, "
                  << Count(response.diagnostic_count(), "remark") << "\n";
  } else {
    session.out() << Count(response.models_size(), "model") << " stored\n";
  }
  const auto errors = std::ranges::count(response.diagnostics(),
                                         v1::ModelDiagnostic::SEVERITY_ERROR,
                                         &v1::ModelDiagnostic::severity);
  if (errors == 0) {
    return absl::OkStatus();
  }
  return InvalidArgument(v1::ERROR_REASON_INVALID_MODEL,
                         "the models cannot be stored");
}

absl::Status List(const ListArguments& arguments, Session& session) {
  const client::ModelClient models(session.connection());
  std::unique_ptr<Table> table;
  if (!session.is_json) {
    table = std::make_unique<Table>(
        session.out(), std::vector<std::string>{"MODEL", "STATE", "NAME"});
  }
  v1::ListModelsRequest request;
  request.mutable_ids()->Assign(arguments.ids.begin(), arguments.ids.end());
  request.set_include_dependencies(arguments.has_dependencies);
  *request.mutable_read() = arguments.read;
  if (arguments.is_active || arguments.is_decommissioned) {
    request.set_state(arguments.is_active ? v1::MODEL_STATE_ACTIVE
                                          : v1::MODEL_STATE_DECOMMISSIONED);
  }
  absl::Status listed = client::ForEachPage(
      std::move(request),
      [&](const v1::ListModelsRequest& page) {
        return models.ListModels(page);
      },
      [&](const v1::ListModelsResponse& page) {
        for (const v1::Model& model : page.models()) {
          if (table != nullptr) {
            table->AddRow(
                {model.id(), std::string(StateName(model)), NameOf(model)});
          } else {
            session.out() << MessageToJson(model) << '\n';
          }
        }
        return true;
      });
  return EndList(table.get(), std::move(listed));
}

absl::Status Get(const ModelArguments& arguments, Session& session) {
  v1::GetModelRequest request;
  request.set_id(arguments.id);
  request.set_view(v1::MODEL_VIEW_TEXT);
  request.set_include_base_contents(arguments.has_base_contents);
  *request.mutable_read() = arguments.read;
  const client::ModelClient models(session.connection());
  ASSIGN_OR_RETURN(const v1::GetModelResponse response,
                   models.GetModel(std::move(request)));
  session.out() << response.model().definition_json() << '\n';
  return absl::OkStatus();
}

absl::Status Show(const ModelArguments& arguments, Session& session) {
  v1::GetEffectiveModelRequest request;
  request.set_id(arguments.id);
  *request.mutable_read() = arguments.read;
  const client::ModelClient models(session.connection());
  ASSIGN_OR_RETURN(const v1::GetEffectiveModelResponse response,
                   models.GetEffectiveModel(std::move(request)));
  if (session.is_json) {
    session.out() << MessageToJson(response.model()) << '\n';
  } else {
    PrintEffectiveModel(response.model(), session.out());
  }
  return absl::OkStatus();
}

// Prints what a change of state made of a model.
template <typename Response>
absl::Status PrintState(const absl::StatusOr<Response>& response,
                        Session& session) {
  RETURN_IF_ERROR(response.status());
  if (session.is_json) {
    session.out() << MessageToJson(response->model()) << '\n';
  } else {
    session.out() << response->model().id() << " is "
                  << ToStd(StateName(response->model())) << '\n';
  }
  return absl::OkStatus();
}

template <typename Request>
Request RequestOf(const ModelArguments& arguments) {
  Request request;
  request.set_id(arguments.id);
  request.set_etag(arguments.etag);
  return request;
}

absl::Status Decommission(const ModelArguments& arguments, Session& session) {
  const client::ModelClient models(session.connection());
  return PrintState(models.DecommissionModel(
                        RequestOf<v1::DecommissionModelRequest>(arguments)),
                    session);
}

absl::Status Reactivate(const ModelArguments& arguments, Session& session) {
  const client::ModelClient models(session.connection());
  return PrintState(
      models.ReactivateModel(RequestOf<v1::ReactivateModelRequest>(arguments)),
      session);
}

absl::Status Delete(const ModelArguments& arguments, Session& session) {
  const client::ModelClient models(session.connection());
  return models.DeleteModel(RequestOf<v1::DeleteModelRequest>(arguments))
      .status();
}

void AddUpload(CLI::App& model, Session& session) {
  CLI::App* upload = model.add_subcommand(
      "upload", "store the DTDL interfaces of files: all or none");
  auto arguments = std::make_shared<UploadArguments>();
  upload
      ->add_option("FILES", arguments->paths,
                   "files (*.json, *.jsonl) or folders of them")
      ->required();
  upload->add_flag("--dry-run", arguments->is_dry_run,
                   "check everything against the stored models, store nothing; "
                   "prints all problems");
  upload->callback([arguments, &session] {
    session.command = [arguments, &session] {
      return Upload(*arguments, session);
    };
  });
}

void AddList(CLI::App& model, Session& session) {
  CLI::App* list =
      model.add_subcommand("list", "list models: all, or those named");
  auto arguments = std::make_shared<ListArguments>();
  list->add_option("IDS", arguments->ids, "only these models");
  list->add_flag("--dependencies", arguments->has_dependencies,
                 "with IDS: also what they extend or hold as components");
  auto* active = list->add_flag("--active", arguments->is_active,
                                "only models that take new twins");
  list->add_flag("--decommissioned", arguments->is_decommissioned,
                 "only models that take no new twins")
      ->excludes(active);
  AddAtOption(*list, arguments->read);
  list->callback([arguments, &session] {
    session.command = [arguments, &session] {
      return List(*arguments, session);
    };
  });
}

using ModelCommand = absl::Status (*)(const ModelArguments&, Session&);

// Adds a command that takes one model; gives its arguments for further options.
std::shared_ptr<ModelArguments> AddOne(CLI::App& model, const char* name,
                                       const char* description,
                                       ModelCommand run, Session& session) {
  CLI::App* command = model.add_subcommand(name, description);
  auto arguments = std::make_shared<ModelArguments>();
  command->add_option("ID", arguments->id, "id of the model")->required();
  command->callback([arguments, run, &session] {
    session.command = [arguments, run, &session] {
      return run(*arguments, session);
    };
  });
  return arguments;
}

// AddOne for a command that changes the model.
void AddChange(CLI::App& model, const char* name, const char* description,
               ModelCommand run, Session& session) {
  const auto arguments = AddOne(model, name, description, run, session);
  model.get_subcommand(name)->add_option("--etag", arguments->etag,
                                         "only if the model has this etag now");
}

}  // namespace

void AddModelCommand(CLI::App& app, Session& session) {
  CLI::App* model = app.add_subcommand("model", "models: what twins can be");
  model->require_subcommand(1);
  AddUpload(*model, session);
  AddList(*model, session);
  const auto get =
      AddOne(*model, "get", "print a model as uploaded", Get, session);
  model->get_subcommand("get")->add_flag(
      "--base-contents", get->has_base_contents,
      "with what it inherits, as a document that stands alone");
  AddAtOption(*model->get_subcommand("get"), get->read);
  const auto show =
      AddOne(*model, "show",
             "print what a twin of a model holds, and which model says so",
             Show, session);
  AddAtOption(*model->get_subcommand("show"), show->read);
  AddChange(*model, "decommission",
            "take no new twins of a model; those there are stay", Decommission,
            session);
  AddChange(*model, "reactivate", "take new twins of a model again", Reactivate,
            session);
  AddChange(*model, "delete", "delete a model that nothing uses", Delete,
            session);
}

}  // namespace twingraph::cli

// `twingraph twin`.
// Covered by tests/e2e/cli_test.cc.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "client/cli/commands/assignment.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/read_at.h"
#include "client/cli/output/json.h"
#include "client/cli/output/table.h"
#include "client/cli/struct_value.h"
#include "client/pages.h"
#include "client/twin_client.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

struct TwinArguments {
  std::string id;
  std::string model;
  std::string contents;
  std::vector<std::string> set;
  std::vector<std::string> remove;
  std::string etag;
  bool is_full = false;
  int limit = 0;
  v1::ReadOptions read;
};

void Print(const v1::Twin& twin, Session& session) {
  if (session.is_json) {
    session.out() << MessageToJson(twin) << '\n';
    return;
  }
  session.out() << "twin   " << twin.id() << "\nmodel  " << twin.model_id()
                << "\netag   " << twin.etag() << '\n';
  if (twin.has_device()) {
    session.out() << "device " << MessageToJson(twin.device()) << '\n';
  }
  for (const auto& [name, metadata] : twin.property_metadata()) {
    session.out() << "meta   " << name << ' ' << MessageToJson(metadata)
                  << '\n';
  }
  Table table(session.out(), {"PROPERTY", "VALUE"});
  const Value contents = FromProto(twin.contents());
  for (const auto& [name, value] : contents.as_map()) {
    table.AddRow({name, ValueToCell(twin.contents().fields().at(name))});
  }
}

absl::Status Create(const TwinArguments& arguments, Session& session) {
  v1::CreateTwinRequest request;
  request.mutable_twin()->set_id(arguments.id);
  request.mutable_twin()->set_model_id(arguments.model);
  ASSIGN_OR_RETURN(*request.mutable_twin()->mutable_contents(),
                   ParseContent(arguments.contents, arguments.set));
  const client::TwinClient twins(session.connection());
  ASSIGN_OR_RETURN(const v1::CreateTwinResponse response,
                   twins.CreateTwin(std::move(request)));
  Print(response.twin(), session);
  return absl::OkStatus();
}

absl::Status Get(const TwinArguments& arguments, Session& session) {
  v1::GetTwinRequest request;
  request.set_id(arguments.id);
  request.set_view(arguments.is_full ? v1::TWIN_VIEW_FULL
                                     : v1::TWIN_VIEW_BASIC);
  *request.mutable_read() = arguments.read;
  const client::TwinClient twins(session.connection());
  ASSIGN_OR_RETURN(const v1::GetTwinResponse response,
                   twins.GetTwin(std::move(request)));
  Print(response.twin(), session);
  return absl::OkStatus();
}

// A property may be named without the slash that its path begins with.
std::string PathOf(const std::string& name) {
  return absl::StartsWith(name, "/") ? name : absl::StrCat("/", name);
}

absl::Status Patch(const TwinArguments& arguments, Session& session) {
  if (arguments.set.empty() && arguments.remove.empty()) {
    return InvalidArgument(v1::ERROR_REASON_INVALID_FIELD,
                           "nothing to change: name --set or --remove");
  }
  v1::PatchTwinRequest request;
  request.set_id(arguments.id);
  request.set_etag(arguments.etag);
  for (const std::string& text : arguments.set) {
    ASSIGN_OR_RETURN(const auto assignment, ParseAssignment(text));
    v1::PatchOperation& operation = *request.add_operations();
    operation.set_op(v1::PatchOperation::OP_ADD);
    operation.set_path(PathOf(assignment.first));
    *operation.mutable_value() = ToProto(assignment.second);
  }
  for (const std::string& name : arguments.remove) {
    v1::PatchOperation& operation = *request.add_operations();
    operation.set_op(v1::PatchOperation::OP_REMOVE);
    operation.set_path(PathOf(name));
  }
  const client::TwinClient twins(session.connection());
  ASSIGN_OR_RETURN(const v1::PatchTwinResponse response,
                   twins.PatchTwin(std::move(request)));
  if (session.is_json) {
    session.out() << MessageToJson(response) << '\n';
  } else {
    session.out() << "etag   " << response.etag() << '\n';
  }
  return absl::OkStatus();
}

absl::Status Delete(const TwinArguments& arguments, Session& session) {
  v1::DeleteTwinRequest request;
  request.set_id(arguments.id);
  request.set_etag(arguments.etag);
  const client::TwinClient twins(session.connection());
  return twins.DeleteTwin(std::move(request)).status();
}

absl::Status List(const TwinArguments& arguments, Session& session) {
  const client::TwinClient twins(session.connection());
  std::unique_ptr<Table> table;
  if (!session.is_json) {
    table = std::make_unique<Table>(
        session.out(), std::vector<std::string>{"TWIN", "MODEL", "CONTENTS"});
  }
  int left = arguments.limit;
  const bool is_limited = left > 0;
  v1::ListTwinsRequest request;
  *request.mutable_read() = arguments.read;
  if (is_limited) {
    request.set_page_size(left);
  }
  absl::Status listed = client::ForEachPage(
      std::move(request),
      [&](const v1::ListTwinsRequest& page) { return twins.ListTwins(page); },
      [&](const v1::ListTwinsResponse& page) {
        for (const v1::Twin& twin : page.twins()) {
          if (is_limited && left-- == 0) {
            return false;
          }
          if (table != nullptr) {
            table->AddRow(
                {twin.id(), twin.model_id(), StructToJson(twin.contents())});
          } else {
            session.out() << MessageToJson(twin) << '\n';
          }
        }
        return !is_limited || left > 0;
      });
  return EndList(table.get(), std::move(listed));
}

using Run = absl::Status (*)(const TwinArguments&, Session&);

// Adds a sub-command that runs `run` with its own arguments.
CLI::App* Add(CLI::App* twin, const char* name, const char* what, Run run,
              const std::shared_ptr<TwinArguments>& arguments,
              Session& session) {
  CLI::App* command = twin->add_subcommand(name, what);
  command->callback([run, arguments, &session] {
    session.command = [run, arguments, &session] {
      return run(*arguments, session);
    };
  });
  return command;
}

}  // namespace

void AddTwinCommand(CLI::App& app, Session& session) {
  CLI::App* twin = app.add_subcommand("twin", "twins: things and their state");
  twin->require_subcommand(1);
  auto arguments = std::make_shared<TwinArguments>();

  CLI::App* create =
      Add(twin, "create", "make a twin", &Create, arguments, session);
  create->add_option("ID", arguments->id, "id of the new twin")->required();
  create->add_option("--model,-m", arguments->model, "id of its model")
      ->required();
  create->add_option("--contents", arguments->contents,
                     "its properties and components, a JSON object");
  create->add_option("--set,-s", arguments->set,
                     "NAME=VALUE of one property; VALUE is JSON or text");

  CLI::App* get = Add(twin, "get", "print a twin", &Get, arguments, session);
  get->add_option("ID", arguments->id, "id of the twin")->required();
  get->add_flag("--full", arguments->is_full,
                "also when each property was written");
  AddAtOption(*get, arguments->read);

  CLI::App* patch =
      Add(twin, "patch", "change values of a twin", &Patch, arguments, session);
  patch->add_option("ID", arguments->id, "id of the twin")->required();
  patch->add_option("--set,-s", arguments->set,
                    "PATH=VALUE: property, or JSON pointer such as /a/b");
  patch->add_option("--remove,-r", arguments->remove,
                    "path of a value to take away");
  patch->add_option("--etag", arguments->etag, "etag it must have now");

  CLI::App* remove = Add(twin, "delete", "delete a twin without relationships",
                         &Delete, arguments, session);
  remove->add_option("ID", arguments->id, "id of the twin")->required();
  remove->add_option("--etag", arguments->etag, "etag it must have now");

  CLI::App* list = Add(twin, "list", "list twins", &List, arguments, session);
  list->add_option("--limit,-n", arguments->limit,
                   "at most so many; default: all")
      ->check([](const std::string& text) {
        int limit = 0;
        return absl::SimpleAtoi(text, &limit) && limit > 0
                   ? std::string()
                   : "\"" + text + "\" is no number above 0";
      });
  AddAtOption(*list, arguments->read);
}

}  // namespace twingraph::cli

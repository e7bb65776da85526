// `twingraph hub`.
// Covered by tests/e2e/cli_test.cc.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "client/cli/commands/commands.h"
#include "client/cli/commands/read_at.h"
#include "client/cli/output/json.h"
#include "client/cli/output/table.h"
#include "client/hub_client.h"
#include "client/pages.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

struct HubArguments {
  v1::Hub hub;
  bool is_remove = false;
  v1::ReadOptions read;
};

absl::Status Attach(const HubArguments& arguments, Session& session) {
  v1::AttachHubRequest request;
  *request.mutable_hub() = arguments.hub;
  const client::HubClient hubs(session.connection());
  ASSIGN_OR_RETURN(const v1::AttachHubResponse response,
                   hubs.AttachHub(std::move(request)));
  if (session.is_json) {
    session.out() << MessageToJson(response.hub()) << '\n';
  } else {
    session.out() << "attached " << response.hub().id()
                  << "; twin ids: " << response.hub().twin_id_template()
                  << '\n';
  }
  return absl::OkStatus();
}

absl::Status List(const HubArguments& arguments, Session& session) {
  const client::HubClient hubs(session.connection());
  std::unique_ptr<Table> table;
  if (!session.is_json) {
    table = std::make_unique<Table>(
        session.out(),
        std::vector<std::string>{"HUB", "KIND", "DEVICES", "CONNECTOR"});
  }
  v1::ListHubsRequest request;
  *request.mutable_read() = arguments.read;
  absl::Status listed = client::ForEachPage(
      std::move(request),
      [&](const v1::ListHubsRequest& page) { return hubs.ListHubs(page); },
      [&](const v1::ListHubsResponse& page) {
        for (const v1::Hub& hub : page.hubs()) {
          if (table != nullptr) {
            table->AddRow({hub.id(), hub.kind(),
                           absl::StrCat(hub.device_count()),
                           hub.has_connector() ? hub.connector().name() : "-"});
          } else {
            session.out() << MessageToJson(hub) << '\n';
          }
        }
        return true;
      });
  return EndList(table.get(), std::move(listed));
}

// "STATE_ONLINE" -> "online".
std::string Shorten(const std::string& name) {
  return absl::AsciiStrToLower(absl::StripPrefix(name, "STATE_"));
}

absl::Status ListDevices(const HubArguments& arguments, Session& session) {
  const client::HubClient hubs(session.connection());
  std::unique_ptr<Table> table;
  if (!session.is_json) {
    table = std::make_unique<Table>(
        session.out(), std::vector<std::string>{"DEVICE", "TWIN", "STATE",
                                                "CONNECTION", "MODEL"});
  }
  v1::ListDevicesRequest request;
  request.set_hub_id(arguments.hub.id());
  *request.mutable_read() = arguments.read;
  absl::Status listed = client::ForEachPage(
      std::move(request),
      [&](const v1::ListDevicesRequest& page) {
        return hubs.ListDevices(page);
      },
      [&](const v1::ListDevicesResponse& page) {
        for (const v1::Device& device : page.devices()) {
          const v1::DeviceBinding& binding = device.binding();
          if (table == nullptr) {
            session.out() << MessageToJson(device) << '\n';
            continue;
          }
          table->AddRow(
              {absl::StrJoin(binding.path(), "/"), device.twin_id(),
               Shorten(v1::DeviceBinding::State_Name(binding.state())),
               Shorten(
                   v1::Connection::State_Name(binding.connection().state())),
               binding.model_id()});
        }
        return true;
      });
  return EndList(table.get(), std::move(listed));
}

absl::Status Detach(const HubArguments& arguments, Session& session) {
  v1::DetachHubRequest request;
  request.set_id(arguments.hub.id());
  request.set_mode(arguments.is_remove ? v1::DETACH_MODE_REMOVE
                                       : v1::DETACH_MODE_KEEP);
  const client::HubClient hubs(session.connection());
  return hubs.DetachHub(std::move(request)).status();
}

using Run = absl::Status (*)(const HubArguments&, Session&);

CLI::App* Add(CLI::App* hub, const char* name, const char* what, Run run,
              const std::shared_ptr<HubArguments>& arguments,
              Session& session) {
  CLI::App* command = hub->add_subcommand(name, what);
  command->callback([run, arguments, &session] {
    session.command = [run, arguments, &session] {
      return run(*arguments, session);
    };
  });
  return command;
}

void AddId(CLI::App* command, const std::shared_ptr<HubArguments>& arguments) {
  command->add_option("ID", *arguments->hub.mutable_id(), "id of the hub")
      ->required();
}

}  // namespace

void AddHubCommand(CLI::App& app, Session& session) {
  CLI::App* hub = app.add_subcommand("hub", "hubs: where devices come from");
  hub->require_subcommand(1);
  auto arguments = std::make_shared<HubArguments>();
  arguments->hub.set_kind("grpc");

  CLI::App* attach = Add(hub, "attach", "attach a hub: its devices get twins",
                         &Attach, arguments, session);
  AddId(attach, arguments);
  attach
      ->add_option("--kind", *arguments->hub.mutable_kind(),
                   "how its devices reach the graph")
      ->capture_default_str();
  attach->add_option("--name", *arguments->hub.mutable_display_name(),
                     "a name for people");
  attach->add_option("--template", *arguments->hub.mutable_twin_id_template(),
                     "how twin ids are made; default: {hub}.{path}");
  attach->add_option("--default-model",
                     *arguments->hub.mutable_default_model_id(),
                     "model of devices that announce none");

  AddAtOption(
      *Add(hub, "list", "list attached hubs", &List, arguments, session),
      arguments->read);
  CLI::App* devices = Add(hub, "devices", "list the devices of a hub",
                          &ListDevices, arguments, session);
  AddId(devices, arguments);
  AddAtOption(*devices, arguments->read);

  CLI::App* detach =
      Add(hub, "detach", "detach a hub", &Detach, arguments, session);
  AddId(detach, arguments);
  detach->add_flag("--remove", arguments->is_remove,
                   "delete the twins of its devices; default: they stay");

  AddSimulateCommand(*hub, session);
}

}  // namespace twingraph::cli

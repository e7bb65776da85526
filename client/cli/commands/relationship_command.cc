// `twingraph rel`.
// Covered by tests/e2e/cli_test.cc.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "client/cli/commands/assignment.h"
#include "client/cli/commands/commands.h"
#include "client/cli/commands/read_at.h"
#include "client/cli/output/json.h"
#include "client/cli/output/table.h"
#include "client/pages.h"
#include "client/relationship_client.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

struct RelationshipArguments {
  std::string source;
  std::string name;
  std::string target;
  std::string id;
  std::string etag;
  std::vector<std::string> set;
  bool is_incoming = false;
  v1::ReadOptions read;
};

absl::Status Create(const RelationshipArguments& arguments, Session& session) {
  v1::CreateRelationshipRequest request;
  v1::Relationship& relationship = *request.mutable_relationship();
  relationship.set_source_id(arguments.source);
  relationship.set_name(arguments.name);
  relationship.set_target_id(arguments.target);
  relationship.set_id(arguments.id.empty()
                          ? absl::StrCat(arguments.name, "-", arguments.target)
                          : arguments.id);
  ASSIGN_OR_RETURN(*relationship.mutable_properties(),
                   ParseContent("", arguments.set));
  const client::RelationshipClient relationships(session.connection());
  ASSIGN_OR_RETURN(const v1::CreateRelationshipResponse response,
                   relationships.CreateRelationship(std::move(request)));
  if (session.is_json) {
    session.out() << MessageToJson(response.relationship()) << '\n';
  } else {
    session.out() << response.relationship().id() << '\n';
  }
  return absl::OkStatus();
}

// Prints relationships as they come.
class Printer {
 public:
  explicit Printer(Session& session) : session_(session) {
    if (!session.is_json) {
      table_ = std::make_unique<Table>(
          session.out(), std::vector<std::string>{"SOURCE", "ID", "NAME",
                                                  "TARGET", "PROPERTIES"});
    }
  }

  bool operator()(const auto& page) {
    for (const v1::Relationship& edge : page.relationships()) {
      if (table_ != nullptr) {
        table_->AddRow({edge.source_id(), edge.id(), edge.name(),
                        edge.target_id(), StructToJson(edge.properties())});
      } else {
        session_.out() << MessageToJson(edge) << '\n';
      }
    }
    return true;
  }

  absl::Status End(absl::Status status) {
    return EndList(table_.get(), std::move(status));
  }

 private:
  Session& session_;
  std::unique_ptr<Table> table_;
};

absl::Status List(const RelationshipArguments& arguments, Session& session) {
  const client::RelationshipClient relationships(session.connection());
  Printer print(session);
  if (arguments.is_incoming) {
    v1::ListIncomingRelationshipsRequest request;
    request.set_target_id(arguments.source);
    request.set_name(arguments.name);
    *request.mutable_read() = arguments.read;
    return print.End(client::ForEachPage(
        std::move(request),
        [&](const auto& page) {
          return relationships.ListIncomingRelationships(page);
        },
        std::ref(print)));
  }
  v1::ListRelationshipsRequest request;
  request.set_source_id(arguments.source);
  request.set_name(arguments.name);
  *request.mutable_read() = arguments.read;
  return print.End(client::ForEachPage(
      std::move(request),
      [&](const auto& page) { return relationships.ListRelationships(page); },
      std::ref(print)));
}

absl::Status Delete(const RelationshipArguments& arguments, Session& session) {
  v1::DeleteRelationshipRequest request;
  request.set_source_id(arguments.source);
  request.set_id(arguments.id);
  request.set_etag(arguments.etag);
  const client::RelationshipClient relationships(session.connection());
  return relationships.DeleteRelationship(std::move(request)).status();
}

using Run = absl::Status (*)(const RelationshipArguments&, Session&);

CLI::App* Add(CLI::App* rel, const char* name, const char* what, Run run,
              const std::shared_ptr<RelationshipArguments>& arguments,
              Session& session) {
  CLI::App* command = rel->add_subcommand(name, what);
  command->callback([run, arguments, &session] {
    session.command = [run, arguments, &session] {
      return run(*arguments, session);
    };
  });
  return command;
}

}  // namespace

void AddRelationshipCommand(CLI::App& app, Session& session) {
  CLI::App* rel = app.add_subcommand("rel", "relationships between twins");
  rel->require_subcommand(1);
  auto arguments = std::make_shared<RelationshipArguments>();

  CLI::App* create =
      Add(rel, "create", "join two twins", &Create, arguments, session);
  create->add_option("SOURCE", arguments->source, "twin where it begins")
      ->required();
  create->add_option("NAME", arguments->name, "its name in the model")
      ->required();
  create->add_option("TARGET", arguments->target, "twin where it ends")
      ->required();
  create->add_option("--id", arguments->id, "its id; default: NAME-TARGET");
  create->add_option("--set,-s", arguments->set,
                     "NAME=VALUE of one property; VALUE is JSON or text");

  CLI::App* list =
      Add(rel, "list", "relationships of a twin", &List, arguments, session);
  list->add_option("TWIN", arguments->source, "id of the twin")->required();
  list->add_flag("--in", arguments->is_incoming,
                 "those that end at the twin; default: that begin there");
  list->add_option("--name", arguments->name, "only those of this name");
  AddAtOption(*list, arguments->read);

  CLI::App* remove =
      Add(rel, "delete", "delete a relationship", &Delete, arguments, session);
  remove->add_option("SOURCE", arguments->source, "twin where it begins")
      ->required();
  remove->add_option("ID", arguments->id, "its id")->required();
  remove->add_option("--etag", arguments->etag, "etag it must have now");
}

}  // namespace twingraph::cli

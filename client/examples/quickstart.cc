// The smallest program that uses the client library: it stores a model, makes
// two rooms, joins them and asks which are warm. Needs a running server:
//
//   quickstart [HOST:PORT]
//
// Covered by tests/e2e/examples_test.py.

#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"

#include "client/connection.h"
#include "client/model_client.h"
#include "client/query_client.h"
#include "client/relationship_client.h"
#include "client/twin_client.h"

namespace {

namespace client = twingraph::client;
namespace v1 = twingraph::v1;

constexpr char kRoomModel[] = R"({
  "@context": "dtmi:dtdl:context;3",
  "@id": "dtmi:quickstart:Room;1",
  "@type": "Interface",
  "contents": [
    {"@type": "Property", "name": "temperature", "schema": "double"},
    {"@type": "Relationship", "name": "nextTo"}
  ]
})";

absl::Status MakeRoom(const client::TwinClient& twins, const std::string& id,
                      double temperature) {
  v1::ReplaceTwinRequest request;
  request.set_allow_missing(true);
  request.mutable_twin()->set_id(id);
  request.mutable_twin()->set_model_id("dtmi:quickstart:Room;1");
  auto& contents = *request.mutable_twin()->mutable_contents();
  (*contents.mutable_fields())["temperature"].set_number_value(temperature);
  return twins.ReplaceTwin(request).status();
}

absl::Status Run(const client::Connection& connection) {
  v1::UploadModelsRequest models;
  models.add_documents(kRoomModel);
  absl::Status status =
      client::ModelClient(connection).UploadModels(models).status();
  const client::TwinClient twins(connection);
  status.Update(MakeRoom(twins, "kitchen", 27.5));
  status.Update(MakeRoom(twins, "cellar", 12));

  v1::CreateRelationshipRequest door;
  door.mutable_relationship()->set_source_id("kitchen");
  door.mutable_relationship()->set_id("stairs");
  door.mutable_relationship()->set_name("nextTo");
  door.mutable_relationship()->set_target_id("cellar");
  const auto made =
      client::RelationshipClient(connection).CreateRelationship(door);
  if (!absl::IsAlreadyExists(made.status())) {
    status.Update(made.status());
  }

  v1::QueryRequest query;
  query.set_query(
      "SELECT room.$dtId, room.temperature FROM DIGITALTWINS room "
      "WHERE room.temperature > 25");
  const auto rows = client::QueryClient(connection).Query(query);
  for (const v1::QueryRow& row : *rows) {
    std::cout << row.values(0).string_value() << " has "
              << row.values(1).number_value() << " degrees\n";
  }
  status.Update(rows->status());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  client::Options options;
  if (argc > 1) {
    options.endpoint = argv[1];
  }
  const absl::Status status = Run(client::Connection(options));
  if (!status.ok()) {
    std::cerr << status << '\n';
  }
  return status.ok() ? 0 : 1;
}

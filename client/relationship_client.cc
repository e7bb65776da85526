// Covered by tests/e2e/cli_test.cc.

#include "client/relationship_client.h"

#include <utility>

#include "client/call.h"
#include "twingraph/v1/twin.grpc.pb.h"

namespace twingraph::client {

using Grpc = v1::TwinService;

struct RelationshipClient::Stub {
  std::unique_ptr<Grpc::Stub> grpc;
};

RelationshipClient::RelationshipClient(const Connection& connection)
    : connection_(connection),
      stub_(new Stub{Grpc::NewStub(connection.channel())}) {}

RelationshipClient::~RelationshipClient() = default;

absl::StatusOr<v1::CreateRelationshipResponse>
RelationshipClient::CreateRelationship(
    v1::CreateRelationshipRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::CreateRelationship,
              std::move(request));
}

absl::StatusOr<v1::GetRelationshipResponse> RelationshipClient::GetRelationship(
    v1::GetRelationshipRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::GetRelationship,
              std::move(request));
}

absl::StatusOr<v1::DeleteRelationshipResponse>
RelationshipClient::DeleteRelationship(
    v1::DeleteRelationshipRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::DeleteRelationship,
              std::move(request));
}

absl::StatusOr<v1::ListRelationshipsResponse>
RelationshipClient::ListRelationships(
    v1::ListRelationshipsRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::ListRelationships,
              std::move(request));
}

absl::StatusOr<v1::ListIncomingRelationshipsResponse>
RelationshipClient::ListIncomingRelationships(
    v1::ListIncomingRelationshipsRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::ListIncomingRelationships,
              std::move(request));
}

}  // namespace twingraph::client

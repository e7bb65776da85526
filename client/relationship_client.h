#pragma once

// Relationships over a connection.
// Each method makes one call, with deadline and retries
// (connection.h), and returns the answer as it came. Errors: see
// twingraph/v1/twin.proto. Safe from any thread.

#include <memory>

#include "absl/status/statusor.h"

#include "client/connection.h"
#include "twingraph/v1/twin.pb.h"

namespace twingraph::client {

class RelationshipClient {
 public:
  // `connection` must outlive the client.
  explicit RelationshipClient(const Connection& connection);
  ~RelationshipClient();
  RelationshipClient(const RelationshipClient&) = delete;
  RelationshipClient& operator=(const RelationshipClient&) = delete;

  absl::StatusOr<v1::CreateRelationshipResponse> CreateRelationship(
      v1::CreateRelationshipRequest request) const;
  absl::StatusOr<v1::GetRelationshipResponse> GetRelationship(
      v1::GetRelationshipRequest request) const;
  absl::StatusOr<v1::DeleteRelationshipResponse> DeleteRelationship(
      v1::DeleteRelationshipRequest request) const;
  absl::StatusOr<v1::ListRelationshipsResponse> ListRelationships(
      v1::ListRelationshipsRequest request) const;
  absl::StatusOr<v1::ListIncomingRelationshipsResponse>
  ListIncomingRelationships(v1::ListIncomingRelationshipsRequest request) const;

 private:
  struct Stub;
  const Connection& connection_;
  const std::unique_ptr<Stub> stub_;
};

}  // namespace twingraph::client

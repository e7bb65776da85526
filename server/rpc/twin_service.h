#pragma once

// TwinService over server/engine: requests to operations, answers to bytes.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/rpc/raw_service.h"
#include "server/rpc/service_parts.h"
#include "twingraph/v1/twin.pb.h"

namespace twingraph::rpc {

// Safe from any thread.
class TwinService final : public RawService {
 public:
  explicit TwinService(const ServiceParts& parts);

 private:
  Task<absl::Status> CreateTwin(Call& call,
                                const v1::CreateTwinRequest& request,
                                std::string& response);
  absl::Status GetTwin(Call& call, const v1::GetTwinRequest& request,
                       std::string& response);
  absl::StatusOr<bool> TryGetTwin(const v1::GetTwinRequest& request,
                                  std::string& response);
  Task<absl::Status> ReplaceTwin(Call& call,
                                 const v1::ReplaceTwinRequest& request,
                                 std::string& response);
  Task<absl::Status> PatchTwin(Call& call, const v1::PatchTwinRequest& request,
                               std::string& response);
  Task<absl::Status> DeleteTwin(Call& call,
                                const v1::DeleteTwinRequest& request,
                                std::string& response);
  absl::Status ListTwins(Call& call, const v1::ListTwinsRequest& request,
                         std::string& response);
  Task<absl::Status> CreateRelationship(
      Call& call, const v1::CreateRelationshipRequest& request,
      std::string& response);
  absl::Status GetRelationship(Call& call,
                               const v1::GetRelationshipRequest& request,
                               std::string& response);
  Task<absl::Status> DeleteRelationship(
      Call& call, const v1::DeleteRelationshipRequest& request,
      std::string& response);
  absl::Status ListRelationships(Call& call,
                                 const v1::ListRelationshipsRequest& request,
                                 std::string& response);
  absl::Status ListIncomingRelationships(
      Call& call, const v1::ListIncomingRelationshipsRequest& request,
      std::string& response);

  const ServiceParts& parts_;
  engine::TwinOps& twins_;
  engine::RelationshipOps& relationships_;
};

}  // namespace twingraph::rpc

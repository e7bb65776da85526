// Covered by tests/e2e/cli_test.cc.

#include "client/query_client.h"

#include <utility>

#include "client/call.h"
#include "twingraph/v1/query.grpc.pb.h"

namespace twingraph::client {

using Grpc = v1::QueryService;

struct QueryClient::Stub {
  std::unique_ptr<Grpc::Stub> grpc;
};

QueryClient::QueryClient(const Connection& connection)
    : connection_(connection),
      stub_(new Stub{Grpc::NewStub(connection.channel())}) {}

QueryClient::~QueryClient() = default;

std::unique_ptr<RowStream> QueryClient::Query(v1::QueryRequest request) const {
  return std::make_unique<RowStream>(connection_, std::move(request));
}

absl::StatusOr<v1::QueryPageResponse> QueryClient::QueryPage(
    v1::QueryPageRequest request) const {
  return Call(connection_, *stub_->grpc, &Grpc::Stub::QueryPage,
              std::move(request));
}

}  // namespace twingraph::client

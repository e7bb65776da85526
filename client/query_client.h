#pragma once

// Queries over a connection. Errors: see twingraph/v1/query.proto. Safe from
// any thread.

#include <memory>

#include "absl/status/statusor.h"

#include "client/connection.h"
#include "client/row_stream.h"
#include "twingraph/v1/query.pb.h"

namespace twingraph::client {

class QueryClient {
 public:
  // `connection` must outlive the client and its streams.
  explicit QueryClient(const Connection& connection);
  ~QueryClient();
  QueryClient(const QueryClient&) = delete;
  QueryClient& operator=(const QueryClient&) = delete;

  // Begins to read all rows.
  std::unique_ptr<RowStream> Query(v1::QueryRequest request) const;

  // One page of rows.
  absl::StatusOr<v1::QueryPageResponse> QueryPage(
      v1::QueryPageRequest request) const;

 private:
  struct Stub;
  const Connection& connection_;
  const std::unique_ptr<Stub> stub_;
};

}  // namespace twingraph::client

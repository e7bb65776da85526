#pragma once

// The rows of a query as a stream of messages, each with as many rows as fit
// into some ten kilobytes or a few milliseconds.

#include <cstddef>
#include <memory>
#include <string>

#include "absl/time/time.h"

#include "server/engine/query_ops.h"
#include "server/rpc/convert/wire_writer.h"
#include "server/rpc/server_stream.h"

namespace twingraph::rpc {

struct QueryStreamOptions {
  // Seals the token of a stream that ends early.
  std::string token_key;
  std::string scope;
  // A stream that is older ends with a token, so that a slow reader does not
  // hold an old state for ever.
  absl::Duration age_limit;
};

class QueryStream final : public MessageSource {
 public:
  QueryStream(std::unique_ptr<engine::QueryExecution> execution,
              QueryStreamOptions options);

  absl::StatusOr<bool> Next(Call& call, std::string& message) override;

 private:
  void WriteHeader(WireWriter& writer);
  void WriteEnd(absl::string_view next_position, WireWriter& writer);
  // Makes sure that a row is there; false at the end.
  absl::StatusOr<bool> Fill(Call& call);

  const QueryStreamOptions options_;
  const absl::Time start_;
  std::unique_ptr<engine::QueryExecution> execution_;
  query::RowBatch batch_;
  size_t next_row_ = 0;
  bool has_header_ = false;
};

}  // namespace twingraph::rpc

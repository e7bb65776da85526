#include "server/rpc/query_stream.h"

#include <utility>

#include "absl/time/clock.h"

#include "server/rpc/convert/call_options.h"
#include "server/rpc/convert/query.h"
#include "storage/base/status_macros.h"
#include "twingraph/v1/query.pb.h"

namespace twingraph::rpc {
namespace {

using Response = v1::QueryResponse;

// A message is sent when it has this size or took this long.
constexpr size_t kMessageBytes = size_t{48} << 10;
constexpr absl::Duration kMessageTime = absl::Milliseconds(5);

}  // namespace

QueryStream::QueryStream(std::unique_ptr<engine::QueryExecution> execution,
                         QueryStreamOptions options)
    : options_(std::move(options)),
      start_(absl::Now()),
      execution_(std::move(execution)) {}

absl::StatusOr<bool> QueryStream::Next(Call& call, std::string& message) {
  const absl::Time start = absl::Now();
  WireWriter writer(message);
  if (!std::exchange(has_header_, true)) {
    WriteHeader(writer);
  }
  while (message.size() < kMessageBytes) {
    ASSIGN_OR_RETURN(const bool has_row, Fill(call));
    if (!has_row) {
      WriteEnd("", writer);
      return false;
    }
    WriteMessage(writer, Response::kRowsFieldNumber,
                 [&] { WriteRow(batch_.row(next_row_), writer); });
    if (++next_row_ < batch_.size()) {
      continue;
    }
    const absl::Time now = absl::Now();
    if (now - start_ > options_.age_limit || call.must_end_stream()) {
      WriteEnd(execution_->Position(), writer);
      return false;
    }
    if (now - start > kMessageTime) {
      break;
    }
  }
  return true;
}

void QueryStream::WriteHeader(WireWriter& writer) {
  for (const std::string& name : execution_->columns()) {
    writer.OneofString(Response::kColumnsFieldNumber, name);
  }
  writer.String(Response::kRevisionFieldNumber, execution_->revision());
}

void QueryStream::WriteEnd(absl::string_view next_position,
                           WireWriter& writer) {
  writer.String(Response::kNextPageTokenFieldNumber,
                PageToken(options_.token_key, options_.scope, next_position,
                          execution_->revision()));
  WriteMessage(writer, Response::kStatsFieldNumber, [&] {
    WriteStats(execution_->stats(), absl::Now() - start_, writer);
  });
}

absl::StatusOr<bool> QueryStream::Fill(Call& call) {
  if (next_row_ < batch_.size()) {
    return true;
  }
  next_row_ = 0;
  RETURN_IF_ERROR(
      execution_->NextBatch(call.context(), query::kMaxBatchRows, batch_));
  return !batch_.empty();
}

}  // namespace twingraph::rpc

#include "server/rpc/call.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include "proto/cc/status.h"
#include "storage/base/bytes.h"
#include "storage/base/id.h"
#include "storage/base/log.h"
#include "storage/base/status.h"

namespace twingraph::rpc {
namespace {

constexpr char kDefaultGraph[] = "default";
constexpr size_t kRequestIdLimit = 128;

absl::string_view MetadataOf(const grpc::CallbackServerContext& transport,
                             absl::string_view key) {
  const auto& metadata = transport.client_metadata();
  const auto found = metadata.find(grpc::string_ref(key.data(), key.size()));
  return found == metadata.end()
             ? absl::string_view()
             : absl::string_view(found->second.data(), found->second.size());
}

// Unique in the process, and by its random part in all processes.
std::string NewRequestId() {
  static const std::string* const process =
      new std::string(ToHex(RandomBytes(6)));
  static std::atomic<uint64_t> next{1};
  return absl::StrCat(*process, "-", absl::Hex(next.fetch_add(1)));
}

std::string RequestIdOf(const grpc::CallbackServerContext& transport) {
  const absl::string_view given = MetadataOf(transport, kRequestIdKey);
  return given.empty() || given.size() > kRequestIdLimit ? NewRequestId()
                                                         : std::string(given);
}

absl::Status CheckMetadata(const grpc::CallbackServerContext& transport) {
  const absl::string_view graph = MetadataOf(transport, kGraphKey);
  if (!graph.empty() && graph != kDefaultGraph) {
    return NotFound(v1::ERROR_REASON_GRAPH_NOT_FOUND,
                    absl::StrCat("there is no graph \"", graph, "\""),
                    {{"graph", graph}});
  }
  if (MetadataOf(transport, kRequestIdKey).size() > kRequestIdLimit) {
    return InvalidField(kRequestIdKey, "longer than 128 characters");
  }
  return absl::OkStatus();
}

absl::Time DeadlineOf(const grpc::CallbackServerContext& transport,
                      absl::Time latest) {
  return std::min(absl::FromChrono(transport.deadline()), latest);
}

google::protobuf::ArenaOptions ArenaIn(char* block, size_t size) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = size;
  return options;
}

}  // namespace

Call::Call(const CallEnvironment& environment, absl::string_view method,
           grpc::CallbackServerContext& transport, absl::Duration time_limit)
    : environment_(environment),
      memory_(environment.memory),
      method_(method),
      start_(absl::Now()),
      admission_(CheckMetadata(transport)),
      context_(DeadlineOf(transport, start_ + time_limit),
               Origin{.actor = principal_.name,
                      .kind = "user",
                      .request_id = RequestIdOf(transport),
                      .trace_parent =
                          std::string(MetadataOf(transport, kTraceParentKey))}),
      arena_(ArenaIn(first_block_, sizeof(first_block_))) {
  transport.AddInitialMetadata(kRequestIdKey, context_.origin().request_id);
}

grpc::Status Call::End(const absl::Status& status) {
  if (environment_.observer != nullptr) {
    environment_.observer->OnCallEnd(method_, status.code(),
                                     absl::Now() - start_);
  }
  if (status.code() != absl::StatusCode::kInternal) {
    return ToGrpcStatus(status);
  }
  const std::string& request_id = context_.origin().request_id;
  LogError("internal_error", {{"method", method_},
                              {"request_id", request_id},
                              {"message", status.message()}});
  absl::Status answer = status;
  AddMetadata(answer, "request_id", request_id);
  return ToGrpcStatus(answer);
}

}  // namespace twingraph::rpc

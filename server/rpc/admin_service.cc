// Covered by tests/server/rpc/services_test.cc.
#include "server/rpc/admin_service.h"

#include <cstddef>
#include <utility>

#include "absl/time/clock.h"

#include "server/rpc/convert/admin.h"
#include "server/rpc/unary.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {
namespace {

// The problems of a report, then its summary.
class ReportSource final : public MessageSource {
 public:
  ReportSource(engine::CheckReport report, absl::Duration elapsed)
      : report_(std::move(report)), elapsed_(elapsed) {}

  absl::StatusOr<bool> Next(Call& /*call*/, std::string& message) override {
    v1::CheckStoreResponse response;
    const bool has_problem = next_ < report_.problems.size();
    if (has_problem) {
      SetProblem(report_.problems[next_++], response);
    } else {
      SetSummary(report_, elapsed_, response);
    }
    response.AppendToString(&message);
    return has_problem;
  }

 private:
  const engine::CheckReport report_;
  const absl::Duration elapsed_;
  size_t next_ = 0;
};

}  // namespace

AdminService::AdminService(const ServiceParts& parts)
    : RawService(*v1::PingRequest::descriptor()->file()->FindServiceByName(
          "AdminService")),
      parts_(parts),
      admin_(parts.engine.admin()) {
  using S = AdminService;
  const CallEnvironment& calls = parts.calls;
  BindUnary(*this, "Ping", calls, /*executor=*/nullptr, &S::Ping);
  BindUnary(*this, "GetStatus", calls, &calls.reads, &S::GetStatus);
  BindServerStream<v1::CheckStoreRequest>(
      *this, "CheckStore", calls, calls.reads,
      [this](Call& call, const v1::CheckStoreRequest& request) {
        return CheckStore(call, request);
      });
}

absl::Status AdminService::Ping(Call& /*call*/,
                                const v1::PingRequest& /*request*/,
                                std::string& /*response*/) {
  return absl::OkStatus();
}

absl::Status AdminService::GetStatus(Call& call,
                                     const v1::GetStatusRequest& /*request*/,
                                     std::string& response) {
  ASSIGN_OR_RETURN(const engine::Status status,
                   admin_.GetStatus(call.context()));
  v1::GetStatusResponse proto;
  SetStatus(status, proto);
  proto.set_server_version(parts_.server_version);
  proto.mutable_start_time()->set_seconds(
      absl::ToUnixSeconds(parts_.start_time));
  proto.set_graph("default");
  proto.set_memory_bytes(ResidentBytes());
  proto.AppendToString(&response);
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<MessageSource>> AdminService::CheckStore(
    Call& call, const v1::CheckStoreRequest& /*request*/) {
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(engine::CheckReport report,
                   admin_.CheckStore(call.context()));
  return std::make_unique<ReportSource>(std::move(report), absl::Now() - start);
}

}  // namespace twingraph::rpc

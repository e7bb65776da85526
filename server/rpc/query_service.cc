// Covered by tests/server/rpc/services_test.cc.
#include "server/rpc/query_service.h"

#include <utility>

#include "absl/time/clock.h"

#include "server/rpc/convert/call_options.h"
#include "server/rpc/convert/query.h"
#include "server/rpc/query_stream.h"
#include "server/rpc/unary.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {

QueryService::QueryService(const ServiceParts& parts)
    : RawService(*v1::QueryRow::descriptor()->file()->FindServiceByName(
          "QueryService")),
      parts_(parts) {
  const CallEnvironment& calls = parts.calls;
  BindServerStream<v1::QueryRequest>(
      *this, "Query", calls, calls.reads,
      [this](Call& call, const v1::QueryRequest& request) {
        return Query(call, request);
      });
  BindUnary(*this, "QueryPage", calls, &calls.reads, &QueryService::QueryPage,
            kPageCosts);
}

absl::StatusOr<std::unique_ptr<MessageSource>> QueryService::Query(
    Call& call, const v1::QueryRequest& request) {
  const std::string& key = parts_.engine.token_key();
  std::string scope = PageScope({"Query", request.query()});
  ASSIGN_OR_RETURN(const PagePlan plan,
                   ToPagePlan(key, scope, parts_.pages, /*page_size=*/0,
                              request.page_token(), request.read()));
  ASSIGN_OR_RETURN(auto execution, parts_.engine.queries().Start(
                                       call.context(), request.query(),
                                       plan.page.position, plan.read));
  return std::make_unique<QueryStream>(
      std::move(execution),
      QueryStreamOptions{.token_key = key,
                         .scope = std::move(scope),
                         .age_limit = parts_.calls.stream_age / 2});
}

absl::Status QueryService::QueryPage(Call& call,
                                     const v1::QueryPageRequest& request,
                                     std::string& response) {
  using Response = v1::QueryPageResponse;
  const absl::Time start = absl::Now();
  const std::string& key = parts_.engine.token_key();
  const std::string scope = PageScope({"QueryPage", request.query()});
  ASSIGN_OR_RETURN(const PagePlan plan,
                   ToPagePlan(key, scope, parts_.pages, request.page_size(),
                              request.page_token(), request.read()));
  ASSIGN_OR_RETURN(const engine::QueryPage page,
                   parts_.engine.queries().Page(call.context(), request.query(),
                                                plan.page, plan.read));
  WireWriter writer(response);
  for (const std::string& name : page.columns) {
    writer.OneofString(Response::kColumnsFieldNumber, name);
  }
  for (size_t i = 0; i < page.rows.size(); ++i) {
    WriteMessage(writer, Response::kRowsFieldNumber,
                 [&] { WriteRow(page.rows.row(i), writer); });
  }
  writer.String(Response::kNextPageTokenFieldNumber,
                PageToken(key, scope, page.next_position, page.revision));
  WriteMessage(writer, Response::kStatsFieldNumber,
               [&] { WriteStats(page.stats, absl::Now() - start, writer); });
  writer.String(Response::kRevisionFieldNumber, page.revision);
  return absl::OkStatus();
}

}  // namespace twingraph::rpc

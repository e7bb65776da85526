#pragma once

// Methods with one request and one response. A service binds each with one
// line. The work runs on a bounded executor, and keeps no thread of it while it
// waits if it is a task that does; a read may be tried on gRPC's own thread
// first, where nothing may block.

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"

#include "server/rpc/call.h"
#include "server/rpc/raw_service.h"
#include "storage/base/task.h"

namespace twingraph::rpc {

// Does the work of one call: appends the bytes of the response message to
// `response`.
template <typename Request>
using UnaryWork = std::function<Task<absl::Status>(Call&, const Request&,
                                                   std::string& response)>;

// A task that has ended.
inline Task<absl::Status> Ended(absl::Status status) {
  co_return status;
}

// Tries to do the work without blocking; false: it was not done.
template <typename Request>
using InlineWork = std::function<absl::StatusOr<bool>(Call&, const Request&,
                                                      std::string& response)>;

// What a call counts as memory of calls (call_memory.h).
struct CallCosts {
  // The request until it is answered, in multiples of its bytes: the bytes
  // themselves, the message, and what is stored of it on its way.
  size_t request_factor = 6;
  // Does it give pages? Its work does not begin while responses that clients
  // have not taken yet fill the memory of calls. What is read for a page is
  // bounded by the number of workers.
  bool is_page = false;
};

inline constexpr CallCosts kPageCosts = {.is_page = true};

// A method, with its types erased.
struct UnaryMethod {
  std::string name;
  const google::protobuf::Message* request_type = nullptr;
  // Where the work runs; null: on gRPC's thread.
  Executor* executor = nullptr;
  CallCosts costs = {};
  UnaryWork<google::protobuf::Message> work;
  // May be empty.
  InlineWork<google::protobuf::Message> inline_work;
};

// What answers the calls of `method`. The environment outlives it.
UnaryHandler HandleUnary(const CallEnvironment& environment,
                         UnaryMethod method);

// Binds `method` of `service`: first `inline_work`, if there is one, then
// `work` on `executor`.
template <typename Request>
void BindUnary(RawService& service, absl::string_view method,
               const CallEnvironment& environment, Executor* executor,
               UnaryWork<Request> work, InlineWork<Request> inline_work = {},
               CallCosts costs = {}) {
  UnaryMethod erased{
      .name = absl::StrCat(service.name(), "/", method),
      .request_type = &Request::default_instance(),
      .executor = executor,
      .costs = costs,
      .work =
          [work = std::move(work)](Call& call,
                                   const google::protobuf::Message& request,
                                   std::string& response) {
            return work(call, static_cast<const Request&>(request), response);
          },
      .inline_work = {}};
  if (inline_work) {
    erased.inline_work = [inline_work = std::move(inline_work)](
                             Call& call,
                             const google::protobuf::Message& request,
                             std::string& response) {
      return inline_work(call, static_cast<const Request&>(request), response);
    };
  }
  service.Bind(method, HandleUnary(environment, std::move(erased)));
}

// Binds `method` of `service` to a member function of it, which blocks.
template <typename Service, typename Request>
void BindUnary(Service& service, absl::string_view method,
               const CallEnvironment& environment, Executor* executor,
               absl::Status (Service::*work)(Call&, const Request&,
                                             std::string&),
               CallCosts costs = {}) {
  BindUnary<Request>(
      service, method, environment, executor,
      [&service, work](Call& call, const Request& request,
                       std::string& response) {
        return Ended((service.*work)(call, request, response));
      },
      /*inline_work=*/{}, costs);
}

// Binds `method` of `service` to a member function of it that is a task.
template <typename Service, typename Request>
void BindUnary(Service& service, absl::string_view method,
               const CallEnvironment& environment, Executor* executor,
               Task<absl::Status> (Service::*work)(Call&, const Request&,
                                                   std::string&)) {
  BindUnary<Request>(service, method, environment, executor,
                     [&service, work](Call& call, const Request& request,
                                      std::string& response) {
                       return (service.*work)(call, request, response);
                     });
}

}  // namespace twingraph::rpc

#pragma once

// Methods that answer one request with a stream of messages. The stream is
// pulled: the next message is made when the transport has taken the last one,
// so a client that reads slowly makes the server work slowly, and at most one
// message waits.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"

#include "server/rpc/call.h"
#include "server/rpc/raw_service.h"

namespace twingraph::rpc {

// Where the messages of a stream come from. Used by one thread at a time, on
// the executor; may block, and looks at the call's context while it does.
class MessageSource {
 public:
  virtual ~MessageSource() = default;
  // Appends the bytes of the next message to `message`, which is empty. Returns
  // whether more follow: a stream has at least one message.
  virtual absl::StatusOr<bool> Next(Call& call, std::string& message) = 0;
};

// Begins the work of one call.
template <typename Request>
using OpenSource = std::function<absl::StatusOr<std::unique_ptr<MessageSource>>(
    Call&, const Request&)>;

// A method, with its types erased.
struct ServerStreamMethod {
  std::string name;
  const google::protobuf::Message* request_type = nullptr;
  Executor* executor = nullptr;
  OpenSource<google::protobuf::Message> open;
};

// What answers the calls of `method`. The environment outlives it.
ServerStreamHandler HandleServerStream(const CallEnvironment& environment,
                                       ServerStreamMethod method);

// Binds `method` of `service`: the source that `open` makes is read on
// `executor`. The request lives as long as the source.
template <typename Request>
void BindServerStream(RawService& service, absl::string_view method,
                      const CallEnvironment& environment, Executor& executor,
                      OpenSource<Request> open) {
  service.Bind(
      method,
      HandleServerStream(
          environment,
          {.name = absl::StrCat(service.name(), "/", method),
           .request_type = &Request::default_instance(),
           .executor = &executor,
           .open = [open = std::move(open)](
                       Call& call, const google::protobuf::Message& request) {
             return open(call, static_cast<const Request&>(request));
           }}));
}

}  // namespace twingraph::rpc

#pragma once

// Methods with a stream in each direction, for long conversations. Messages are
// handled in order, one batch at a time, on an executor: all that have arrived
// while the last batch was handled. No more is read from the transport than
// the window allows, and nothing is handled while many replies wait to be
// written, so both sides feel the pace of the slower one.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"

#include "server/rpc/call.h"
#include "server/rpc/raw_service.h"

namespace twingraph::rpc {

// Ends a stream from outside. Safe from any thread, also after its end.
class StreamCloser {
 public:
  virtual ~StreamCloser() = default;
  // Handles nothing new, sends what was answered, then `last_message` unless it
  // is empty, then `status`. The first call counts.
  virtual void Close(std::string last_message, const absl::Status& status) = 0;
};

// Handles the messages of one stream. Used by one thread at a time.
class MessageHandler {
 public:
  virtual ~MessageHandler() = default;
  // Handles `messages` in order and appends the bytes of each reply to
  // `replies`. They are sent also when an error is returned, which then ends
  // the stream. The messages live until it returns.
  virtual absl::Status Handle(
      Call& call, const std::vector<const google::protobuf::Message*>& messages,
      std::vector<std::string>& replies) = 0;
};

struct BidiOptions {
  // Messages, and their bytes, that may wait to be handled.
  size_t window_messages = 1024;
  size_t window_bytes = size_t{8} << 20;
  // The stream ends when no message came for so long.
  absl::Duration idle_limit = absl::InfiniteDuration();
};

// A method, with its types erased. `open` makes the handler of a stream; it
// must not block.
struct BidiMethod {
  std::string name;
  const google::protobuf::Message* request_type = nullptr;
  Executor* executor = nullptr;
  BidiOptions options = {};
  std::function<std::unique_ptr<MessageHandler>(std::shared_ptr<StreamCloser>)>
      open;
};

// What answers the calls of `method`. The environment outlives it.
BidiHandler HandleBidi(const CallEnvironment& environment, BidiMethod method);

// Binds `method` of `service`. A client that half-closes gets what is still to
// be said and then OK.
template <typename Request>
void BindBidi(RawService& service, absl::string_view method,
              const CallEnvironment& environment, Executor& executor,
              BidiOptions options,
              std::function<std::unique_ptr<MessageHandler>(
                  std::shared_ptr<StreamCloser>)>
                  open) {
  BidiMethod erased{.name = absl::StrCat(service.name(), "/", method),
                    .request_type = &Request::default_instance(),
                    .executor = &executor,
                    .options = options,
                    .open = {}};
  erased.open = std::move(open);
  service.Bind(method, HandleBidi(environment, std::move(erased)));
}

}  // namespace twingraph::rpc

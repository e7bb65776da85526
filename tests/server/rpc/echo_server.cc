#include "tests/server/rpc/echo_server.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"

#include "server/rpc/server_stream.h"
#include "server/rpc/unary.h"
#include "storage/base/status.h"

namespace twingraph::rpc {
namespace {

using rpc_test::RepeatRequest;
using rpc_test::RepeatResponse;
using rpc_test::SayRequest;
using rpc_test::SayResponse;
using rpc_test::TalkRequest;
using rpc_test::TalkResponse;

std::string Padded(std::string text, size_t size) {
  text.resize(std::max(size, text.size()), '.');
  return text;
}

absl::Status WaitAtGate(const Context& ctx, EchoProbe& probe) {
  ++probe.blocked;
  MutexLock lock(probe.mutex);
  while (!probe.is_open) {
    if (absl::Status status = ctx.Check(); !status.ok()) {
      return status;
    }
    probe.changed.WaitFor(probe.mutex, absl::Milliseconds(5));
  }
  return absl::OkStatus();
}

absl::Status Say(Call& call, const SayRequest& request, std::string& bytes,
                 EchoProbe& probe) {
  if (request.command() == "fail") {
    return NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND, "nothing to say",
                    {{"twin", request.text()}});
  }
  if (request.command() == "bug") {
    return Internal("a defect");
  }
  if (request.command() == "block") {
    if (absl::Status status = WaitAtGate(call.context(), probe); !status.ok()) {
      return status;
    }
  }
  SayResponse response;
  response.set_text(request.command() == "who"
                        ? absl::StrCat(call.principal().name, " ",
                                       call.context().origin().request_id, " ",
                                       call.context().origin().trace_parent)
                        : request.text());
  response.AppendToString(&bytes);
  return absl::OkStatus();
}

class RepeatSource final : public MessageSource {
 public:
  RepeatSource(const RepeatRequest& request, size_t reply_bytes,
               EchoProbe& probe)
      : request_(request), reply_bytes_(reply_bytes), probe_(probe) {
    ++probe_.alive_sources;
  }

  ~RepeatSource() override { --probe_.alive_sources; }

  absl::StatusOr<bool> Next(Call& call, std::string& message) override {
    if (request_.text() == "fail" && next_ == 2) {
      return NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND, "no more");
    }
    if (request_.text() == "block") {
      if (absl::Status status = WaitAtGate(call.context(), probe_);
          !status.ok()) {
        return status;
      }
    }
    ++probe_.produced;
    RepeatResponse response;
    response.set_text(
        Padded(absl::StrCat(request_.text(), next_++), reply_bytes_));
    response.AppendToString(&message);
    return next_ < request_.count();
  }

 private:
  const RepeatRequest& request_;
  const size_t reply_bytes_;
  EchoProbe& probe_;
  int next_ = 0;
};

class TalkHandler final : public MessageHandler {
 public:
  TalkHandler(size_t reply_bytes, EchoProbe& probe)
      : reply_bytes_(reply_bytes), probe_(probe) {
    ++probe_.alive_handlers;
  }

  ~TalkHandler() override { --probe_.alive_handlers; }

  absl::Status Handle(
      Call& call, const std::vector<const google::protobuf::Message*>& messages,
      std::vector<std::string>& replies) override {
    for (const auto* message : messages) {
      const std::string& text =
          static_cast<const TalkRequest&>(*message).text();
      ++probe_.handled;
      if (text == "fail") {
        return NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND, "no answer");
      }
      if (text == "block") {
        if (absl::Status status = WaitAtGate(call.context(), probe_);
            !status.ok()) {
          return status;
        }
      }
      TalkResponse response;
      response.set_text(Padded(text, reply_bytes_));
      replies.push_back(response.SerializeAsString());
    }
    return absl::OkStatus();
  }

 private:
  const size_t reply_bytes_;
  EchoProbe& probe_;
};

}  // namespace

void RecordingObserver::OnCallEnd(absl::string_view method,
                                  absl::StatusCode code,
                                  absl::Duration elapsed) {
  EXPECT_GE(elapsed, absl::ZeroDuration());
  MutexLock lock(mutex_);
  ended_.emplace_back(std::string(method), code);
  changed_.NotifyAll();
}

bool RecordingObserver::WaitFor(absl::string_view method,
                                absl::StatusCode code) {
  const auto wanted = std::make_pair(std::string(method), code);
  const absl::Time give_up = absl::Now() + absl::Seconds(10);
  MutexLock lock(mutex_);
  while (std::find(ended_.begin(), ended_.end(), wanted) == ended_.end()) {
    if (absl::Now() >= give_up) {
      return false;
    }
    changed_.WaitFor(mutex_, absl::Milliseconds(100));
  }
  return true;
}

EchoServer::EchoServer(Options options)
    : reads_("reads", /*threads=*/2, options.queue_limit),
      writes_("writes", /*threads=*/2, options.queue_limit),
      memory_(options.call_memory_bytes),
      environment_{.reads = reads_,
                   .writes = writes_,
                   .observer = &observer_,
                   .memory = &memory_,
                   .message_limit_bytes = options.message_limit_bytes,
                   .call_deadline = options.call_deadline,
                   .ends_streams = &ends_streams_},
      service_(
          *SayRequest::descriptor()->file()->FindServiceByName("EchoService")) {
  BindUnary<SayRequest>(
      service_, "Say", environment_, &reads_,
      [this](Call& call, const SayRequest& request, std::string& bytes) {
        return Ended(Say(call, request, bytes, probe_));
      },
      [](Call& call, const SayRequest& request,
         std::string& bytes) -> absl::StatusOr<bool> {
        if (request.command() != "inline") {
          return false;
        }
        SayResponse response;
        response.set_text(absl::StrCat("inline ", request.text()));
        response.AppendToString(&bytes);
        (void)call;
        return true;
      });
  BindServerStream<RepeatRequest>(
      service_, "Repeat", environment_, reads_,
      [this, options](Call&, const RepeatRequest& request)
          -> absl::StatusOr<std::unique_ptr<MessageSource>> {
        if (request.count() < 1) {
          return InvalidField("count", "must be at least 1");
        }
        return std::make_unique<RepeatSource>(request, options.reply_bytes,
                                              probe_);
      });
  BindBidi<TalkRequest>(service_, "Talk", environment_, writes_, options.bidi,
                        [this, options](std::shared_ptr<StreamCloser> closer) {
                          probe_.closer = std::move(closer);
                          return std::make_unique<TalkHandler>(
                              options.reply_bytes, probe_);
                        });
  auto server =
      Server::Start({.message_limit_bytes = options.message_limit_bytes,
                     .reflection = options.reflection},
                    {&service_});
  EXPECT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  server_->SetServing();
  channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                 grpc::InsecureChannelCredentials());
}

EchoServer::~EchoServer() {
  OpenGate();
  server_->Drain({.lame_duck = absl::ZeroDuration(),
                  .grace = absl::Seconds(5),
                  .end_streams = {}});
}

void EchoServer::OpenGate() {
  MutexLock lock(probe_.mutex);
  probe_.is_open = true;
  probe_.changed.NotifyAll();
}

bool EchoServer::Eventually(const std::function<bool()>& is_true) {
  const absl::Time give_up = absl::Now() + absl::Seconds(10);
  while (!is_true()) {
    if (absl::Now() >= give_up) {
      return false;
    }
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

}  // namespace twingraph::rpc

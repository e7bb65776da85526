// `twingraph hub simulate`: speaks for a hub as an edge gateway does.
// Covered by tests/e2e/cli_test.cc.

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

#include "client/cli/commands/commands.h"
#include "client/cli/output/count.h"
#include "client/cli/simulated_hub.h"
#include "client/connector_stream.h"
#include "storage/base/id.h"
#include "storage/base/mutex.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

constexpr absl::Duration kAnswerTimeout = absl::Minutes(1);

struct SimulateArguments {
  std::string hub;
  SimulationOptions devices;
  std::vector<std::string> properties;
  double rate = 100;     // messages a second, all devices together; 0: no limit
  double flap_rate = 0;  // connection changes a second
  int64_t count = 0;     // messages in all; 0: no limit
  double duration = 10;  // seconds; 0: no limit
};

// "temperature=17..27".
absl::StatusOr<SimulatedProperty> ParseProperty(const std::string& text) {
  const std::vector<std::string> sides = absl::StrSplit(text, '=');
  const std::vector<std::string> bounds = sides.size() == 2
                                              ? absl::StrSplit(sides[1], "..")
                                              : std::vector<std::string>();
  SimulatedProperty property;
  if (bounds.size() != 2 || sides[0].empty() ||
      !absl::SimpleAtod(bounds[0], &property.low) ||
      !absl::SimpleAtod(bounds[1], &property.high)) {
    return InvalidField(
        "property", absl::StrCat("\"", text, "\": NAME=LOW..HIGH is needed"));
  }
  property.name = sides[0];
  return property;
}

// What the server answered. Safe from any thread.
class Answers {
 public:
  client::ConnectorHandlers Handlers() {
    client::ConnectorHandlers handlers;
    handlers.on_nack = [this](const v1::Nack& nack) {
      MutexLock lock(mutex_);
      ++refused_[absl::StrCat(ReasonName(nack.rejection().reason()), ": ",
                              nack.rejection().message())];
    };
    handlers.on_snapshot_requested = [this](const v1::SnapshotRequested&) {
      is_snapshot_wanted_ = true;
    };
    return handlers;
  }

  // Does the server want a snapshot since the last time this was asked?
  bool TakeSnapshotWish() { return is_snapshot_wanted_.exchange(false); }

  std::map<std::string, int64_t> refused() const {
    MutexLock lock(mutex_);
    return refused_;
  }

 private:
  std::atomic<bool> is_snapshot_wanted_ = false;
  mutable Mutex mutex_;
  // How often, by reason and sentence.
  std::map<std::string, int64_t> refused_ ABSL_GUARDED_BY(mutex_);
};

// A session from hello to the last answer.
class Simulation {
 public:
  Simulation(const SimulateArguments& arguments, Session& session)
      : arguments_(arguments), session_(session), hub_(arguments.devices) {}

  absl::Status Run() {
    RETURN_IF_ERROR(Connect());
    RETURN_IF_ERROR(SendSnapshot());
    RETURN_IF_ERROR(stream_->WaitAnswered(kAnswerTimeout));
    if (!session_.is_json) {
      session_.out() << "announced "
                     << Count(arguments_.devices.device_count, "device") << ", "
                     << hub_.online_count() << " online\n"
                     << std::flush;
    }
    start_ = absl::Now();
    RETURN_IF_ERROR(SendEvents());
    RETURN_IF_ERROR(stream_->WaitAnswered(kAnswerTimeout));
    const absl::Duration elapsed = absl::Now() - start_;
    RETURN_IF_ERROR(stream_->Finish());
    return Summarize(elapsed);
  }

 private:
  absl::Status Connect() {
    v1::Hello hello;
    hello.add_protocol_versions(1);
    hello.set_hub_id(arguments_.hub);
    hello.mutable_connector()->set_name("twingraph hub simulate");
    hello.mutable_connector()->set_instance_id(RandomUuid());
    ASSIGN_OR_RETURN(stream_, client::ConnectorStream::Open(
                                  session_.connection(), std::move(hello),
                                  answers_.Handlers()));
    for (const v1::Cursor& cursor : stream_->welcome().cursors()) {
      offset_ = std::max(offset_, cursor.offset());
    }
    return absl::OkStatus();
  }

  absl::Status SendSnapshot() {
    for (v1::ConnectRequest& frame : hub_.Snapshot()) {
      RETURN_IF_ERROR(stream_->Send(std::move(frame)).status());
    }
    return absl::OkStatus();
  }

  // An event has a position, so that one that is repeated counts once.
  absl::Status SendEvent(v1::ConnectRequest frame) {
    frame.mutable_cursor()->set_offset(++offset_);
    return stream_->Send(std::move(frame)).status();
  }

  absl::Status SendEvents() {
    while (!IsDone()) {
      if (answers_.TakeSnapshotWish()) {
        RETURN_IF_ERROR(SendSnapshot());
      }
      RETURN_IF_ERROR(SendDueFlaps());
      RETURN_IF_ERROR(SendDueMessage());
      RETURN_IF_ERROR(stream_->KeepAlive());
    }
    return absl::OkStatus();
  }

  bool IsDone() const {
    const bool is_counted = arguments_.count > 0;
    const bool is_timed = arguments_.duration > 0;
    return (is_counted && messages_ >= arguments_.count) ||
           (is_timed &&
            absl::Now() - start_ >= absl::Seconds(arguments_.duration));
  }

  // How many of something that comes `rate` times a second are due by now.
  double Due(double rate) const {
    return absl::ToDoubleSeconds(absl::Now() - start_) * rate;
  }

  absl::Status SendDueFlaps() {
    while (static_cast<double>(flaps_) + 1 <= Due(arguments_.flap_rate)) {
      ++flaps_;
      RETURN_IF_ERROR(SendEvent(hub_.NextFlap(absl::Now())));
    }
    return absl::OkStatus();
  }

  // Sends one message if it is time, or waits a little.
  absl::Status SendDueMessage() {
    constexpr absl::Duration kPause = absl::Milliseconds(5);
    const bool is_due = arguments_.rate <= 0 ||
                        static_cast<double>(messages_) <= Due(arguments_.rate);
    v1::ConnectRequest frame;
    if (is_due) {
      frame = hub_.NextMessage(absl::Now());
    }
    if (!frame.has_message()) {
      absl::SleepFor(kPause);
      return absl::OkStatus();
    }
    ++messages_;
    return SendEvent(std::move(frame));
  }

  absl::Status Summarize(absl::Duration elapsed) {
    const std::map<std::string, int64_t> refusals = answers_.refused();
    int64_t refused = 0;
    for (const auto& [reason, count] : refusals) {
      refused += count;
      session_.err() << "refused " << count << " times: " << reason << '\n';
    }
    const double seconds = absl::ToDoubleSeconds(elapsed);
    const char* format =
        session_.is_json
            ? "{\"devices\":%d,\"online\":%d,\"messages\":%d,\"flaps\":%d,"
              "\"refused\":%d,\"seconds\":%.3f}\n"
            : "%d devices (%d online), %d messages, %d connection changes, %d "
              "refused; %.2f s\n";
    const auto parsed =
        absl::ParsedFormat<'d', 'd', 'd', 'd', 'd', 'f'>::New(format);
    session_.out() << absl::StrFormat(*parsed, arguments_.devices.device_count,
                                      hub_.online_count(), messages_, flaps_,
                                      refused, seconds);
    if (refused > 0) {
      return InvalidArgument(
          v1::ERROR_REASON_DEVICE_MESSAGE_INVALID,
          absl::StrCat("the server refused ", refused, " frames"),
          {{"hub", arguments_.hub}});
    }
    return absl::OkStatus();
  }

  const SimulateArguments& arguments_;
  Session& session_;
  SimulatedHub hub_;
  Answers answers_;
  std::unique_ptr<client::ConnectorStream> stream_;
  absl::Time start_;
  uint64_t offset_ = 0;
  int64_t messages_ = 0;
  int64_t flaps_ = 0;
};

absl::Status Simulate(SimulateArguments& arguments, Session& session) {
  if (!arguments.properties.empty()) {
    arguments.devices.properties.clear();
  }
  for (const std::string& text : arguments.properties) {
    ASSIGN_OR_RETURN(SimulatedProperty property, ParseProperty(text));
    arguments.devices.properties.push_back(std::move(property));
  }
  return Simulation(arguments, session).Run();
}

}  // namespace

void AddSimulateCommand(CLI::App& hub, Session& session) {
  CLI::App* command = hub.add_subcommand(
      "simulate", "speak for a hub: announce devices, stream telemetry");
  auto arguments = std::make_shared<SimulateArguments>();
  SimulationOptions& devices = arguments->devices;
  command->add_option("HUB", arguments->hub, "id of the attached hub")
      ->required();
  command->add_option("--devices", devices.device_count, "how many")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command
      ->add_option("--per-place", devices.devices_per_place,
                   "devices that are in one place and measure alike")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command->add_option("--prefix", devices.prefix, "begin of their names")
      ->capture_default_str();
  command->add_option("--model", devices.model_id, "model that they announce");
  command->add_option("--property", arguments->properties,
                      "NAME=LOW..HIGH that they measure; default: "
                      "temperature=17..27");
  command
      ->add_option("--offline", devices.offline_share,
                   "share that is offline at the start")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--seed", devices.seed, "other numbers, other world")
      ->capture_default_str();
  command
      ->add_option("--rate", arguments->rate,
                   "messages a second in all; 0: as fast as it goes")
      ->capture_default_str();
  command
      ->add_option("--flap-rate", arguments->flap_rate,
                   "connection changes a second")
      ->capture_default_str();
  command
      ->add_option("--count", arguments->count,
                   "end after so many messages; 0: no limit")
      ->capture_default_str();
  command
      ->add_option("--duration", arguments->duration,
                   "end after so many seconds; 0: no limit")
      ->capture_default_str();
  command->callback([arguments, &session] {
    session.command = [arguments, &session] {
      return Simulate(*arguments, session);
    };
  });
}

}  // namespace twingraph::cli

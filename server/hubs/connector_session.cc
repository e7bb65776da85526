#include "server/hubs/connector_session.h"

#include <cstddef>
#include <iterator>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::hubs {
namespace {

// Events of one commit: enough to share its cost, few enough to stay small.
constexpr size_t kBatchEvents = 256;

// Paths hold no zero bytes (device_ops refuses them), so this is unambiguous.
std::string JoinPath(const std::vector<std::string>& path) {
  return absl::StrJoin(path, absl::string_view("\0", 1));
}

const std::vector<std::string>& PathOf(const engine::DeviceEvent& event) {
  return std::visit(
      [](const auto& e) -> const std::vector<std::string>& {
        if constexpr (std::is_same_v<std::decay_t<decltype(e)>,
                                     engine::DeviceUpserted>) {
          return e.device.path;
        } else {
          return e.path;
        }
      },
      event);
}

}  // namespace

ConnectorSession::ConnectorSession(engine::DeviceOps& devices, std::string hub,
                                   std::shared_ptr<const SessionLife> life,
                                   Welcome welcome)
    : devices_(devices),
      hub_(std::move(hub)),
      life_(std::move(life)),
      welcome_(std::move(welcome)),
      revision_(welcome_.revision) {}

ConnectorSession::~ConnectorSession() = default;

absl::StatusOr<std::vector<ConnectorOutput>> ConnectorSession::Handle(
    const Context& ctx, std::vector<ConnectorInput> inputs) {
  outputs_.clear();
  for (ConnectorInput& input : inputs) {
    RETURN_IF_ERROR(Take(ctx, std::move(input)));
  }
  RETURN_IF_ERROR(Flush(ctx));
  if (!inputs.empty()) {
    outputs_.emplace_back(Ack{last_sequence_, revision_});
  }
  return std::exchange(outputs_, {});
}

absl::Status ConnectorSession::Take(const Context& ctx, ConnectorInput input) {
  RETURN_IF_ERROR(life_->Check());
  if (input.sequence <= last_sequence_) {
    return ProtocolError("the sequence numbers of a stream must grow");
  }
  last_sequence_ = input.sequence;
  return std::visit(
      [&](auto&& body) {
        return Take(ctx, input, std::forward<decltype(body)>(body));
      },
      std::move(input.body));
}

absl::Status ConnectorSession::Take(const Context& ctx, ConnectorInput& input,
                                    engine::DeviceEvent event) {
  if (snapshot_.has_value()) {
    snapshot_->named.insert(JoinPath(PathOf(event)));
  }
  return Add(ctx, input.sequence, {std::move(input.cursor), std::move(event)});
}

absl::Status ConnectorSession::Take(const Context&, ConnectorInput&,
                                    SnapshotBegin begin) {
  snapshot_ =
      Snapshot{.id = std::move(begin.snapshot), .listed = {}, .named = {}};
  return absl::OkStatus();
}

absl::Status ConnectorSession::Take(const Context& ctx, ConnectorInput& input,
                                    SnapshotItems items) {
  if (!snapshot_.has_value() || snapshot_->id != items.snapshot) {
    Refuse(input.sequence,
           ProtocolError("these items are not of the snapshot that was begun"));
    return absl::OkStatus();
  }
  for (engine::DeviceRecord& device : items.devices) {
    std::string key = JoinPath(device.path);
    const bool is_known_better = snapshot_->named.contains(key);
    const bool is_new = snapshot_->listed.insert(std::move(key)).second;
    if (is_new && !is_known_better) {
      RETURN_IF_ERROR(
          Add(ctx, input.sequence,
              {std::nullopt, engine::DeviceUpserted{std::move(device)}}));
    }
  }
  return absl::OkStatus();
}

absl::Status ConnectorSession::Take(const Context& ctx, ConnectorInput& input,
                                    const SnapshotEnd& end) {
  RETURN_IF_ERROR(Flush(ctx));
  if (!snapshot_.has_value() || snapshot_->id != end.snapshot) {
    Refuse(input.sequence,
           ProtocolError("this end is not of the snapshot that was begun"));
    return absl::OkStatus();
  }
  const Snapshot snapshot = *std::exchange(snapshot_, std::nullopt);
  if (static_cast<size_t>(end.device_count) != snapshot.listed.size()) {
    Refuse(input.sequence,
           ProtocolError(absl::StrCat("the snapshot was to list ",
                                      end.device_count, " devices; it listed ",
                                      snapshot.listed.size())));
    RequestSnapshot("the last snapshot was not complete");
    return absl::OkStatus();
  }
  const auto is_present = [&](const std::vector<std::string>& path) {
    const std::string key = JoinPath(path);
    return snapshot.listed.contains(key) || snapshot.named.contains(key);
  };
  ASSIGN_OR_RETURN(engine::SweepOutcome outcome,
                   devices_.EndSnapshot(ctx, hub_, is_present));
  revision_ = std::move(outcome.revision);
  is_snapshot_requested_ = false;
  return absl::OkStatus();
}

absl::Status ConnectorSession::Take(const Context& ctx, ConnectorInput&,
                                    const Gap& gap) {
  RETURN_IF_ERROR(Flush(ctx));
  ASSIGN_OR_RETURN(engine::Done done, devices_.OpenGap(ctx, hub_, gap.reason));
  revision_ = std::move(done.revision);
  is_snapshot_requested_ = false;
  RequestSnapshot(absl::StrCat("events were lost: ", gap.reason));
  return absl::OkStatus();
}

absl::Status ConnectorSession::Take(const Context&, ConnectorInput&,
                                    Heartbeat) {
  return absl::OkStatus();
}

absl::Status ConnectorSession::Add(const Context& ctx, uint64_t sequence,
                                   engine::DeviceInput event) {
  pending_.events.push_back(std::move(event));
  pending_.sequences.push_back(sequence);
  return pending_.events.size() < kBatchEvents ? absl::OkStatus() : Flush(ctx);
}

absl::Status ConnectorSession::Flush(const Context& ctx) {
  if (pending_.events.empty()) {
    return absl::OkStatus();
  }
  return Commit(ctx, std::exchange(pending_, {}));
}

absl::Status ConnectorSession::Commit(const Context& ctx, Pending pending) {
  auto outcome = devices_.Apply(ctx, hub_, pending.events);
  if (ReasonOf(outcome.status()) == v1::ERROR_REASON_LIMIT_EXCEEDED) {
    return CommitHalves(ctx, std::move(pending));
  }
  RETURN_IF_ERROR(outcome.status());
  revision_ = std::move(outcome->revision);
  for (size_t i = 0; i < outcome->events.size(); ++i) {
    if (!outcome->events[i].ok()) {
      Refuse(pending.sequences[i], outcome->events[i]);
    }
  }
  return absl::OkStatus();
}

// For a batch that is too large for one commit: two smaller ones; a single
// event that is too large is refused.
absl::Status ConnectorSession::CommitHalves(const Context& ctx,
                                            Pending pending) {
  if (pending.events.size() == 1) {
    Refuse(pending.sequences[0],
           InvalidArgument(v1::ERROR_REASON_LIMIT_EXCEEDED,
                           "the event is too large for one commit"));
    return absl::OkStatus();
  }
  const auto half = static_cast<std::ptrdiff_t>(pending.events.size() / 2);
  Pending rest;
  rest.events.assign(std::make_move_iterator(pending.events.begin() + half),
                     std::make_move_iterator(pending.events.end()));
  rest.sequences.assign(pending.sequences.begin() + half,
                        pending.sequences.end());
  pending.events.resize(static_cast<size_t>(half));
  pending.sequences.resize(static_cast<size_t>(half));
  RETURN_IF_ERROR(Commit(ctx, std::move(pending)));
  return Commit(ctx, std::move(rest));
}

void ConnectorSession::Refuse(uint64_t sequence, const absl::Status& status) {
  outputs_.emplace_back(Nack{.sequence = sequence, .status = status});
  if (ReasonOf(status) == v1::ERROR_REASON_DEVICE_NOT_FOUND &&
      !snapshot_.has_value()) {
    RequestSnapshot("an event names a device that was not announced");
  }
}

void ConnectorSession::RequestSnapshot(absl::string_view reason) {
  if (!std::exchange(is_snapshot_requested_, true)) {
    outputs_.emplace_back(SnapshotRequested{std::string(reason)});
  }
}

absl::Status ConnectorSession::ProtocolError(absl::string_view message) const {
  return InvalidArgument(v1::ERROR_REASON_CONNECTOR_PROTOCOL, message,
                         {{"hub", hub_}});
}

}  // namespace twingraph::hubs

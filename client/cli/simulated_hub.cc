#include "client/cli/simulated_hub.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace twingraph::cli {
namespace {

constexpr size_t kItemsPerFrame = 1000;
constexpr char kSnapshotId[] = "all";
// How far a value swings around its level, as a share of the range, and after
// how many messages it is back.
constexpr double kSwing = 0.02;
constexpr double kMessagesPerSwing = 40;

void SetTime(google::protobuf::Timestamp& proto, absl::Time time) {
  const int64_t nanos = absl::ToUnixNanos(time);
  proto.set_seconds(nanos / 1'000'000'000);
  proto.set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
}

// Uniform in [0, 1). Distributions of the standard library differ between
// libraries; this does not.
double Uniform(std::mt19937& random) {
  return static_cast<double>(random()) / 4294967296.0;
}

double RoundToHundredths(double value) {
  return std::round(value * 100) / 100;
}

}  // namespace

SimulatedHub::SimulatedHub(SimulationOptions options)
    : options_(std::move(options)), random_(options_.seed) {
  for (int i = 1; i <= options_.device_count; ++i) {
    Device device;
    device.name = absl::StrFormat("%s-%03d", options_.prefix, i);
    device.is_online = Uniform(random_) >= options_.offline_share;
    const bool is_first_of_place = (i - 1) % options_.devices_per_place == 0;
    device.levels = is_first_of_place ? NewLevels() : devices_.back().levels;
    devices_.push_back(std::move(device));
  }
}

std::vector<double> SimulatedHub::NewLevels() {
  std::vector<double> levels;
  levels.reserve(options_.properties.size());
  for (const SimulatedProperty& property : options_.properties) {
    levels.push_back(property.low +
                     Uniform(random_) * (property.high - property.low));
  }
  return levels;
}

std::vector<v1::ConnectRequest> SimulatedHub::Snapshot() const {
  std::vector<v1::ConnectRequest> frames(1);
  frames.back().mutable_snapshot_begin()->set_snapshot_id(kSnapshotId);
  for (size_t i = 0; i < devices_.size(); ++i) {
    if (i % kItemsPerFrame == 0) {
      frames.emplace_back().mutable_snapshot_items()->set_snapshot_id(
          kSnapshotId);
    }
    *frames.back().mutable_snapshot_items()->add_devices() =
        RecordOf(devices_[i]);
  }
  v1::SnapshotEnd& end = *frames.emplace_back().mutable_snapshot_end();
  end.set_snapshot_id(kSnapshotId);
  end.set_device_count(static_cast<int64_t>(devices_.size()));
  return frames;
}

v1::ConnectRequest SimulatedHub::NextMessage(absl::Time now) {
  v1::ConnectRequest frame;
  for (size_t tries = 0; tries < devices_.size(); ++tries) {
    Device& device = devices_[next_];
    next_ = (next_ + 1) % devices_.size();
    if (!device.is_online) {
      continue;
    }
    v1::DeviceMessage& message = *frame.mutable_message();
    message.add_path(device.name);
    SetTime(*message.mutable_source_time(), now);
    const double phase = static_cast<double>(++device.messages) /
                         kMessagesPerSwing * 2 * 3.14159265358979;
    for (size_t i = 0; i < options_.properties.size(); ++i) {
      const SimulatedProperty& property = options_.properties[i];
      const double value =
          device.levels[i] +
          kSwing * (property.high - property.low) * std::sin(phase);
      (*message.mutable_json()->mutable_fields())[property.name]
          .set_number_value(RoundToHundredths(value));
    }
    break;
  }
  return frame;
}

v1::ConnectRequest SimulatedHub::NextFlap(absl::Time now) {
  v1::ConnectRequest frame;
  Device& device = devices_[random_() % devices_.size()];
  device.is_online = !device.is_online;
  v1::ConnectionChanged& change = *frame.mutable_connection_changed();
  change.add_path(device.name);
  *change.mutable_connection() = ConnectionOf(device);
  SetTime(*change.mutable_connection()->mutable_since(), now);
  return frame;
}

int SimulatedHub::online_count() const {
  return static_cast<int>(std::ranges::count_if(
      devices_, [](const Device& device) { return device.is_online; }));
}

v1::DeviceRecord SimulatedHub::RecordOf(const Device& device) const {
  v1::DeviceRecord record;
  record.add_path(device.name);
  record.set_display_name(absl::StrCat("Simulated ", device.name));
  record.set_model_id(options_.model_id);
  *record.mutable_connection() = ConnectionOf(device);
  return record;
}

v1::Connection SimulatedHub::ConnectionOf(const Device& device) const {
  v1::Connection connection;
  connection.set_state(device.is_online ? v1::Connection::STATE_ONLINE
                                        : v1::Connection::STATE_OFFLINE);
  connection.set_confidence(v1::Connection::CONFIDENCE_REPORTED);
  connection.set_reason(device.is_online ? "CONNECTED" : "KEEP_ALIVE_TIMEOUT");
  return connection;
}

}  // namespace twingraph::cli

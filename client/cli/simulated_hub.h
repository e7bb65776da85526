#pragma once

// The devices of a hub that does not exist: what they say, as frames of
// ConnectorService. The same settings give the same frames, times aside. Pure;
// one thread at a time.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "twingraph/v1/connector.pb.h"

namespace twingraph::cli {

// A number that devices measure: each place has a level of its own between the
// bounds, around which its devices' values swing.
struct SimulatedProperty {
  std::string name = "temperature";
  double low = 17;
  double high = 27;
};

struct SimulationOptions {
  int device_count = 10;
  // So many devices, one after the other, are in one place. At least 1.
  int devices_per_place = 1;
  // Devices are named PREFIX-001 and so on.
  std::string prefix = "sensor";
  // The model that each device announces; empty: none.
  std::string model_id{};
  std::vector<SimulatedProperty> properties = {SimulatedProperty()};
  // Share of the devices that are offline at the start, 0 to 1.
  double offline_share = 0;
  uint32_t seed = 1;
};

class SimulatedHub {
 public:
  explicit SimulatedHub(SimulationOptions options);

  // All devices as they are now, in parts of at most 1,000, as the frames of a
  // snapshot: begin, items, end.
  std::vector<v1::ConnectRequest> Snapshot() const;

  // Telemetry of the next device that is online, in turn; an empty frame if
  // none is.
  v1::ConnectRequest NextMessage(absl::Time now);

  // A device comes or goes.
  v1::ConnectRequest NextFlap(absl::Time now);

  int online_count() const;

 private:
  struct Device {
    std::string name;
    bool is_online = true;
    std::vector<double> levels;  // one for each property
    uint64_t messages = 0;
  };

  // A level for each property.
  std::vector<double> NewLevels();
  v1::DeviceRecord RecordOf(const Device& device) const;
  v1::Connection ConnectionOf(const Device& device) const;

  const SimulationOptions options_;
  std::mt19937 random_;
  std::vector<Device> devices_;
  size_t next_ = 0;
};

}  // namespace twingraph::cli

// Covered by tests/storage/key/key_golden_test.cc.
#include "storage/key/hub_key.h"

#include <utility>

#include "storage/key/ordered_codec.h"

namespace twingraph::key {

std::string EncodeHubGuardKey(absl::string_view hub) {
  std::string key = "h";
  key.append(hub.data(), hub.size());
  return key;
}

std::string EncodeDeviceKey(absl::string_view hub,
                            absl::Span<const std::string> path) {
  std::string key = DevicePrefix(hub);
  for (const std::string& part : path) {
    AppendText(part, key);
  }
  return key;
}

bool DecodeDeviceKey(absl::string_view key, std::string& hub,
                     std::vector<std::string>& path) {
  path.clear();
  if (!ReadText(key, hub)) {
    return false;
  }
  while (!key.empty()) {
    std::string part;
    if (!ReadText(key, part)) {
      return false;
    }
    path.push_back(std::move(part));
  }
  return true;
}

std::string DevicePrefix(absl::string_view hub) {
  std::string prefix;
  AppendText(hub, prefix);
  return prefix;
}

}  // namespace twingraph::key

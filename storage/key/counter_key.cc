// Covered by tests/storage/key/key_golden_test.cc.
#include "storage/key/counter_key.h"

#include "storage/key/number_codec.h"

namespace twingraph::key {

std::string TwinCounterKey() {
  return "T";
}

std::string RelationshipCounterKey() {
  return "R";
}

std::string ModelCounterKey() {
  return "M";
}

std::string HubCounterKey() {
  return "H";
}

std::string TwinsOfModelCounterKey(ModelNumber model) {
  return "t" + JoinNumbers(model);
}

std::string RelationshipsOfNameCounterKey(NameNumber name) {
  return "r" + JoinNumbers(name);
}

std::string DeviceCounterKey(absl::string_view hub, uint8_t state) {
  std::string key = {'d', static_cast<char>(state)};
  key.append(hub.data(), hub.size());
  return key;
}

}  // namespace twingraph::key

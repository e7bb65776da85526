// Covered by tests/storage/key/key_golden_test.cc.
#include "storage/key/twin_key.h"

#include "storage/key/number_codec.h"

namespace twingraph::key {

std::string EncodeTwinIdValue(TwinNumber twin) {
  return EncodeTwinKey(twin);
}

bool DecodeTwinIdValue(absl::string_view value, TwinNumber& twin) {
  return DecodeTwinKey(value, twin);
}

std::string EncodeTwinKey(TwinNumber twin) {
  std::string key;
  AppendNumber(twin, key);
  return key;
}

bool DecodeTwinKey(absl::string_view key, TwinNumber& twin) {
  return ReadNumber(key, twin) && key.empty();
}

std::string EncodeTwinGuardKey(TwinNumber twin) {
  std::string key = "t";
  AppendNumber(twin, key);
  return key;
}

std::string EncodeModelGuardKey(ModelNumber model) {
  std::string key = "m";
  AppendNumber(model, key);
  return key;
}

}  // namespace twingraph::key

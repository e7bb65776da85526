// Covered by tests/storage/key/key_golden_test.cc.
#include "storage/key/model_key.h"

#include "storage/key/dict_key.h"
#include "storage/key/number_codec.h"

namespace twingraph::key {

std::string EncodeModelKey(absl::string_view id) {
  std::string key;
  AppendName(id, key);
  return key;
}

std::string EncodeModelTextKey(ModelNumber model) {
  return JoinNumbers(model);
}

bool DecodeModelTextKey(absl::string_view key, ModelNumber& model) {
  return ReadNumber(key, model) && key.empty();
}

std::string EncodeModelReferrerKey(ModelNumber model, ModelNumber referrer) {
  return JoinNumbers(model, referrer);
}

bool DecodeModelReferrerKey(absl::string_view key, ModelNumber& model,
                            ModelNumber& referrer) {
  return ReadNumber(key, model) && ReadNumber(key, referrer) && key.empty();
}

std::string EncodeModelIndexKey(ModelNumber model, TwinNumber twin) {
  return JoinNumbers(model, twin);
}

bool DecodeModelIndexKey(absl::string_view key, ModelNumber& model,
                         TwinNumber& twin) {
  return ReadNumber(key, model) && ReadNumber(key, twin) && key.empty();
}

std::string ModelPrefix(ModelNumber model) {
  return JoinNumbers(model);
}

}  // namespace twingraph::key

#pragma once

// Keys of models.
//
//   model           name (dict_key.h) of the model id
//                     -> record (graph/model_record.h)
//   model_text      model:4                 -> document (graph/model_record.h)
//   model_referrer  model:4 referrer:4      -> empty; referrer extends model or
//                                              has it as a component
//   model_index     model:4 twin:5          -> empty; twins by their own model
//
// Integers are big endian. Frozen; golden test key_golden_test. Pure.

#include <string>

#include "absl/strings/string_view.h"

#include "storage/key/number.h"

namespace twingraph::key {

std::string EncodeModelKey(absl::string_view id);

std::string EncodeModelTextKey(ModelNumber model);
bool DecodeModelTextKey(absl::string_view key, ModelNumber& model);

std::string EncodeModelReferrerKey(ModelNumber model, ModelNumber referrer);
bool DecodeModelReferrerKey(absl::string_view key, ModelNumber& model,
                            ModelNumber& referrer);

std::string EncodeModelIndexKey(ModelNumber model, TwinNumber twin);
bool DecodeModelIndexKey(absl::string_view key, ModelNumber& model,
                         TwinNumber& twin);

// What the keys of one model begin with in model_referrer and model_index.
std::string ModelPrefix(ModelNumber model);

}  // namespace twingraph::key

#pragma once

// Random values for properties of codecs and of JSON.

#include <random>
#include <string>
#include <utility>

#include "storage/value/value.h"

namespace twingraph {

// A value of any kind, nested at most `depth` deep; integers of every size,
// doubles with and without fraction, texts that need escapes.
inline Value RandomValue(std::mt19937_64& random, int depth) {
  switch (random() % (depth > 0 ? 8 : 6)) {
    case 0:
      return Value();
    case 1:
      return Value::Bool(random() % 2 == 0);
    case 2:
      return random() % 2 == 0
                 ? Value::Int(static_cast<int64_t>(random()) >> (random() % 64))
                 : Value::Long(static_cast<int64_t>(random()));
    case 3:
      return Value::Uint(random() | (1ULL << 63));
    case 4:
      return Value::Double(static_cast<double>(random()) /
                           (random() % 2 == 0 ? 64.0 : 7.0));
    case 5:
      return Value::String(std::string(random() % 200, 'a') + "\"\\\nü");
    case 6: {
      Value::List list;
      for (size_t i = random() % 5; i > 0; --i) {
        list.push_back(RandomValue(random, depth - 1));
      }
      return Value::MakeList(std::move(list));
    }
    default: {
      Value map = Value::MakeMap();
      for (size_t i = random() % 5; i > 0; --i) {
        map.Set("k" + std::to_string(random() % 100),
                RandomValue(random, depth - 1));
      }
      return map;
    }
  }
}

}  // namespace twingraph

#pragma once

// Makes JSON texts that nearly are models: takes a text that is one and changes
// it, mostly in its structure, now and then in its bytes. One thread at a time.

#include <random>
#include <string>
#include <vector>

#include "storage/value/value.h"

namespace twingraph {

class JsonMutator {
 public:
  explicit JsonMutator(uint64_t seed) : random_(seed) {}

  // Adds a text to the stock that is changed and that parts are taken from.
  // Text that is not JSON is left out.
  void AddSeed(const std::string& text);

  size_t seeds() const { return seeds_.size(); }

  // A text of the stock after one to six changes.
  std::string Next();

  // A value of the stock, small or large, as JSON text.
  std::string NextValue();

 private:
  size_t Below(size_t limit);
  Value& AnyPart(Value& value);
  const Value& AnySeedPart();
  void Change(Value& value);
  void ChangeMap(Value& value);
  void ChangeList(Value& value);
  void ChangeText(Value& value);
  Value AnyScalar();
  void ChangeBytes(std::string& text);

  std::mt19937_64 random_;
  std::vector<Value> seeds_;
  std::vector<std::string> words_;  // keys and strings of the seeds
};

}  // namespace twingraph

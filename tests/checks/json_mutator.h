#pragma once

// Damages JSON: changes values in their structure without knowing what they
// mean, or texts in their bytes. One thread at a time.

#include <string>
#include <vector>

#include "storage/value/value.h"
#include "tests/checks/random_choice.h"

namespace twingraph {

class JsonMutator {
 public:
  // `random` outlives this.
  explicit JsonMutator(RandomChoice& random) : random_(random) {}

  // Adds a value to the stock that parts are taken from. It is not copied and
  // outlives this.
  void AddSeed(const Value& value);

  // Changes one place, anywhere. REQUIRES, as for AnyPart: there is a seed.
  void Change(Value& value);

  // A value of the stock, small or large.
  Value AnyPart();

  // Changes, adds or removes a few bytes.
  void ChangeBytes(std::string& text);

 private:
  void ChangeHere(Value& value);
  void ChangeMap(Value& value);
  void ChangeList(Value& value);
  void ChangeText(Value& value);
  Value AnyScalar();

  const std::string& AnyWord() { return random_.Of(words_); }

  RandomChoice& random_;
  std::vector<const Value*> seeds_;
  std::vector<std::string> words_;  // keys and strings of the seeds
};

}  // namespace twingraph

#pragma once

// What holds for every value that is checked against a valid set of models.
// Ends the process where a law is broken (law.h). One thread at a time.

#include <cstddef>
#include <string>

#include "server/dtdl/instance.h"
#include "server/dtdl/model_index.h"
#include "tests/checks/json_mutator.h"
#include "tests/checks/random_choice.h"

namespace twingraph {

class InstanceLaws {
 public:
  // Both outlive this.
  InstanceLaws(RandomChoice& random, JsonMutator& mutator)
      : random_(random), mutator_(mutator) {}

  // Values for some of the schemas and models of a set: made to conform, made
  // to be wrong in one place, damaged, and made of anything.
  void Check(const dtdl::ModelIndex& index);

  size_t checks() const { return checks_; }

  size_t conforming() const { return conforming_; }

 private:
  void CheckModel(const dtdl::ModelIndex& index,
                  const dtdl::EffectiveModel& model);
  void CheckSchema(const dtdl::Schema& schema);
  // Does the value conform? Then also in the form that it gets.
  bool CheckAny(const dtdl::Schema& schema, dtdl::NumberForm form,
                const Value& value);
  void CheckTwin(const dtdl::ModelIndex& index,
                 const dtdl::EffectiveModel& model);
  // Does the twin conform? Asks by the model's id and by JSON text.
  bool CheckTwinText(const dtdl::ModelIndex& index,
                     const dtdl::EffectiveModel& model, const Value& twin,
                     std::vector<FieldViolation>& violations);

  RandomChoice& random_;
  JsonMutator& mutator_;
  size_t checks_ = 0;
  size_t conforming_ = 0;
};

}  // namespace twingraph

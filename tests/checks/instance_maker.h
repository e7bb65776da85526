#pragma once

// Makes values that conform to a schema, and values that are wrong in one place
// that is known. What conforms is written down here once more and on its own:
// the checker is held against it. One thread at a time.

#include <optional>
#include <string>

#include "server/dtdl/effective_model.h"
#include "server/dtdl/instance.h"
#include "server/dtdl/model.h"
#include "storage/value/value.h"
#include "tests/checks/random_choice.h"

namespace twingraph {

// A value with one thing wrong, and the place that a violation must name.
struct WrongValue {
  Value value;
  std::string place;
};

class InstanceMaker {
 public:
  // `random` outlives this.
  InstanceMaker(RandomChoice& random, dtdl::NumberForm form)
      : random_(random), form_(form) {}

  // Nothing where the schema asks for too deep a value or is an empty Enum.
  std::optional<Value> Make(const dtdl::Schema& schema, int depth = 0);

  // `place` is what the checker calls the value.
  WrongValue MakeWrong(const dtdl::Schema& schema, const std::string& place,
                       int depth = 0);

  // Properties and components of a twin. `models` knows those of components.
  std::optional<Value> MakeTwin(const dtdl::EffectiveModel& model,
                                dtdl::EffectiveModelLookup models);

 private:
  Value MakeInteger(dtdl::SchemaKind kind);
  Value MakeDouble(double limit);
  std::optional<Value> MakeEnum(const dtdl::Schema& schema);
  std::optional<Value> MakeObject(const dtdl::Schema& schema, int depth);
  std::string MakeText(dtdl::SchemaKind kind);
  std::string Digits(size_t count);
  std::string Clock();
  std::string Day();

  std::optional<WrongValue> MakeWrongInside(const dtdl::Schema& schema,
                                            const std::string& place,
                                            int depth);
  // A value of a kind or range that the schema does not take.
  Value MakeOther(const dtdl::Schema& schema);
  Value MakeOutOfRange(const dtdl::Schema& schema);

  RandomChoice& random_;
  const dtdl::NumberForm form_;
};

}  // namespace twingraph

#pragma once

// Do the contents of a twin or component conform to a model? One implementation
// for every write and for offline checks. Source: DTDL.v4.md, "Interface",
// "Component"; values are instance.h's. Pure.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/dtdl/effective_model.h"
#include "server/dtdl/instance.h"
#include "storage/base/status.h"
#include "storage/value/value.h"

namespace twingraph::dtdl {

// What is made of a component that the contents lack.
enum class MissingComponent {
  kRefuse,  // a violation, as the language wants it
  kAdd,     // an empty one, for twins that devices make
};

// Checks contents and brings values into their stored form, as CheckInstance
// does. One thread at a time.
class TwinChecker {
 public:
  // All outlive this. `models` knows those of components.
  TwinChecker(EffectiveModelLookup models, NumberForm form,
              std::vector<FieldViolation>& violations)
      : models_(models), form_(form), violations_(violations) {}

  // Checks a map of properties and components. Adds one violation for each
  // wrong place, with `path` in front: "contents.thermostat.target".
  // REQUIRES: contents.is_map().
  void CheckContents(const EffectiveModel& model, MissingComponent missing,
                     const std::string& path, Value& contents);

  // Checks one property or component of a twin.
  void CheckMember(const EffectiveModel& model, const std::string& name,
                   const std::string& path, Value& value);

  // Checks one property of a twin or component.
  void CheckProperty(const EffectiveModel& model, const std::string& name,
                     const std::string& path, Value& value);

  // Checks what the component `component` of a twin holds.
  void CheckComponent(const Content& component, const std::string& path,
                      Value& value);

  // Sees to the components that the contents lack.
  void CheckMissing(const EffectiveModel& model, MissingComponent missing,
                    const std::string& path, Value& contents);

 private:
  EffectiveModelLookup models_;
  const NumberForm form_;
  std::vector<FieldViolation>& violations_;
};

}  // namespace twingraph::dtdl

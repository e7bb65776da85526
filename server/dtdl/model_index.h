#pragma once

// A set of valid models to ask and to check instances against, without a
// server. Immutable; any thread may read.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"

#include "server/dtdl/effective_model.h"
#include "server/dtdl/json_tree.h"
#include "storage/base/status.h"
#include "storage/value/value.h"

namespace twingraph::dtdl {

// What instances are checked against: exactly one of the two is set.
struct Subject {
  const Schema* schema = nullptr;  // itself, or of a property or telemetry
  std::shared_ptr<const EffectiveModel> model;  // of a twin or a component
};

class ModelIndex {
 public:
  // REQUIRES: the interfaces are a set without problems.
  explicit ModelIndex(
      const std::vector<std::shared_ptr<const Interface>>& interfaces);

  // A model by id; null if there is none.
  std::shared_ptr<const EffectiveModel> Find(absl::string_view id) const;

  // All models by id.
  const absl::btree_map<std::string, std::shared_ptr<const EffectiveModel>>&
  models() const {
    return models_;
  }

  // What an id stands for: a schema of the language or of a model, a property,
  // telemetry or component (by its own id or the one made for it), or a model,
  // whose instances are twins. Nothing for commands and relationships.
  std::optional<Subject> FindSubject(absl::string_view id) const;

  // Does the value that the JSON text holds conform? Adds one violation for
  // each wrong place, "value.thermostat.target"; text that is not JSON is one.
  // Members of twins and components that begin with "$" are not looked at.
  bool Check(const Subject& subject, absl::string_view json,
             std::vector<FieldViolation>& violations) const;

 private:
  void CheckTwin(const EffectiveModel& model, const JsonNode& node,
                 Value& value, std::vector<FieldViolation>& violations) const;
  void CheckSignsIn(const EffectiveModel& model, const std::string& path,
                    const JsonNode& node,
                    std::vector<FieldViolation>& violations) const;

  absl::btree_map<std::string, std::shared_ptr<const EffectiveModel>> models_;
};

// The id of a content: its own, or the one made for it.
std::string IdOf(const Interface& interface, const Content& content);

}  // namespace twingraph::dtdl

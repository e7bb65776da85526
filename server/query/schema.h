#pragma once

// What binding needs from the models: an interface that the query layer owns,
// implemented over the catalog by the engine. A schema is immutable: it stands
// for the model set of one revision. Safe from any thread.

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/query/document.h"

namespace twingraph::query {

// A set of models, as a bitmap over their numbers. Value type.
class ModelSet {
 public:
  void Insert(ModelNumber model) {
    if (model >= bits_.size()) {
      bits_.resize(model + 1);
    }
    bits_[model] = true;
  }

  bool Contains(ModelNumber model) const {
    return model < bits_.size() && bits_[model];
  }

  // The members in ascending order.
  std::vector<ModelNumber> Members() const {
    std::vector<ModelNumber> members;
    for (ModelNumber model = 0; model < bits_.size(); ++model) {
      if (bits_[model]) {
        members.push_back(model);
      }
    }
    return members;
  }

 private:
  std::vector<bool> bits_;
};

class Schema {
 public:
  virtual ~Schema() = default;

  // The models whose twins IS_OF_MODEL('dtmi') accepts: each one for which
  // IsModelOrNewer(itself or one that it extends, dtmi) holds; with `exact`,
  // the model of that id alone. Empty for an id that is no model.
  virtual ModelSet ModelsOf(absl::string_view dtmi, bool is_exact) const = 0;
};

// True if `model` has the DTMI path of `wanted` and the same or a newer
// version: dtmi:a:Room;2 for dtmi:a:Room;1. A minor version that is missing is
// 0, a version that is missing is the lowest.
bool IsModelOrNewer(absl::string_view model, absl::string_view wanted);

}  // namespace twingraph::query

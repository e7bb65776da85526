#pragma once

// A model with all that it inherits: what a twin or component of it may hold.
// Immutable once made; any thread may read.

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

#include "server/dtdl/model.h"
#include "server/dtdl/parser.h"

namespace twingraph::dtdl {

struct EffectiveModel {
  std::shared_ptr<const Interface> interface;
  // All that it extends, nearest first.
  std::vector<std::shared_ptr<const Interface>> ancestors;
  // Own and inherited contents, sorted by name.
  std::vector<EffectiveContent> contents;

  const std::string& id() const { return interface->id; }

  // A content by name; null if there is none.
  const Content* Find(absl::string_view name) const;

  // Is it the model `id`, or does it extend it?
  bool IsA(absl::string_view id) const;
};

// Finds a model by id; null if there is none.
using EffectiveModelLookup =
    absl::FunctionRef<std::shared_ptr<const EffectiveModel>(
        absl::string_view id)>;

// Joins an interface with what it extends. REQUIRES: `lookup` knows all of
// that.
EffectiveModel MakeEffectiveModel(std::shared_ptr<const Interface> interface,
                                  InterfaceLookup lookup);

}  // namespace twingraph::dtdl

// Covered by tests/server/dtdl/twin_instance_test.cc.
#include "server/dtdl/effective_model.h"

#include <algorithm>
#include <utility>

namespace twingraph::dtdl {

const Content* EffectiveModel::Find(absl::string_view name) const {
  const auto found = std::lower_bound(
      contents.begin(), contents.end(), name,
      [](const EffectiveContent& each, absl::string_view wanted) {
        return absl::string_view(each.content->name) < wanted;
      });
  return found != contents.end() && found->content->name == name
             ? found->content
             : nullptr;
}

bool EffectiveModel::IsA(absl::string_view id) const {
  return interface->id == id ||
         std::any_of(ancestors.begin(), ancestors.end(),
                     [&](const auto& ancestor) { return ancestor->id == id; });
}

EffectiveModel MakeEffectiveModel(std::shared_ptr<const Interface> interface,
                                  InterfaceLookup lookup) {
  EffectiveModel model;
  model.ancestors = AncestorsOf(*interface, lookup);
  model.contents = EffectiveContents(*interface, model.ancestors);
  model.interface = std::move(interface);
  return model;
}

}  // namespace twingraph::dtdl

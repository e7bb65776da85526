#include "server/catalog/catalog.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace twingraph::catalog {
namespace {

// Is `dtmi` the wanted path in the wanted version or a newer one?
bool IsSameOrNewer(const dtdl::Dtmi& dtmi, const dtdl::Dtmi& wanted) {
  return dtmi.version >= wanted.version && dtmi.path == wanted.path;
}

}  // namespace

std::shared_ptr<const EffectiveModel> Catalog::Find(
    absl::string_view id) const {
  const auto found = models_.find(id);
  return found == models_.end() ? nullptr : found->second;
}

query::ModelSet Catalog::ModelsOf(absl::string_view dtmi, bool is_exact) const {
  query::ModelSet set;
  if (is_exact) {
    if (const auto model = Find(dtmi)) {
      set.Insert(graph::ToInt(model->number));
    }
    return set;
  }
  const std::optional<dtdl::Dtmi> wanted = dtdl::ParseDtmi(dtmi);
  if (!wanted.has_value()) {
    return set;
  }
  for (const auto& [id, model] : models_) {
    const bool matches =
        IsSameOrNewer(model->interface->dtmi, *wanted) ||
        std::any_of(model->ancestors.begin(), model->ancestors.end(),
                    [&](const auto& ancestor) {
                      return IsSameOrNewer(ancestor->dtmi, *wanted);
                    });
    if (matches) {
      set.Insert(graph::ToInt(model->number));
    }
  }
  return set;
}

std::shared_ptr<const EffectiveModel> MakeEffectiveModel(
    graph::ModelNumber number, std::shared_ptr<const dtdl::Interface> interface,
    dtdl::InterfaceLookup lookup) {
  auto model = std::make_shared<EffectiveModel>();
  static_cast<dtdl::EffectiveModel&>(*model) =
      dtdl::MakeEffectiveModel(std::move(interface), lookup);
  model->number = number;
  return model;
}

}  // namespace twingraph::catalog

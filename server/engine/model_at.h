#pragma once

// Models as of a reader's revision. The catalog knows the newest ones; it
// answers for an older revision where the model was stored by then, because a
// model never changes while it is stored. Others come from the store.

#include <memory>

#include "absl/status/statusor.h"

#include "server/catalog/catalog.h"
#include "server/engine/model.h"
#include "server/engine/parts.h"
#include "storage/graph/graph_reader.h"

namespace twingraph::engine {

// The interface of a model that `reader` found.
// Errors: STORE_CORRUPT; those of GraphReader.
absl::StatusOr<std::shared_ptr<const dtdl::Interface>> InterfaceAt(
    const Parts& parts, const Context& ctx, const graph::GraphReader& reader,
    const graph::ModelRecord& record);

// The same with what it extends.
absl::StatusOr<std::shared_ptr<const catalog::EffectiveModel>> EffectiveModelAt(
    const Parts& parts, const Context& ctx, const graph::GraphReader& reader,
    const graph::ModelRecord& record);

// Models by id with all that they extend or have as components, in byte order
// of ids.
// Errors: MODEL_NOT_FOUND.
absl::StatusOr<std::vector<graph::ModelRecord>> WithDependencies(
    const Context& ctx, const graph::GraphReader& reader,
    std::vector<std::string> ids);

// What a read gives of a model, without its definition.
Model ToModel(const Parts& parts, const graph::ModelRecord& record,
              const dtdl::Interface& interface);

}  // namespace twingraph::engine

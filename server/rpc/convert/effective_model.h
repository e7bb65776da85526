#pragma once

// Effective models from domain to proto. Pure.

#include "absl/status/status.h"

#include "server/engine/model.h"
#include "server/rpc/convert/wire_writer.h"

namespace twingraph::rpc {

// Writes the content of a v1.EffectiveModel.
// Errors: those of WriteModel.
absl::Status WriteEffectiveModel(const engine::EffectiveModel& model,
                                 WireWriter& writer);

}  // namespace twingraph::rpc

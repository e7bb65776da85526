#pragma once

// The steps of a write to one twin, inside a transaction. Used by the twin
// operations and by devices.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/catalog/twin_check.h"
#include "server/engine/parts.h"
#include "server/engine/twin.h"
#include "server/engine/twin_patch.h"
#include "server/engine/twin_times.h"
#include "storage/graph/graph_writer.h"

namespace twingraph::engine {

// The model of new contents.
// Errors: NOT_FOUND / MODEL_NOT_FOUND.
absl::StatusOr<std::shared_ptr<const catalog::EffectiveModel>> ModelOf(
    const catalog::Catalog& catalog, absl::string_view id);

// Takes "$metadata" out of exported contents: the source times in it are added
// to `input`, the rest is dropped.
// Errors: CONTENT_INVALID for a source time that is no time.
absl::Status TakeMetadata(TwinInput& input);

// What becomes of contents that do not conform to the model.
enum class ContentRule {
  kConform,  // they are refused
  kKeep,     // what does not conform is kept as it came
};

// Checks contents against the model and the limits, and canonicalises them.
// Errors: INVALID_ARGUMENT / CONTENT_INVALID with all violations;
// LIMIT_EXCEEDED.
absl::Status CheckContents(const Parts& parts, const catalog::Catalog& catalog,
                           const catalog::EffectiveModel& model,
                           absl::string_view twin, ContentRule rule,
                           Value& contents);

// Notes in `times` what a draft changed at `now`, by the model's components.
void NoteChanges(const catalog::EffectiveModel& model, const TwinDraft& draft,
                 absl::Time now, TwinTimes& times);

}  // namespace twingraph::engine

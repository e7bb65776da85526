#pragma once

// Models between proto and domain. Pure.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "server/engine/model_ops.h"
#include "server/rpc/convert/wire_writer.h"
#include "twingraph/v1/model.pb.h"

namespace twingraph::rpc {

// Does this view hold the definition?
bool HasDefinition(v1::ModelView view);

// Writes the content of a v1.Model.
// Errors: DATA_LOSS / STORE_CORRUPT for a stored definition that is no JSON.
absl::Status WriteModel(const engine::Model& model, v1::ModelView view,
                        WireWriter& writer);

// Writes the content of a v1.ModelDiagnostic. `struct_count`: so many of the
// documents came as objects, which have no lines.
void WriteDiagnostic(const engine::ModelProblem& problem, int struct_count,
                     WireWriter& writer);

// The documents of an upload as JSON texts: `models`, then `documents`.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for an upload without documents, or
// content that is no JSON.
absl::StatusOr<std::vector<std::string>> ToDocuments(
    const v1::UploadModelsRequest& request);

}  // namespace twingraph::rpc

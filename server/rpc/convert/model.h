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

// Writes a map of texts by language tag in `field`.
void WriteTexts(int field, const engine::LocalizedText& texts,
                WireWriter& writer);

// Diagnostics that one response holds.
inline constexpr size_t kDiagnosticLimit = 5'000;

// Writes the diagnostics of a v1.UploadModelsResponse, the first
// kDiagnosticLimit, and their count. `struct_count`: so many of the documents
// came as objects, which have no lines.
void WriteDiagnostics(const std::vector<engine::ModelProblem>& problems,
                      int struct_count, WireWriter& writer);

// The documents of an upload as JSON texts: `models`, then `documents`.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for an upload without documents, or
// content that is no JSON.
absl::StatusOr<std::vector<std::string>> ToDocuments(
    const v1::UploadModelsRequest& request);

// Which models to list.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for a state that is not known.
absl::StatusOr<engine::ListModelsOptions> ToListOptions(
    const v1::ListModelsRequest& request);

}  // namespace twingraph::rpc

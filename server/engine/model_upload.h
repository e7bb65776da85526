#pragma once

// One upload: the documents, what is wrong with them, and what of them is new.
// Reads the documents once, outside the transaction; the transaction that
// stores them checks that the models which they were read against are still
// those that there are. Not thread-safe.

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"

#include "server/catalog/catalog_follower.h"
#include "server/engine/model.h"
#include "server/engine/parts.h"
#include "storage/base/context.h"
#include "storage/base/status.h"
#include "storage/graph/graph_writer.h"

namespace twingraph::engine {

class ModelUpload {
 public:
  // All outlive this object. The first `object_count` documents were given as
  // objects, not as texts: errors name no lines of them. Work ends with
  // CALL_ENDED when `ctx` does.
  ModelUpload(Parts& parts, const Context& ctx,
              const std::vector<std::string>& documents, size_t object_count);

  // Stores what is new. May run again.
  // Errors: INVALID_FIELD without documents; LIMIT_EXCEEDED, also where models
  // would take more memory than they may; INVALID_MODEL,
  // MODEL_DEPENDENCY_MISSING, MODEL_ALREADY_EXISTS.
  absl::Status Store(const Context& ctx, graph::GraphWriter& writer);

  // Store for its errors only: what is wrong with the documents becomes
  // `problems`.
  absl::Status Check(const Context& ctx, graph::GraphWriter& writer,
                     std::vector<ModelProblem>& problems);

  // The models of the last run, which was stored by commit `revision` (0: not
  // stored).
  std::vector<Model> Models(graph::Revision revision) const;

  // The models as they were after an earlier upload of the same documents.
  absl::StatusOr<std::vector<Model>> ModelsAt(
      const Context& ctx, const graph::GraphReader& reader) const;

 private:
  // Reads the documents against the catalog, unless that was done.
  absl::Status Read();
  absl::Status CheckLimits() const;
  // The error of a set with problems: the first of them, and how many there
  // are.
  absl::Status InvalidModels() const;
  absl::Status Problems(v1::ErrorReason reason,
                        const std::vector<ModelProblem>& problems,
                        ErrorMetadata metadata) const;
  FieldViolation ToViolation(const ModelProblem& problem) const;
  absl::Status CreateNew(const Context& ctx, graph::GraphWriter& writer);

  Parts& parts_;
  const Context& ctx_;
  const std::vector<std::string>& documents_;
  const size_t object_count_;
  std::shared_ptr<const catalog::Catalog> catalog_;  // read against
  dtdl::ParsedModels set_;
  // Indexes in set_ of models that are stored with another definition.
  std::vector<size_t> conflicts_;
  // In the order of set_, after a run.
  std::vector<graph::ModelRecord> records_;
  std::unique_ptr<catalog::CatalogFollower::Offer> offer_;
};

}  // namespace twingraph::engine

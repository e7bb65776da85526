#pragma once

// What can be done with models. Safe from any thread; calls block. Errors of
// every operation: see twin_ops.h.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/engine/call_options.h"
#include "server/engine/model.h"
#include "storage/base/context.h"

namespace twingraph::engine {

struct Parts;

class ModelOps {
 public:
  // `parts` outlives this object.
  explicit ModelOps(Parts& parts) : parts_(parts) {}

  // Stores all interfaces of the documents (JSON texts, each one interface or
  // an array of them) in one commit, or none of them. Their order does not
  // matter. A model that is stored already and says the same is left alone,
  // whatever its state. The first `object_count` documents were given as
  // objects: errors call them models[0], the others documents[0].
  // Errors: INVALID_MODEL with the first problems and their count;
  // MODEL_DEPENDENCY_MISSING; MODEL_ALREADY_EXISTS with other content;
  // LIMIT_EXCEEDED.
  absl::StatusOr<At<UploadResult>> Upload(
      const Context& ctx, const std::vector<std::string>& documents,
      const WriteOptions& options, size_t object_count = 0);

  // Errors: MODEL_NOT_FOUND.
  absl::StatusOr<At<Model>> Get(const Context& ctx, absl::string_view id,
                                ModelView view, const ReadOptions& options);

  // Errors: MODEL_NOT_FOUND.
  absl::StatusOr<At<EffectiveModel>> GetEffective(const Context& ctx,
                                                  absl::string_view id,
                                                  const ReadOptions& options);

  // Models in byte order of their ids.
  // Errors: MODEL_NOT_FOUND for one of `ids`; LIMIT_EXCEEDED for too many.
  absl::StatusOr<Page<Model>> List(const Context& ctx,
                                   const ListModelsOptions& what,
                                   const PageRequest& page,
                                   const ReadOptions& options);

  // Closes a model to new twins, or opens it again. A model that is so already
  // is left alone.
  // Errors: MODEL_NOT_FOUND; MODEL_IN_USE for closing the built-in one;
  // ETAG_MISMATCH.
  absl::StatusOr<At<Model>> Decommission(const Context& ctx,
                                         absl::string_view id,
                                         const WriteOptions& options);
  absl::StatusOr<At<Model>> Reactivate(const Context& ctx, absl::string_view id,
                                       const WriteOptions& options);

  // Errors: MODEL_NOT_FOUND; MODEL_IN_USE while other models extend it or have
  // it as a component, while twins are of it, or when it is built in;
  // ETAG_MISMATCH.
  absl::StatusOr<Done> Delete(const Context& ctx, absl::string_view id,
                              const WriteOptions& options);

 private:
  absl::StatusOr<At<Model>> SetState(const Context& ctx, absl::string_view id,
                                     bool is_decommissioned,
                                     const WriteOptions& options);

  Parts& parts_;
};

}  // namespace twingraph::engine

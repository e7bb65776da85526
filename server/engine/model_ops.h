#pragma once

// What can be done with models. Safe from any thread; calls block. Errors of
// every operation: see twin_ops.h.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/engine/call_options.h"
#include "storage/base/context.h"

namespace twingraph::engine {

struct Parts;

// A text in several languages: language tag -> text, in order of the tags.
using LocalizedText = std::vector<std::pair<std::string, std::string>>;

struct Model {
  std::string id = {};  // DTMI
  LocalizedText display_name = {};
  LocalizedText description = {};
  int dtdl_version = 0;
  bool decommissioned = false;
  absl::Time upload_time;
  // The document as it was uploaded (JSON); only where it was asked for.
  std::string definition = {};
};

// One problem of an uploaded document.
struct ModelProblem {
  std::string rule = {};   // stable id of the DTDL rule
  size_t document = 0;     // index in the upload
  std::string model = {};  // DTMI of the interface, where it is known
  std::string path = {};   // place inside the document
  int line = 0;            // 1-based, 0: unknown
  int column = 0;
  std::string message = {};
};

struct UploadResult {
  // The models of the documents, in the order of the documents; also those that
  // were there already and are identical.
  std::vector<Model> models = {};
  // Everything that is wrong; filled with validate_only, where wrong documents
  // are an answer and not an error. Empty: the set is valid.
  std::vector<ModelProblem> problems = {};
};

struct ListModelsOptions {
  // Only these models and all that they extend or have as components; empty:
  // every model.
  std::vector<std::string> dependencies_for = {};
  bool with_definition = false;
};

class ModelOps {
 public:
  // `parts` outlives this object.
  explicit ModelOps(Parts& parts) : parts_(parts) {}

  // Stores all interfaces of the documents (JSON texts, each one interface or
  // an array of them) in one commit, or none of them. Their order does not
  // matter. A model that is stored already and says the same is left alone.
  // Errors: INVALID_MODEL with the first problems and their count;
  // MODEL_DEPENDENCY_MISSING; MODEL_ALREADY_EXISTS with other content.
  absl::StatusOr<At<UploadResult>> Upload(
      const Context& ctx, const std::vector<std::string>& documents,
      const WriteOptions& options);

  // Errors: MODEL_NOT_FOUND.
  absl::StatusOr<At<Model>> Get(const Context& ctx, absl::string_view id,
                                bool with_definition,
                                const ReadOptions& options);

  // Models in byte order of their ids.
  // Errors: MODEL_NOT_FOUND for one of `dependencies_for`.
  absl::StatusOr<Page<Model>> List(const Context& ctx,
                                   const ListModelsOptions& what,
                                   const PageRequest& page,
                                   const ReadOptions& options);

  // Errors: MODEL_NOT_FOUND; MODEL_IN_USE while other models extend it or have
  // it as a component, while twins are of it, or when it is built in.
  absl::StatusOr<Done> Delete(const Context& ctx, absl::string_view id,
                              const WriteOptions& options);

 private:
  Parts& parts_;
};

}  // namespace twingraph::engine

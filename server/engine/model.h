#pragma once

// Models as the operations give them. Plain values.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

#include "server/catalog/catalog.h"

namespace twingraph::engine {

// A text in several languages: language tag -> text, in order of the tags.
using LocalizedText = std::vector<std::pair<std::string, std::string>>;

struct Model {
  std::string id = {};  // DTMI
  LocalizedText display_name = {};
  LocalizedText description = {};
  int dtdl_version = 0;
  absl::Time upload_time;
  // Since when it takes no new twins; nullopt while it does.
  std::optional<absl::Time> decommission_time = {};
  // Of its last change of state; empty for a state that is not stored.
  std::string etag = {};
  // The document as it was uploaded (JSON); only where it was asked for.
  std::string definition = {};
};

// A model with everything that follows from what it extends.
struct EffectiveModel {
  Model model;
  std::shared_ptr<const catalog::EffectiveModel> effective;
};

// One problem of an uploaded document.
struct ModelProblem {
  std::string rule = {};     // stable id of the rule
  size_t document = 0;       // index in the upload
  std::string model = {};    // DTMI of the interface, where it is known
  std::string element = {};  // DTMI of the element in it, likewise
  std::string path = {};     // place inside the document
  int line = 0;              // 1-based, 0: unknown
  int column = 0;
  std::string message = {};
};

struct UploadResult {
  // The models of the documents, in the order of the documents; also those that
  // were there already and are identical. Empty where there are problems.
  std::vector<Model> models = {};
  // Everything that is wrong; filled with validate_only, where wrong documents
  // are an answer and not an error. Empty: the set is valid.
  std::vector<ModelProblem> problems = {};
};

// How much of a model a read gives.
struct ModelView {
  bool has_definition = false;
  // The definition stands alone: what the model inherits is part of it.
  bool has_base_contents = false;
};

struct ListModelsOptions {
  // Only these models; empty: every model.
  std::vector<std::string> ids = {};
  // Also what those extend or have as components, at any distance.
  bool include_dependencies = false;
  // Only models that are, or are not, decommissioned.
  std::optional<bool> is_decommissioned = {};
  bool has_definition = false;
};

}  // namespace twingraph::engine

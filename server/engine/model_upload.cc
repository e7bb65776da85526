// Covered by tests/server/engine/model_ops_test.cc.
#include "server/engine/model_upload.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/parser.h"
#include "server/engine/model_at.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::engine {
namespace {

// Do two documents say the same, whatever their white space and key order?
bool SaysTheSame(const std::string& a, const std::string& b) {
  if (a == b) {
    return true;
  }
  const auto left = ParseJsonValue(a);
  const auto right = ParseJsonValue(b);
  return left.ok() && right.ok() && *left == *right;
}

std::string NeedsText(const dtdl::MissingReference& each) {
  return absl::StrCat("the model ", each.model, " needs ", each.missing,
                      ", which is neither stored nor in the upload");
}

std::string ExistsText(absl::string_view id) {
  return absl::StrCat("the model ", id,
                      " is stored with another definition; a model never "
                      "changes: give the new one a new version");
}

// Finds the interface that an element belongs to. The id of an element that the
// document does not name is that of what holds it, with more segments before
// the version; an element with an id of its own is found by its document, if
// there is one interface in that.
class ModelFinder {
 public:
  // `set` outlives this.
  explicit ModelFinder(const dtdl::ParsedModels& set) : set_(set) {
    for (size_t i = 0; i < set.interfaces.size(); ++i) {
      ids_.insert(set.interfaces[i]->id);
      const auto [only, is_first] = only_.emplace(set.documents[i], i);
      if (!is_first) {
        only->second.reset();
      }
    }
  }

  std::string ModelOf(const dtdl::Diagnostic& diagnostic) const {
    const absl::string_view id = diagnostic.element;
    const size_t own = id.find(":_");
    const size_t version = id.rfind(';');
    std::string holder(id.substr(0, std::min(own, version)));
    if (version != absl::string_view::npos) {
      absl::StrAppend(&holder, id.substr(version));
    }
    const auto only = only_.find(diagnostic.document);
    return ids_.contains(holder) || only == only_.end() ||
                   !only->second.has_value()
               ? holder
               : set_.interfaces[*only->second]->id;
  }

 private:
  const dtdl::ParsedModels& set_;
  absl::flat_hash_set<absl::string_view> ids_;
  // Index of the one interface of a document; nullopt where there are more.
  absl::flat_hash_map<int, std::optional<size_t>> only_;
};

std::vector<ModelProblem> ToProblems(const dtdl::ParsedModels& set,
                                     const std::vector<size_t>& conflicts) {
  std::vector<ModelProblem> problems;
  problems.reserve(set.diagnostics.size());
  const ModelFinder finder(set);
  for (const dtdl::Diagnostic& each : set.diagnostics) {
    problems.push_back({.rule = each.rule,
                        .document = static_cast<size_t>(each.document),
                        .model = finder.ModelOf(each),
                        .element = each.element,
                        .path = each.path,
                        .line = each.line,
                        .column = each.column,
                        .message = each.message});
  }
  for (const dtdl::MissingReference& each : set.missing) {
    problems.push_back({.rule = each.place.rule,
                        .document = static_cast<size_t>(each.place.document),
                        .model = each.model,
                        .element = each.place.element,
                        .path = each.place.path,
                        .line = each.place.line,
                        .column = each.place.column,
                        .message = NeedsText(each)});
  }
  for (const size_t index : conflicts) {
    const std::string& id = set.interfaces[index]->id;
    problems.push_back({.rule = "modelAlreadyExists",
                        .document = static_cast<size_t>(set.documents[index]),
                        .model = id,
                        .element = id,
                        .line = 1,
                        .column = 1,
                        .message = ExistsText(id)});
  }
  return problems;
}

}  // namespace

ModelUpload::ModelUpload(Parts& parts, const Context& ctx,
                         const std::vector<std::string>& documents,
                         size_t object_count)
    : parts_(parts),
      ctx_(ctx),
      documents_(documents),
      object_count_(object_count) {
  // What it fails with, Store and Check fail with too.
  if (Read().ok()) {
    offer_ = std::make_unique<catalog::CatalogFollower::Offer>(parts.catalog,
                                                               set_.interfaces);
  }
}

absl::Status ModelUpload::Store(const Context& ctx,
                                graph::GraphWriter& writer) {
  RETURN_IF_ERROR(Read());
  RETURN_IF_ERROR(CheckLimits());
  return set_.ok() && conflicts_.empty() ? CreateNew(ctx, writer)
                                         : InvalidModels();
}

absl::Status ModelUpload::Check(const Context& ctx, graph::GraphWriter& writer,
                                std::vector<ModelProblem>& problems) {
  RETURN_IF_ERROR(Read());
  RETURN_IF_ERROR(CheckLimits());
  problems = ToProblems(set_, conflicts_);
  return problems.empty() ? CreateNew(ctx, writer) : absl::OkStatus();
}

std::vector<Model> ModelUpload::Models(graph::Revision revision) const {
  std::vector<Model> models;
  for (size_t i = 0; i < records_.size(); ++i) {
    Model& model =
        models.emplace_back(ToModel(parts_, records_[i], *set_.interfaces[i]));
    if (model.etag.empty() && revision != 0) {
      model.etag = parts_.EtagOf(revision);
    }
  }
  return models;
}

absl::StatusOr<std::vector<Model>> ModelUpload::ModelsAt(
    const Context& ctx, const graph::GraphReader& reader) const {
  std::vector<Model> models;
  for (const auto& interface : set_.interfaces) {
    ASSIGN_OR_RETURN(const auto record, reader.FindModel(ctx, interface->id));
    if (record.has_value()) {
      models.push_back(ToModel(parts_, *record, *interface));
    }
  }
  return models;
}

absl::Status ModelUpload::Read() {
  auto current = parts_.catalog.Current();
  if (current == catalog_) {
    return absl::OkStatus();
  }
  catalog_ = nullptr;
  size_t bytes = 0;
  for (const std::string& document : documents_) {
    bytes += document.size();
  }
  RETURN_IF_ERROR(parts_.model_memory->CheckDocuments(bytes));
  dtdl::ParseOptions options;
  options.keep_going = [this] { return ctx_.Check().ok(); };
  set_ = dtdl::ParseModels(
      documents_,
      [&](absl::string_view id) -> std::shared_ptr<const dtdl::Interface> {
        const auto model = current->Find(id);
        return model == nullptr ? nullptr : model->interface;
      },
      options);
  if (!set_.is_complete) {
    return ctx_.Check();
  }
  conflicts_.clear();
  for (size_t i = 0; i < set_.interfaces.size(); ++i) {
    const auto stored = current->Find(set_.interfaces[i]->id);
    if (stored != nullptr &&
        !SaysTheSame(stored->interface->text, set_.interfaces[i]->text)) {
      conflicts_.push_back(i);
    }
  }
  catalog_ = std::move(current);
  return absl::OkStatus();
}

absl::Status ModelUpload::InvalidModels() const {
  const std::vector<ModelProblem> problems = ToProblems(set_, conflicts_);
  if (!set_.diagnostics.empty()) {
    return Problems(v1::ERROR_REASON_INVALID_MODEL, problems, {});
  }
  if (!set_.missing.empty()) {
    return Problems(v1::ERROR_REASON_MODEL_DEPENDENCY_MISSING, problems,
                    {{"missing", set_.missing.front().missing},
                     {"count", absl::StrCat(set_.missing.size())}});
  }
  const std::string& id = set_.interfaces[conflicts_.front()]->id;
  return AlreadyExists(
      v1::ERROR_REASON_MODEL_ALREADY_EXISTS, ExistsText(id),
      {{"model", id}, {"count", absl::StrCat(conflicts_.size())}});
}

absl::Status ModelUpload::Problems(v1::ErrorReason reason,
                                   const std::vector<ModelProblem>& problems,
                                   ErrorMetadata metadata) const {
  std::vector<FieldViolation> violations;
  violations.reserve(problems.size());
  for (const ModelProblem& each : problems) {
    violations.push_back(ToViolation(each));
  }
  const ModelProblem& first = problems.front();
  const bool has_lines = first.document >= object_count_;
  absl::Status status = InvalidFields(reason, violations, metadata);
  AddMetadata(status, "rule", first.rule);
  AddMetadata(status, "model", first.model);
  AddMetadata(status, "element", first.element);
  AddMetadata(status, "path", first.path);
  AddMetadata(status, "document", absl::StrCat(first.document));
  AddMetadata(status, "line", absl::StrCat(has_lines ? first.line : 0));
  AddMetadata(status, "column", absl::StrCat(has_lines ? first.column : 0));
  return status;
}

FieldViolation ModelUpload::ToViolation(const ModelProblem& problem) const {
  if (problem.document < object_count_) {
    return {absl::StrCat("models[", problem.document, "]", problem.path),
            absl::StrCat(problem.message, " [", problem.rule, "]")};
  }
  return {absl::StrCat("documents[", problem.document - object_count_, "]",
                       problem.path),
          absl::StrCat(problem.message, " [", problem.rule, ", line ",
                       problem.line, ", column ", problem.column, "]")};
}

absl::Status ModelUpload::CheckLimits() const {
  const Limits& limits = parts_.limits;
  if (documents_.empty()) {
    return InvalidField("documents", "at least one document is needed");
  }
  if (set_.interfaces.size() > limits.models_per_upload) {
    return InvalidArgument(v1::ERROR_REASON_LIMIT_EXCEEDED,
                           absl::StrCat("an upload has at most ",
                                        limits.models_per_upload, " models"),
                           {{"what", "models"},
                            {"count", absl::StrCat(set_.interfaces.size())},
                            {"limit", absl::StrCat(limits.models_per_upload)}});
  }
  for (const auto& interface : set_.interfaces) {
    if (interface->text.size() > limits.model_bytes) {
      return InvalidArgument(
          v1::ERROR_REASON_LIMIT_EXCEEDED,
          absl::StrCat("the model ", interface->id, " takes ",
                       interface->text.size(), " bytes; the limit is ",
                       limits.model_bytes),
          {{"what", "model"},
           {"model", interface->id},
           {"bytes", absl::StrCat(interface->text.size())},
           {"limit", absl::StrCat(limits.model_bytes)}});
    }
  }
  return parts_.model_memory->Check(
      catalog_->BytesWith(set_.interfaces, parts_.model_memory->Room()));
}

absl::Status ModelUpload::CreateNew(const Context& ctx,
                                    graph::GraphWriter& writer) {
  std::vector<graph::ModelDraft> drafts;
  records_.clear();
  for (const auto& interface : set_.interfaces) {
    if (catalog_->Find(interface->id) != nullptr) {
      ASSIGN_OR_RETURN(records_.emplace_back(),
                       writer.reader().GetModel(ctx, interface->id));
      continue;
    }
    drafts.push_back({.id = interface->id,
                      .text = interface->text,
                      .dependencies = interface->Dependencies()});
    records_.push_back({.id = interface->id, .upload_time = writer.time()});
  }
  return drafts.empty() ? absl::OkStatus()
                        : writer.CreateModels(ctx, drafts).status();
}

}  // namespace twingraph::engine

// Covered by tests/server/engine/model_ops_test.cc.
#include "server/engine/model_upload.h"

#include <algorithm>
#include <utility>

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

// The interface that an element belongs to. The id of an element that the
// document does not name is that of what holds it, with more segments before
// the version; an element with an id of its own is found by its document, if
// there is one interface in that.
std::string ModelOf(const dtdl::ParsedModels& set,
                    const dtdl::Diagnostic& diagnostic) {
  absl::string_view id = diagnostic.element;
  const size_t own = id.find(":_");
  const size_t version = id.rfind(';');
  std::string holder(id.substr(0, std::min(own, version)));
  if (version != absl::string_view::npos) {
    absl::StrAppend(&holder, id.substr(version));
  }
  std::string only;
  size_t in_document = 0;
  for (size_t i = 0; i < set.interfaces.size(); ++i) {
    if (set.interfaces[i]->id == holder) {
      return holder;
    }
    if (set.documents[i] == diagnostic.document) {
      ++in_document;
      only = set.interfaces[i]->id;
    }
  }
  return in_document == 1 ? only : holder;
}

std::vector<ModelProblem> ToProblems(const dtdl::ParsedModels& set,
                                     const std::vector<size_t>& conflicts) {
  std::vector<ModelProblem> problems;
  for (const dtdl::Diagnostic& each : set.diagnostics) {
    problems.push_back({.rule = each.rule,
                        .document = static_cast<size_t>(each.document),
                        .model = ModelOf(set, each),
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

// The error of an upload: the first problems, and how many there are.
absl::Status InvalidModels(const dtdl::ParsedModels& set) {
  if (set.diagnostics.empty()) {
    const dtdl::MissingReference& first = set.missing.front();
    return InvalidArgument(v1::ERROR_REASON_MODEL_DEPENDENCY_MISSING,
                           NeedsText(first),
                           {{"model", first.model},
                            {"missing", first.missing},
                            {"count", absl::StrCat(set.missing.size())}});
  }
  std::vector<FieldViolation> violations;
  for (const dtdl::Diagnostic& each : set.diagnostics) {
    violations.push_back(
        {absl::StrCat("documents[", each.document, "]", each.path),
         absl::StrCat(each.message, " [", each.rule, ", line ", each.line,
                      ", column ", each.column, "]")});
  }
  const dtdl::Diagnostic& first = set.diagnostics.front();
  return InvalidFields(v1::ERROR_REASON_INVALID_MODEL, violations,
                       {{"rule", first.rule},
                        {"model", ModelOf(set, first)},
                        {"element", first.element},
                        {"path", first.path},
                        {"line", absl::StrCat(first.line)},
                        {"column", absl::StrCat(first.column)}});
}

}  // namespace

ModelUpload::ModelUpload(Parts& parts,
                         const std::vector<std::string>& documents)
    : parts_(parts), documents_(documents) {
  Read();
  offer_ = std::make_unique<catalog::CatalogFollower::Offer>(parts.catalog,
                                                             set_.interfaces);
}

absl::Status ModelUpload::Store(const Context& ctx,
                                graph::GraphWriter& writer) {
  Read();
  RETURN_IF_ERROR(CheckLimits());
  if (!set_.ok()) {
    return InvalidModels(set_);
  }
  if (!conflicts_.empty()) {
    const std::string& id = set_.interfaces[conflicts_.front()]->id;
    return AlreadyExists(
        v1::ERROR_REASON_MODEL_ALREADY_EXISTS, ExistsText(id),
        {{"model", id}, {"count", absl::StrCat(conflicts_.size())}});
  }
  return CreateNew(ctx, writer);
}

absl::Status ModelUpload::Check(const Context& ctx, graph::GraphWriter& writer,
                                std::vector<ModelProblem>& problems) {
  Read();
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

void ModelUpload::Read() {
  auto current = parts_.catalog.Current();
  if (current == catalog_) {
    return;
  }
  catalog_ = std::move(current);
  set_ = dtdl::ParseModels(
      documents_,
      [this](absl::string_view id) -> std::shared_ptr<const dtdl::Interface> {
        const auto model = catalog_->Find(id);
        return model == nullptr ? nullptr : model->interface;
      });
  conflicts_.clear();
  for (size_t i = 0; i < set_.interfaces.size(); ++i) {
    const auto stored = catalog_->Find(set_.interfaces[i]->id);
    if (stored != nullptr &&
        !SaysTheSame(stored->interface->text, set_.interfaces[i]->text)) {
      conflicts_.push_back(i);
    }
  }
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
  return absl::OkStatus();
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

#include "server/engine/model_ops.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/parser.h"
#include "server/engine/built_in_model.h"
#include "server/engine/parts.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/value/json.h"

namespace twingraph::engine {
namespace {

LocalizedText ToText(const dtdl::LanguageMap& map) {
  return {map.begin(), map.end()};
}

Model ToModel(const dtdl::Interface& interface, absl::Time upload_time,
              bool is_decommissioned, bool with_definition) {
  Model model;
  model.id = interface.id;
  model.display_name = ToText(interface.display_name);
  model.description = ToText(interface.description);
  model.dtdl_version = interface.dtdl_version;
  model.decommissioned = is_decommissioned;
  model.upload_time = upload_time;
  if (with_definition) {
    model.definition = interface.text;
  }
  return model;
}

std::vector<ModelProblem> ToProblems(const dtdl::ParsedModels& set) {
  std::vector<ModelProblem> problems;
  for (const dtdl::Diagnostic& each : set.diagnostics) {
    problems.push_back({.rule = each.rule,
                        .document = static_cast<size_t>(each.document),
                        .model = each.element,
                        .path = each.path,
                        .line = each.line,
                        .column = each.column,
                        .message = each.message});
  }
  for (const dtdl::MissingReference& each : set.missing) {
    problems.push_back(
        {.rule = "missingDependency",
         .document = static_cast<size_t>(each.place.document),
         .model = each.model,
         .path = each.place.path,
         .line = each.place.line,
         .column = each.place.column,
         .message = absl::StrCat("the model ", each.missing,
                                 " is neither stored nor in the upload")});
  }
  return problems;
}

// The error of an upload: the first problems, and how many there are.
absl::Status InvalidModels(const dtdl::ParsedModels& set) {
  if (set.diagnostics.empty()) {
    const dtdl::MissingReference& first = set.missing.front();
    return InvalidArgument(
        v1::ERROR_REASON_MODEL_DEPENDENCY_MISSING,
        absl::StrCat("the model ", first.model, " needs ", first.missing,
                     ", which is neither stored nor in the upload"),
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
                        {"model", first.element},
                        {"path", first.path},
                        {"line", absl::StrCat(first.line)},
                        {"column", absl::StrCat(first.column)}});
}

// Do two documents say the same, whatever their white space and key order?
bool SaysTheSame(const std::string& a, const std::string& b) {
  if (a == b) {
    return true;
  }
  const auto left = ParseJsonValue(a);
  const auto right = ParseJsonValue(b);
  return left.ok() && right.ok() && *left == *right;
}

absl::Status CheckSizes(const std::vector<std::string>& documents,
                        const dtdl::ParsedModels& set, const Limits& limits) {
  if (documents.empty()) {
    return InvalidField("documents", "at least one document is needed");
  }
  if (set.interfaces.size() > limits.models_per_upload) {
    return InvalidArgument(v1::ERROR_REASON_LIMIT_EXCEEDED,
                           absl::StrCat("an upload has at most ",
                                        limits.models_per_upload, " models"),
                           {{"what", "models"},
                            {"count", absl::StrCat(set.interfaces.size())},
                            {"limit", absl::StrCat(limits.models_per_upload)}});
  }
  for (const auto& interface : set.interfaces) {
    if (interface->text.size() > limits.model_bytes) {
      return InvalidArgument(
          v1::ERROR_REASON_LIMIT_EXCEEDED,
          absl::StrCat("the model ", interface->id, " takes ",
                       interface->text.size(), " bytes; the limit is ",
                       limits.model_bytes),
          {{"what", "model"},
           {"bytes", absl::StrCat(interface->text.size())},
           {"limit", absl::StrCat(limits.model_bytes)}});
    }
  }
  return absl::OkStatus();
}

// The models of the set that are not stored yet.
absl::StatusOr<std::vector<graph::ModelDraft>> NewModels(
    const dtdl::ParsedModels& set, const catalog::Catalog& catalog) {
  std::vector<graph::ModelDraft> drafts;
  for (const auto& interface : set.interfaces) {
    const auto stored = catalog.Find(interface->id);
    if (stored == nullptr) {
      drafts.push_back({.id = interface->id,
                        .text = interface->text,
                        .dependencies = interface->Dependencies()});
    } else if (!SaysTheSame(stored->interface->text, interface->text)) {
      return AlreadyExists(
          v1::ERROR_REASON_MODEL_ALREADY_EXISTS,
          absl::StrCat("the model ", interface->id,
                       " is stored with another definition; a model never "
                       "changes: give the new one a new version"),
          {{"model", interface->id}});
    }
  }
  return drafts;
}

std::shared_ptr<const dtdl::Interface> InterfaceOf(
    const catalog::Catalog& catalog, absl::string_view id) {
  const auto model = catalog.Find(id);
  return model == nullptr ? nullptr : model->interface;
}

// `ids` and all that they extend or have as components.
absl::StatusOr<absl::flat_hash_set<std::string>> WithDependencies(
    const catalog::Catalog& catalog, std::vector<std::string> open) {
  absl::flat_hash_set<std::string> all;
  while (!open.empty()) {
    const std::string id = std::move(open.back());
    open.pop_back();
    const auto model = catalog.Find(id);
    if (model == nullptr) {
      return graph::ModelNotFound(id);
    }
    if (all.insert(id).second) {
      for (std::string& needed : model->interface->Dependencies()) {
        open.push_back(std::move(needed));
      }
    }
  }
  return all;
}

absl::StatusOr<Model> ToModel(const Context& ctx,
                              const graph::GraphReader& reader,
                              const graph::ModelRecord& record,
                              const catalog::Catalog& catalog,
                              bool with_definition) {
  if (const auto known = catalog.Find(record.id)) {
    return ToModel(*known->interface, record.upload_time, record.decommissioned,
                   with_definition);
  }
  // At an older revision: deleted since.
  ASSIGN_OR_RETURN(
      const auto texts,
      reader.GetModelTexts(ctx, absl::MakeConstSpan(&record.number, 1)));
  const dtdl::ParsedModels parsed =
      dtdl::ParseModels(texts, [](absl::string_view) { return nullptr; });
  if (parsed.interfaces.empty()) {
    return graph::Damaged("model_text");
  }
  return ToModel(*parsed.interfaces[0], record.upload_time,
                 record.decommissioned, with_definition);
}

}  // namespace

absl::StatusOr<At<UploadResult>> ModelOps::Upload(
    const Context& ctx, const std::vector<std::string>& documents,
    const WriteOptions& options) {
  At<UploadResult> answer;
  dtdl::ParsedModels set;
  const auto upload = [&](graph::GraphWriter& writer) -> absl::Status {
    const auto catalog = parts_.catalog.Current();
    set = dtdl::ParseModels(documents, [&](absl::string_view id) {
      return InterfaceOf(*catalog, id);
    });
    RETURN_IF_ERROR(CheckSizes(documents, set, parts_.limits));
    if (!set.ok()) {
      return InvalidModels(set);
    }
    ASSIGN_OR_RETURN(const auto drafts, NewModels(set, *catalog));
    answer.value.models.clear();
    for (const auto& interface : set.interfaces) {
      absl::Time upload_time = writer.time();
      if (catalog->Find(interface->id) != nullptr) {
        ASSIGN_OR_RETURN(const graph::ModelRecord record,
                         writer.reader().GetModel(ctx, interface->id));
        upload_time = record.upload_time;
      }
      answer.value.models.push_back(
          ToModel(*interface, upload_time, false, false));
    }
    return drafts.empty() ? absl::OkStatus()
                          : writer.CreateModels(ctx, drafts).status();
  };
  const auto info = parts_.Write(ctx, options, upload);
  if (options.validate_only && !info.ok() && !set.ok()) {
    answer.value = {.models = {}, .problems = ToProblems(set)};
    answer.revision = parts_.TokenOf(parts_.graph->commits().head()->revision);
    return answer;
  }
  RETURN_IF_ERROR(info.status());
  if (info->is_repeat) {
    WriteOptions again = options;
    again.request_id.clear();
    return Upload(ctx, documents, again);
  }
  answer.revision = parts_.TokenOf(info->revision);
  return answer;
}

absl::StatusOr<At<Model>> ModelOps::Get(const Context& ctx,
                                        absl::string_view id,
                                        bool with_definition,
                                        const ReadOptions& options) {
  ASSIGN_OR_RETURN(const auto reader, parts_.PointReader(ctx, options));
  ASSIGN_OR_RETURN(const graph::ModelRecord record, reader->GetModel(ctx, id));
  ASSIGN_OR_RETURN(Model model,
                   ToModel(ctx, *reader, record, *parts_.catalog.Current(),
                           with_definition));
  return At<Model>{std::move(model), parts_.TokenOf(reader->revision())};
}

absl::StatusOr<Page<Model>> ModelOps::List(const Context& ctx,
                                           const ListModelsOptions& what,
                                           const PageRequest& page,
                                           const ReadOptions& options) {
  RETURN_IF_ERROR(CheckPage(page, parts_.limits));
  ASSIGN_OR_RETURN(const auto reader, parts_.ListReader(ctx, options));
  const auto catalog = parts_.catalog.Current();
  ASSIGN_OR_RETURN(const auto wanted,
                   WithDependencies(*catalog, what.dependencies_for));
  const auto size = static_cast<size_t>(page.size);
  Page<Model> answer;
  answer.revision = parts_.TokenOf(reader->revision());
  std::string after = page.position;
  bool has_more = true;
  while (has_more && answer.items.size() < size) {
    ASSIGN_OR_RETURN(const auto records, reader->ListModels(ctx, after, size));
    has_more = records.size() == size;
    for (const graph::ModelRecord& record : records) {
      if (answer.items.size() == size) {
        has_more = true;
        break;
      }
      after = record.id;
      if (!what.dependencies_for.empty() && !wanted.contains(record.id)) {
        continue;
      }
      ASSIGN_OR_RETURN(Model model, ToModel(ctx, *reader, record, *catalog,
                                            what.with_definition));
      answer.items.push_back(std::move(model));
    }
  }
  if (has_more) {
    answer.next_position = after;
    parts_.Lease(reader->revision());
  }
  return answer;
}

absl::StatusOr<Done> ModelOps::Delete(const Context& ctx, absl::string_view id,
                                      const WriteOptions& options) {
  if (id == kDeviceModelId) {
    return FailedPrecondition(v1::ERROR_REASON_MODEL_IN_USE,
                              "this model is built in", {{"model", id}});
  }
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   parts_.Write(ctx, options, [&](graph::GraphWriter& writer) {
                     return writer.DeleteModel(ctx, id);
                   }));
  return Done{parts_.TokenOf(info.revision)};
}

}  // namespace twingraph::engine

#include "server/engine/model_ops.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "server/engine/built_in_model.h"
#include "server/engine/flat_definition.h"
#include "server/engine/item_bytes.h"
#include "server/engine/model_at.h"
#include "server/engine/model_upload.h"
#include "server/engine/parts.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::engine {
namespace {

absl::Status BuiltIn(absl::string_view id) {
  return FailedPrecondition(
      v1::ERROR_REASON_MODEL_IN_USE,
      absl::StrCat("the model ", id, " is built into the server"),
      {{"model", id}, {"what", "server"}});
}

// The state that an earlier write of the same request id made, or the newest
// one where that is no longer kept.
absl::StatusOr<std::unique_ptr<graph::GraphReader>> ReaderOf(
    const Parts& parts, const Context& ctx, const commit::CommitInfo& info) {
  auto reader = parts.graph->ReaderAt(ctx, info.revision);
  if (!reader.ok()) {
    reader = parts.graph->Newest();
  }
  return reader;
}

absl::StatusOr<Model> ReadModel(const Parts& parts, const Context& ctx,
                                const graph::GraphReader& reader,
                                const graph::ModelRecord& record,
                                ModelView view) {
  ASSIGN_OR_RETURN(const auto interface,
                   InterfaceAt(parts, ctx, reader, record));
  Model model = ToModel(parts, record, *interface);
  if (view.has_definition && view.has_base_contents) {
    ASSIGN_OR_RETURN(const auto effective,
                     EffectiveModelAt(parts, ctx, reader, record));
    ASSIGN_OR_RETURN(model.definition, FlatDefinition(*effective));
  } else if (view.has_definition) {
    model.definition = interface->text;
  }
  return model;
}

// Walks the models that a list is of, in order of ids.
class ModelWalk {
 public:
  // Both outlive this.
  ModelWalk(const Context& ctx, const graph::GraphReader& reader)
      : ctx_(ctx), reader_(reader) {}

  // Errors: MODEL_NOT_FOUND for one of the ids.
  absl::Status Choose(const ListModelsOptions& what) {
    if (what.ids.empty()) {
      return absl::OkStatus();
    }
    if (what.include_dependencies) {
      ASSIGN_OR_RETURN(chosen_, WithDependencies(ctx_, reader_, what.ids));
      return absl::OkStatus();
    }
    std::vector<std::string> ids = what.ids;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    chosen_.emplace();
    for (const std::string& id : ids) {
      ASSIGN_OR_RETURN(chosen_->emplace_back(), reader_.GetModel(ctx_, id));
    }
    return absl::OkStatus();
  }

  // Up to `limit` models behind the id `after`; fewer only at the end.
  absl::StatusOr<std::vector<graph::ModelRecord>> Next(const std::string& after,
                                                       size_t limit) const {
    if (!chosen_.has_value()) {
      return reader_.ListModels(ctx_, after, limit);
    }
    auto from = std::upper_bound(
        chosen_->begin(), chosen_->end(), after,
        [](const std::string& id, const graph::ModelRecord& record) {
          return id < record.id;
        });
    const auto left = static_cast<size_t>(chosen_->end() - from);
    return std::vector<graph::ModelRecord>(
        from, from + static_cast<ptrdiff_t>(std::min(limit, left)));
  }

 private:
  const Context& ctx_;
  const graph::GraphReader& reader_;
  std::optional<std::vector<graph::ModelRecord>> chosen_;  // by id
};

absl::Status CheckIdCount(size_t count, const Limits& limits) {
  if (count <= limits.models_per_upload) {
    return absl::OkStatus();
  }
  return InvalidArgument(v1::ERROR_REASON_LIMIT_EXCEEDED,
                         absl::StrCat("a list names at most ",
                                      limits.models_per_upload, " models"),
                         {{"what", "ids"},
                          {"count", absl::StrCat(count)},
                          {"limit", absl::StrCat(limits.models_per_upload)}});
}

}  // namespace

absl::StatusOr<At<UploadResult>> ModelOps::Upload(
    const Context& ctx, const std::vector<std::string>& documents,
    const WriteOptions& options, size_t object_count) {
  At<UploadResult> answer;
  ModelUpload upload(parts_, ctx, documents, object_count);
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   parts_.Write(ctx, options, [&](graph::GraphWriter& writer) {
                     return options.validate_only
                                ? upload.Check(ctx, writer,
                                               answer.value.problems)
                                : upload.Store(ctx, writer);
                   }));
  parts_.model_memory->Note(parts_.catalog.Current()->bytes());
  answer.revision = parts_.TokenOf(info.revision);
  if (info.is_repeat) {
    ASSIGN_OR_RETURN(const auto reader, ReaderOf(parts_, ctx, info));
    ASSIGN_OR_RETURN(answer.value.models, upload.ModelsAt(ctx, *reader));
  } else if (answer.value.problems.empty()) {
    answer.value.models =
        upload.Models(options.validate_only ? 0 : info.revision);
  }
  return answer;
}

absl::StatusOr<At<Model>> ModelOps::Get(const Context& ctx,
                                        absl::string_view id, ModelView view,
                                        const ReadOptions& options) {
  ASSIGN_OR_RETURN(const auto reader, parts_.PointReader(ctx, options));
  ASSIGN_OR_RETURN(const graph::ModelRecord record, reader->GetModel(ctx, id));
  ASSIGN_OR_RETURN(Model model, ReadModel(parts_, ctx, *reader, record, view));
  return At<Model>{std::move(model), parts_.TokenOf(reader->revision())};
}

absl::StatusOr<At<EffectiveModel>> ModelOps::GetEffective(
    const Context& ctx, absl::string_view id, const ReadOptions& options) {
  ASSIGN_OR_RETURN(const auto reader, parts_.PointReader(ctx, options));
  ASSIGN_OR_RETURN(const graph::ModelRecord record, reader->GetModel(ctx, id));
  ASSIGN_OR_RETURN(auto effective,
                   EffectiveModelAt(parts_, ctx, *reader, record));
  Model model = ToModel(parts_, record, *effective->interface);
  return At<EffectiveModel>{{std::move(model), std::move(effective)},
                            parts_.TokenOf(reader->revision())};
}

absl::StatusOr<Page<Model>> ModelOps::List(const Context& ctx,
                                           const ListModelsOptions& what,
                                           const PageRequest& page,
                                           const ReadOptions& options) {
  RETURN_IF_ERROR(CheckPage(page, parts_.limits));
  RETURN_IF_ERROR(CheckIdCount(what.ids.size(), parts_.limits));
  ASSIGN_OR_RETURN(const auto reader, parts_.ListReader(ctx, options));
  ModelWalk walk(ctx, *reader);
  RETURN_IF_ERROR(walk.Choose(what));
  const auto size = static_cast<size_t>(page.size);
  Page<Model> answer;
  answer.revision = parts_.TokenOf(reader->revision());
  std::string after = page.position;
  size_t bytes = 0;
  // One more than the page, to know whether it is the last.
  std::vector<graph::ModelRecord> records;
  do {
    ASSIGN_OR_RETURN(records, walk.Next(after, size + 1));
    for (const graph::ModelRecord& record : records) {
      if (what.is_decommissioned.has_value() &&
          *what.is_decommissioned != record.is_decommissioned()) {
        after = record.id;
        continue;
      }
      if (answer.items.size() == size || bytes >= parts_.limits.page_bytes) {
        answer.next_position = after;
        parts_.Lease(reader->revision());
        return answer;
      }
      after = record.id;
      ASSIGN_OR_RETURN(answer.items.emplace_back(),
                       ReadModel(parts_, ctx, *reader, record,
                                 {.has_definition = what.has_definition}));
      bytes += BytesOf(answer.items.back());
    }
  } while (records.size() == size + 1);
  return answer;
}

absl::StatusOr<At<Model>> ModelOps::Decommission(const Context& ctx,
                                                 absl::string_view id,
                                                 const WriteOptions& options) {
  if (id == kDeviceModelId) {
    return BuiltIn(id);
  }
  return SetState(ctx, id, /*is_decommissioned=*/true, options);
}

absl::StatusOr<At<Model>> ModelOps::Reactivate(const Context& ctx,
                                               absl::string_view id,
                                               const WriteOptions& options) {
  return SetState(ctx, id, /*is_decommissioned=*/false, options);
}

absl::StatusOr<At<Model>> ModelOps::SetState(const Context& ctx,
                                             absl::string_view id,
                                             bool is_decommissioned,
                                             const WriteOptions& options) {
  Model model;
  const auto set_state = [&](graph::GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const graph::ModelRecord current,
                     writer.GetModelForUpdate(ctx, id));
    RETURN_IF_ERROR(
        parts_.CheckEtag(options.expected_etag, current.revision, "model", id));
    RETURN_IF_ERROR(writer.SetDecommissioned(ctx, id, is_decommissioned));
    ASSIGN_OR_RETURN(const graph::ModelRecord next,
                     writer.reader().GetModel(ctx, id));
    ASSIGN_OR_RETURN(const auto interface,
                     InterfaceAt(parts_, ctx, writer.reader(), current));
    model = ToModel(parts_, next, *interface);
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   parts_.Write(ctx, options, set_state));
  if (info.is_repeat) {
    ASSIGN_OR_RETURN(const auto reader, ReaderOf(parts_, ctx, info));
    ASSIGN_OR_RETURN(const graph::ModelRecord record,
                     reader->GetModel(ctx, id));
    ASSIGN_OR_RETURN(model, ReadModel(parts_, ctx, *reader, record, {}));
  } else if (model.etag.empty() && !options.validate_only) {
    model.etag = parts_.EtagOf(info.revision);
  }
  return At<Model>{std::move(model), parts_.TokenOf(info.revision)};
}

absl::StatusOr<Done> ModelOps::Delete(const Context& ctx, absl::string_view id,
                                      const WriteOptions& options) {
  if (id == kDeviceModelId) {
    return BuiltIn(id);
  }
  const auto remove = [&](graph::GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const graph::ModelRecord current,
                     writer.GetModelForUpdate(ctx, id));
    RETURN_IF_ERROR(
        parts_.CheckEtag(options.expected_etag, current.revision, "model", id));
    return writer.DeleteModel(ctx, id);
  };
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   parts_.Write(ctx, options, remove));
  parts_.model_memory->Note(parts_.catalog.Current()->bytes());
  return Done{parts_.TokenOf(info.revision)};
}

}  // namespace twingraph::engine

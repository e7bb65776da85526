#include "server/engine/twin_ops.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "server/engine/device_codec.h"
#include "server/engine/fill_page.h"
#include "server/engine/item_bytes.h"
#include "server/engine/parts.h"
#include "server/engine/twin_id.h"
#include "server/engine/twin_shape.h"
#include "server/engine/twin_write.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/base/task_macros.h"
#include "storage/graph/errors.h"

namespace twingraph::engine {
namespace {

// What a write made of a twin, kept outside the transaction so that the answer
// needs no second read. Filled anew by each run.
struct Written {
  graph::TwinDraft draft;
  absl::Time create_time;
  absl::Time update_time;
  // The commit of the state that was left as it is.
  std::optional<graph::Revision> unchanged_since;
};

Twin ToTwin(const Parts& parts, const Written& written,
            const commit::CommitInfo& info, bool is_stored) {
  Twin twin;
  twin.id = written.draft.id;
  twin.model = written.draft.model;
  EncodeValue(written.draft.contents, twin.contents);
  twin.create_time = written.create_time;
  twin.update_time = written.update_time;
  if (is_stored) {
    twin.etag = parts.EtagOf(written.unchanged_since.value_or(info.revision));
  }
  if (written.draft.device.has_value()) {
    std::string device;
    EncodeValue(*written.draft.device, device);
    twin.device = DecodeDevice(ValueView(device));
  }
  return twin;
}

// The answer of a write that was made before under the same request id.
absl::StatusOr<At<Twin>> ReadAgain(const Parts& parts, const Context& ctx,
                                   absl::string_view id,
                                   const commit::CommitInfo& info) {
  auto reader = parts.graph->ReaderAt(ctx, info.revision);
  if (!reader.ok()) {
    reader = parts.graph->Newest();
  }
  ASSIGN_OR_RETURN(const graph::TwinRecord record, (*reader)->GetTwin(ctx, id));
  return At<Twin>{ToTwin(parts, record, TwinView::kBasic),
                  parts.TokenOf(info.revision)};
}

absl::StatusOr<At<Twin>> Answer(const Parts& parts, const Context& ctx,
                                const WriteOptions& options,
                                const commit::CommitInfo& info,
                                const Written& written, absl::string_view id) {
  if (info.is_repeat) {
    return ReadAgain(parts, ctx, id, info);
  }
  return At<Twin>{ToTwin(parts, written, info, !options.validate_only),
                  parts.TokenOf(info.revision)};
}

ContentRule RuleFor(const TwinInput& input) {
  return input.allow_nonconforming ? ContentRule::kKeep : ContentRule::kConform;
}

// Makes a twin from what a client said.
absl::Status Create(const Parts& parts, const Context& ctx, TwinInput input,
                    graph::GraphWriter& writer, Written& written) {
  const auto catalog = parts.catalog.Current();
  ASSIGN_OR_RETURN(const auto model, ModelOf(*catalog, input.model));
  RETURN_IF_ERROR(CheckContents(parts, *catalog, *model, input.id,
                                RuleFor(input), input.contents));
  TwinTimes times(writer.time());
  for (const SourceTime& source : input.source_times) {
    times.SetSourceTime({source.component, source.property}, source.time);
  }
  written.draft = {.id = input.id,
                   .model = input.model,
                   .contents = std::move(input.contents),
                   .metadata = times.Encode()};
  written.create_time = written.update_time = writer.time();
  return writer.CreateTwin(ctx, written.draft).status();
}

// Writes the draft in the place of `current`, whose device and birth stay.
absl::Status WriteOver(const Context& ctx, const graph::TwinRecord& current,
                       graph::GraphWriter& writer, Written& written) {
  if (current.is_proxy()) {
    written.draft.device = DecodeValue(current.device());
  }
  written.create_time = current.create_time();
  written.update_time = writer.time();
  return writer.UpdateTwin(ctx, current, written.draft);
}

// Gives a twin that is there what a client said in the place of all it has.
absl::Status Overwrite(const Parts& parts, const Context& ctx, TwinInput input,
                       const graph::TwinRecord& current,
                       graph::GraphWriter& writer, Written& written) {
  const auto catalog = parts.catalog.Current();
  ASSIGN_OR_RETURN(const auto model, ModelOf(*catalog, input.model));
  RETURN_IF_ERROR(CheckContents(parts, *catalog, *model, input.id,
                                RuleFor(input), input.contents));
  TwinTimes times = TwinTimes::Decode(current.metadata());
  times.WriteAll(writer.time());
  for (const SourceTime& source : input.source_times) {
    times.SetSourceTime({source.component, source.property}, source.time);
  }
  written.draft = {.id = input.id,
                   .model = input.model,
                   .contents = std::move(input.contents),
                   .metadata = times.Encode()};
  return WriteOver(ctx, current, writer, written);
}

absl::Status Patch(const Parts& parts, const Context& ctx,
                   const std::vector<PatchOperation>& operations,
                   const graph::TwinRecord& current, graph::GraphWriter& writer,
                   Written& written) {
  TwinDraft draft{.model = std::string(current.model_id()),
                  .contents = DecodeValue(current.contents()),
                  .touched = {},
                  .source_times = {}};
  RETURN_IF_ERROR(ApplyTwinPatch(operations, draft));
  const auto catalog = parts.catalog.Current();
  ASSIGN_OR_RETURN(const auto model, ModelOf(*catalog, draft.model));
  RETURN_IF_ERROR(CheckContents(parts, *catalog, *model, current.id(),
                                ContentRule::kConform, draft.contents));
  TwinTimes times = TwinTimes::Decode(current.metadata());
  NoteChanges(*model, draft, writer.time(), times);
  written.draft = {.id = std::string(current.id()),
                   .model = draft.model,
                   .contents = std::move(draft.contents),
                   .metadata = times.Encode()};
  return WriteOver(ctx, current, writer, written);
}

void LeaveAsItIs(const graph::TwinRecord& current, Written& written) {
  written = {.draft = {.id = std::string(current.id()),
                       .model = std::string(current.model_id()),
                       .contents = DecodeValue(current.contents())},
             .create_time = current.create_time(),
             .update_time = current.last_update_time(),
             .unchanged_since = current.revision()};
  if (current.is_proxy()) {
    written.draft.device = DecodeValue(current.device());
  }
}

absl::Status RefuseManaged(const graph::TwinRecord& twin) {
  if (!twin.is_proxy()) {
    return absl::OkStatus();
  }
  const DeviceBlock device = DecodeDevice(twin.device());
  if (device.state != BindingState::kAttached) {
    return absl::OkStatus();
  }
  return FailedPrecondition(
      v1::ERROR_REASON_TWIN_MANAGED_BY_HUB,
      absl::StrCat("\"", twin.id(), "\" is the proxy of a device of the hub \"",
                   device.hub,
                   "\"; it can be deleted when the device is removed or the "
                   "hub is detached"),
      {{"twin", twin.id()}, {"hub", device.hub}});
}

}  // namespace

Task<absl::StatusOr<At<Twin>>> TwinOps::Create(const Context& ctx,
                                               const TwinInput& input,
                                               const WriteOptions& options) {
  CO_RETURN_IF_ERROR(CheckId("twin.id", input.id));
  TwinInput prepared = input;
  CO_RETURN_IF_ERROR(TakeMetadata(prepared));
  Written written;
  const auto create = [&](graph::GraphWriter& writer) {
    return engine::Create(parts_, ctx, prepared, writer, written);
  };
  CO_ASSIGN_OR_RETURN(const commit::CommitInfo info,
                      co_await parts_.StartWrite(ctx, options, create));
  co_return Answer(parts_, ctx, options, info, written, input.id);
}

absl::StatusOr<At<Twin>> TwinOps::Get(const Context& ctx, absl::string_view id,
                                      TwinView view,
                                      const ReadOptions& options) {
  ASSIGN_OR_RETURN(const auto reader, parts_.PointReader(ctx, options));
  ASSIGN_OR_RETURN(const graph::TwinRecord record, reader->GetTwin(ctx, id));
  return At<Twin>{ToTwin(parts_, record, view),
                  parts_.TokenOf(reader->revision())};
}

absl::StatusOr<std::optional<At<Twin>>> TwinOps::TryGet(
    absl::string_view id, TwinView view, const ReadOptions& options) {
  if (!options.IsNewest()) {
    return std::nullopt;
  }
  const auto reader = parts_.graph->Newest(kv::ReadTier::kCacheOnly);
  const auto record = reader->GetTwin(Context(), id);
  if (!record.ok()) {
    if (kv::IsIncomplete(record.status())) {
      return std::nullopt;
    }
    return record.status();
  }
  return At<Twin>{ToTwin(parts_, *record, view),
                  parts_.TokenOf(reader->revision())};
}

Task<absl::StatusOr<At<Twin>>> TwinOps::Replace(const Context& ctx,
                                                const TwinInput& input,
                                                bool allow_missing,
                                                const WriteOptions& options) {
  CO_RETURN_IF_ERROR(CheckId("twin.id", input.id));
  TwinInput prepared = input;
  CO_RETURN_IF_ERROR(TakeMetadata(prepared));
  Written written;
  const auto replace = [&](graph::GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const auto current,
                     writer.FindTwinForUpdate(ctx, input.id));
    if (!current.has_value()) {
      return allow_missing
                 ? engine::Create(parts_, ctx, prepared, writer, written)
                 : graph::TwinNotFound(input.id);
    }
    RETURN_IF_ERROR(parts_.CheckEtag(options.expected_etag, current->revision(),
                                     "twin", input.id));
    return Overwrite(parts_, ctx, prepared, *current, writer, written);
  };
  CO_ASSIGN_OR_RETURN(const commit::CommitInfo info,
                      co_await parts_.StartWrite(ctx, options, replace));
  co_return Answer(parts_, ctx, options, info, written, input.id);
}

Task<absl::StatusOr<At<Twin>>> TwinOps::Patch(
    const Context& ctx, absl::string_view id,
    const std::vector<PatchOperation>& operations,
    const WriteOptions& options) {
  if (operations.size() > parts_.limits.patch_operations) {
    co_return InvalidField(
        "operations", absl::StrCat("at most ", parts_.limits.patch_operations,
                                   " operations"));
  }
  Written written;
  const auto patch = [&](graph::GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const graph::TwinRecord current,
                     writer.GetTwinForUpdate(ctx, id));
    RETURN_IF_ERROR(parts_.CheckEtag(options.expected_etag, current.revision(),
                                     "twin", id));
    if (operations.empty()) {
      LeaveAsItIs(current, written);
      return absl::OkStatus();
    }
    return engine::Patch(parts_, ctx, operations, current, writer, written);
  };
  CO_ASSIGN_OR_RETURN(const commit::CommitInfo info,
                      co_await parts_.StartWrite(ctx, options, patch));
  co_return Answer(parts_, ctx, options, info, written, id);
}

Task<absl::StatusOr<Done>> TwinOps::Delete(const Context& ctx,
                                           absl::string_view id,
                                           const WriteOptions& options) {
  const auto remove = [&](graph::GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const graph::TwinRecord current,
                     writer.GetTwinForUpdate(ctx, id));
    RETURN_IF_ERROR(parts_.CheckEtag(options.expected_etag, current.revision(),
                                     "twin", id));
    RETURN_IF_ERROR(RefuseManaged(current));
    return writer.DeleteTwin(ctx, id);
  };
  CO_ASSIGN_OR_RETURN(const commit::CommitInfo info,
                      co_await parts_.StartWrite(ctx, options, remove));
  co_return Done{parts_.TokenOf(info.revision)};
}

absl::StatusOr<Page<Twin>> TwinOps::List(const Context& ctx,
                                         const ListTwinsOptions& what,
                                         const PageRequest& page,
                                         const ReadOptions& options) {
  RETURN_IF_ERROR(CheckPage(page, parts_.limits));
  ASSIGN_OR_RETURN(const auto reader, parts_.ListReader(ctx, options));
  std::vector<graph::ModelNumber> models;
  if (!what.model.empty()) {
    models.push_back(reader->FindModelNumber(what.model));
    if (graph::ToInt(models[0]) == 0) {
      return graph::ModelNotFound(what.model);
    }
  }
  Page<Twin> answer;
  std::string after = page.position;
  const auto read = [&](size_t limit) {
    return reader->ListTwins(ctx, after, limit, models);
  };
  const auto take = [&](const graph::TwinRecord& record) {
    after = std::string(record.id());
    answer.items.push_back(ToTwin(parts_, record, what.view));
    return BytesOf(answer.items.back());
  };
  ASSIGN_OR_RETURN(const bool has_more,
                   FillPage(page, parts_.limits, read, take));
  answer.revision = parts_.TokenOf(reader->revision());
  if (has_more) {
    answer.next_position = std::move(after);
    parts_.Lease(reader->revision());
  }
  return answer;
}

}  // namespace twingraph::engine

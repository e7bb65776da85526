// Covered by tests/storage/graph/graph_writer_test.cc.
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/fact_reads.h"
#include "storage/graph/graph_writer.h"
#include "storage/graph/parts.h"
#include "storage/key/counter_key.h"
#include "storage/key/index_key.h"
#include "storage/key/key_space.h"
#include "storage/key/model_key.h"
#include "storage/key/twin_key.h"
#include "storage/value/value_codec.h"

namespace twingraph::graph {
namespace {

// The values of a draft in stored form.
struct EncodedDraft {
  explicit EncodedDraft(const TwinDraft& draft) {
    EncodeValue(draft.contents, contents);
    EncodeValue(draft.metadata, metadata);
    if (draft.device.has_value()) {
      EncodeValue(*draft.device, device);
    }
  }

  std::string contents;
  std::string metadata;
  std::string device;
};

}  // namespace

absl::StatusOr<std::optional<TwinNumber>> GraphWriter::FindNumberForUpdate(
    const Context& ctx, absl::string_view id) {
  ASSIGN_OR_RETURN(const auto row,
                   transaction_.GetForUpdate(ctx, key::kTwinIdSpace, id));
  TwinNumber twin{};
  if (!row.has_value()) {
    return std::nullopt;
  }
  if (!key::DecodeTwinIdValue(row->value, twin)) {
    return Damaged("twin_id");
  }
  return twin;
}

// A row that memory leads to is the twin: deleting it would write that row, so
// the commit depends on its id too.
absl::StatusOr<std::optional<TwinRecord>> GraphWriter::FindTwinForUpdate(
    const Context& ctx, absl::string_view id) {
  if (const auto known = parts_.id_map.Find(id); known.has_value()) {
    ASSIGN_OR_RETURN(auto twin, ReadTwinForUpdate(ctx, *known));
    if (twin.has_value()) {
      return twin;
    }
  }
  ASSIGN_OR_RETURN(const auto number, FindNumberForUpdate(ctx, id));
  if (!number.has_value()) {
    return std::nullopt;
  }
  ASSIGN_OR_RETURN(auto twin, ReadTwinForUpdate(ctx, *number));
  if (!twin.has_value()) {
    return Damaged("twin_id");
  }
  return twin;
}

absl::StatusOr<std::optional<TwinRecord>> GraphWriter::ReadTwinForUpdate(
    const Context& ctx, TwinNumber twin) {
  ASSIGN_OR_RETURN(auto row,
                   transaction_.GetForUpdate(ctx, key::kTwinSpace,
                                             key::EncodeTwinKey(twin)));
  if (!row.has_value()) {
    return std::nullopt;
  }
  return DecodeTwin(twin, *std::move(row),
                    Names(parts_.dictionary, &interner_));
}

absl::StatusOr<TwinRecord> GraphWriter::GetTwinForUpdate(const Context& ctx,
                                                         absl::string_view id) {
  ASSIGN_OR_RETURN(auto twin, FindTwinForUpdate(ctx, id));
  if (!twin.has_value()) {
    return TwinNotFound(id);
  }
  return *std::move(twin);
}

absl::StatusOr<TwinNumber> GraphWriter::CreateTwin(const Context& ctx,
                                                   const TwinDraft& draft) {
  ASSIGN_OR_RETURN(const auto known, FindNumberForUpdate(ctx, draft.id));
  if (known.has_value()) {
    return AlreadyExists(v1::ERROR_REASON_TWIN_ALREADY_EXISTS,
                         absl::StrCat("a twin '", draft.id, "' exists"),
                         {{"twin", draft.id}});
  }
  ASSIGN_OR_RETURN(const ModelNumber model, UseModel(ctx, draft.model));
  ASSIGN_OR_RETURN(const uint64_t number,
                   transaction_.ReserveNumbers(
                       ctx, key::kSequenceSpace,
                       key::EncodeSequenceKey(key::Sequence::kTwin), 1));
  const TwinNumber twin{number};
  const EncodedDraft encoded(draft);
  RETURN_IF_ERROR(transaction_.Put(key::kTwinIdSpace, draft.id,
                                   key::EncodeTwinIdValue(twin)));
  RETURN_IF_ERROR(WriteTwin(twin, {.id = draft.id,
                                   .model = model,
                                   .create_time = time(),
                                   .last_update_time = time(),
                                   .contents = encoded.contents,
                                   .metadata = encoded.metadata,
                                   .device = encoded.device}));
  RETURN_IF_ERROR(ChangeModel(twin, std::nullopt, model));
  RETURN_IF_ERROR(Count(key::TwinCounterKey(), 1));
  const EntryChanges changes = {
      .removed = {},
      .added = EntriesOfTwin(parts_.index_policy, ValueView(encoded.contents),
                             ValueView(encoded.device))};
  RETURN_IF_ERROR(WriteTwinIndex(ctx, twin, changes));
  return twin;
}

absl::Status GraphWriter::UpdateTwin(const Context& ctx,
                                     const TwinRecord& current,
                                     const TwinDraft& draft) {
  const TwinNumber twin = current.number();
  ModelNumber model = current.model();
  if (draft.model != current.model_id()) {
    ASSIGN_OR_RETURN(model, UseModel(ctx, draft.model));
    RETURN_IF_ERROR(ChangeModel(twin, current.model(), model));
  }
  const EncodedDraft encoded(draft);
  RETURN_IF_ERROR(WriteTwin(twin, {.id = current.id(),
                                   .model = model,
                                   .create_time = current.create_time(),
                                   .last_update_time = time(),
                                   .contents = encoded.contents,
                                   .metadata = encoded.metadata,
                                   .device = encoded.device}));
  return WriteTwinIndex(
      ctx, twin,
      DiffTwins(parts_.index_policy, current.contents(), current.device(),
                ValueView(encoded.contents), ValueView(encoded.device)));
}

absl::Status GraphWriter::DeleteTwin(const Context& ctx, absl::string_view id,
                                     DeleteMode mode) {
  ASSIGN_OR_RETURN(const TwinRecord twin, GetTwinForUpdate(ctx, id));
  const TwinNumber number = twin.number();
  RETURN_IF_ERROR(
      transaction_
          .GetForUpdate(ctx, key::kGuardSpace, key::EncodeTwinGuardKey(number))
          .status());
  switch (mode) {
    case DeleteMode::kRefuse:
      RETURN_IF_ERROR(RefuseRelationshipsOf(ctx, twin));
      break;
    case DeleteMode::kCascade:
      RETURN_IF_ERROR(DeleteRelationshipsOf(ctx, number));
      break;
  }
  const EntryChanges changes = {
      .removed =
          EntriesOfTwin(parts_.index_policy, twin.contents(), twin.device()),
      .added = {}};
  RETURN_IF_ERROR(WriteTwinIndex(ctx, number, changes));
  RETURN_IF_ERROR(ChangeModel(number, twin.model(), std::nullopt));
  RETURN_IF_ERROR(Count(key::TwinCounterKey(), -1));
  RETURN_IF_ERROR(
      transaction_.Delete(key::kTwinSpace, key::EncodeTwinKey(number)));
  return transaction_.Delete(key::kTwinIdSpace, id);
}

absl::StatusOr<ModelNumber> GraphWriter::UseModel(const Context& ctx,
                                                  const std::string& id) {
  ASSIGN_OR_RETURN(const ModelRecord model, GetModelForUpdate(ctx, id));
  if (model.is_decommissioned()) {
    return FailedPrecondition(
        v1::ERROR_REASON_MODEL_DECOMMISSIONED,
        absl::StrCat("the model '", id, "' is decommissioned: no new twins"),
        {{"model", id}});
  }
  RETURN_IF_ERROR(transaction_.Touch(key::kGuardSpace,
                                     key::EncodeModelGuardKey(model.number)));
  return model.number;
}

absl::Status GraphWriter::WriteTwin(TwinNumber twin,
                                    const TwinRecord::Fields& fields) {
  return transaction_.Put(key::kTwinSpace, key::EncodeTwinKey(twin),
                          TwinRecord::Encode(fields));
}

absl::Status GraphWriter::WriteTwinIndex(const Context& ctx, TwinNumber twin,
                                         const EntryChanges& changes) {
  for (const IndexEntry& entry : changes.removed) {
    ASSIGN_OR_RETURN(const PathNumber path, interner_.Path(ctx, entry.path));
    RETURN_IF_ERROR(transaction_.Delete(
        key::kPropertyIndexSpace,
        key::EncodePropertyIndexKey(path, entry.ordered, twin)));
  }
  for (const IndexEntry& entry : changes.added) {
    ASSIGN_OR_RETURN(const PathNumber path, interner_.Path(ctx, entry.path));
    RETURN_IF_ERROR(transaction_.Put(
        key::kPropertyIndexSpace,
        key::EncodePropertyIndexKey(path, entry.ordered, twin), ""));
  }
  return absl::OkStatus();
}

absl::Status GraphWriter::AddIndexRows(const Context& ctx, TwinNumber twin) {
  ASSIGN_OR_RETURN(const auto record, ReadTwinForUpdate(ctx, twin));
  if (!record.has_value()) {
    return absl::OkStatus();
  }
  const auto entries = [&](const IndexPolicy& policy) {
    return EntriesOfTwin(policy, record->contents(), record->device());
  };
  return WriteTwinIndex(
      ctx, twin,
      {.removed = {},
       .added = EntriesWithout(entries(parts_.index_policy),
                               entries(parts_.older_indexes()))});
}

absl::Status GraphWriter::ChangeModel(TwinNumber twin,
                                      std::optional<ModelNumber> from,
                                      std::optional<ModelNumber> to) {
  if (from.has_value()) {
    RETURN_IF_ERROR(transaction_.Delete(key::kModelIndexSpace,
                                        key::EncodeModelIndexKey(*from, twin)));
    RETURN_IF_ERROR(Count(key::TwinsOfModelCounterKey(*from), -1));
  }
  if (to.has_value()) {
    RETURN_IF_ERROR(transaction_.Put(key::kModelIndexSpace,
                                     key::EncodeModelIndexKey(*to, twin), ""));
    RETURN_IF_ERROR(Count(key::TwinsOfModelCounterKey(*to), 1));
  }
  return absl::OkStatus();
}

// The scan of the incoming ones comes second: by then a relationship of the
// twin with itself is gone.
absl::Status GraphWriter::DeleteRelationshipsOf(const Context& ctx,
                                                TwinNumber twin) {
  for (const Direction direction :
       {Direction::kOutgoing, Direction::kIncoming}) {
    const ExpandRequest request = {
        .twins = {&twin, 1}, .direction = direction, .names = {}};
    ExpandPosition position;
    std::vector<ExpandedEdge> edges;
    RETURN_IF_ERROR(
        reader_.Expand(ctx, request, /*limit=*/SIZE_MAX, position, edges));
    for (const ExpandedEdge& item : edges) {
      ASSIGN_OR_RETURN(const RelationshipRecord relationship,
                       ReadForUpdate(ctx, item.edge));
      RETURN_IF_ERROR(RemoveRelationship(ctx, relationship));
    }
  }
  return absl::OkStatus();
}

absl::Status GraphWriter::RefuseRelationshipsOf(const Context& ctx,
                                                const TwinRecord& twin) {
  ASSIGN_OR_RETURN(const size_t outgoing,
                   reader_.Degree(ctx, twin.number(), Direction::kOutgoing,
                                  /*name=*/std::nullopt));
  ASSIGN_OR_RETURN(const size_t incoming,
                   reader_.Degree(ctx, twin.number(), Direction::kIncoming,
                                  /*name=*/std::nullopt));
  if (outgoing == 0 && incoming == 0) {
    return absl::OkStatus();
  }
  return FailedPrecondition(
      v1::ERROR_REASON_TWIN_HAS_RELATIONSHIPS,
      absl::StrCat("the twin '", twin.id(), "' still has ", outgoing,
                   " outgoing and ", incoming, " incoming relationships"),
      {{"twin", twin.id()},
       {"outgoing", absl::StrCat(outgoing)},
       {"incoming", absl::StrCat(incoming)}});
}

}  // namespace twingraph::graph

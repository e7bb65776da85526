// Covered by tests/storage/graph/graph_writer_test.cc.
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/fact_reads.h"
#include "storage/graph/graph_writer.h"
#include "storage/graph/parts.h"
#include "storage/key/counter_key.h"
#include "storage/key/index_key.h"
#include "storage/key/key_space.h"
#include "storage/key/relationship_key.h"
#include "storage/key/twin_key.h"
#include "storage/value/value_codec.h"

namespace twingraph::graph {
namespace {

std::string Encoded(const Value& value) {
  std::string bytes;
  EncodeValue(value, bytes);
  return bytes;
}

absl::Status TargetNotFound(const RelationshipDraft& draft) {
  return NotFound(v1::ERROR_REASON_TARGET_TWIN_NOT_FOUND,
                  absl::StrCat("there is no twin '", draft.target,
                               "' for the relationship '", draft.id, "' of '",
                               draft.source, "' to point to"),
                  {{"twin", draft.source},
                   {"relationship", draft.id},
                   {"target", draft.target}});
}

absl::Status Exists(const RelationshipDraft& draft) {
  return AlreadyExists(v1::ERROR_REASON_RELATIONSHIP_ALREADY_EXISTS,
                       absl::StrCat("the twin '", draft.source,
                                    "' has a relationship '", draft.id, "'"),
                       {{"twin", draft.source}, {"relationship", draft.id}});
}

}  // namespace

absl::StatusOr<RelationshipNumber> GraphWriter::PutRelationship(
    const Context& ctx, const RelationshipDraft& draft, WriteMode mode) {
  ASSIGN_OR_RETURN(const auto source, FindNumberForUpdate(ctx, draft.source));
  if (!source.has_value()) {
    return TwinNotFound(draft.source);
  }
  ASSIGN_OR_RETURN(const auto target, FindNumberForUpdate(ctx, draft.target));
  if (!target.has_value()) {
    return TargetNotFound(draft);
  }
  ASSIGN_OR_RETURN(const auto row,
                   transaction_.GetForUpdate(
                       ctx, key::kRelationshipIdSpace,
                       key::EncodeRelationshipIdKey(*source, draft.id)));
  ASSIGN_OR_RETURN(const auto known, DecodeEdge(*source, row));
  if (known.has_value() && mode == WriteMode::kCreate) {
    return Exists(draft);
  }
  ASSIGN_OR_RETURN(const NameNumber name, interner_.Name(ctx, draft.name));
  const Edge edge = {.name = name, .source = *source, .target = *target};
  if (!known.has_value()) {
    return AddRelationship(ctx, edge, draft);
  }
  ASSIGN_OR_RETURN(const RelationshipRecord current,
                   ReadForUpdate(ctx, *known));
  if (known->name == name && known->target == *target) {
    RETURN_IF_ERROR(UpdateRelationship(ctx, current, draft));
    return known->number;
  }
  RETURN_IF_ERROR(RemoveRelationship(ctx, current));
  return AddRelationship(ctx, edge, draft);
}

absl::StatusOr<RelationshipRecord> GraphWriter::GetRelationshipForUpdate(
    const Context& ctx, absl::string_view source, absl::string_view id) {
  ASSIGN_OR_RETURN(const auto twin, FindNumberForUpdate(ctx, source));
  if (!twin.has_value()) {
    return TwinNotFound(source);
  }
  ASSIGN_OR_RETURN(
      const auto row,
      transaction_.GetForUpdate(ctx, key::kRelationshipIdSpace,
                                key::EncodeRelationshipIdKey(*twin, id)));
  ASSIGN_OR_RETURN(const auto edge, DecodeEdge(*twin, row));
  if (!edge.has_value()) {
    return RelationshipNotFound(source, id);
  }
  return ReadForUpdate(ctx, *edge);
}

absl::Status GraphWriter::DeleteRelationship(const Context& ctx,
                                             absl::string_view source,
                                             absl::string_view id) {
  ASSIGN_OR_RETURN(const RelationshipRecord current,
                   GetRelationshipForUpdate(ctx, source, id));
  return RemoveRelationship(ctx, current);
}

absl::StatusOr<RelationshipRecord> GraphWriter::ReadForUpdate(
    const Context& ctx, const Edge& edge) {
  ASSIGN_OR_RETURN(auto row,
                   transaction_.GetForUpdate(
                       ctx, key::kRelationshipSpace,
                       key::EncodeRelationshipKey(edge.source, edge.number)));
  if (!row.has_value()) {
    return Damaged("relationship_id");
  }
  return DecodeRelationship(edge.source, edge.number, *std::move(row),
                            Names(parts_.dictionary, &interner_));
}

// Touching the guards of both ends stops whoever deletes one of them.
absl::StatusOr<RelationshipNumber> GraphWriter::AddRelationship(
    const Context& ctx, Edge edge, const RelationshipDraft& draft) {
  ASSIGN_OR_RETURN(
      const uint64_t number,
      transaction_.ReserveNumbers(
          ctx, key::kSequenceSpace,
          key::EncodeSequenceKey(key::Sequence::kRelationship), 1));
  edge.number = RelationshipNumber{number};
  for (const TwinNumber end : {edge.source, edge.target}) {
    RETURN_IF_ERROR(
        transaction_.Touch(key::kGuardSpace, key::EncodeTwinGuardKey(end)));
  }
  const std::string contents = Encoded(draft.contents);
  RETURN_IF_ERROR(WriteRelationship(edge, draft, contents));
  RETURN_IF_ERROR(
      transaction_.Put(key::kRelationshipIdSpace,
                       key::EncodeRelationshipIdKey(edge.source, draft.id),
                       key::EncodeRelationshipIdValue(edge)));
  RETURN_IF_ERROR(
      transaction_.Put(key::kOutSpace, key::EncodeOutKey(edge), ""));
  RETURN_IF_ERROR(transaction_.Put(key::kInSpace, key::EncodeInKey(edge), ""));
  RETURN_IF_ERROR(transaction_.Put(key::kNameIndexSpace,
                                   key::EncodeNameIndexKey(edge), ""));
  RETURN_IF_ERROR(Count(key::RelationshipCounterKey(), 1));
  RETURN_IF_ERROR(Count(key::RelationshipsOfNameCounterKey(edge.name), 1));
  const EntryChanges changes = {
      .removed = {},
      .added = EntriesOfMembers(parts_.index_policy, /*path=*/"",
                                ValueView(contents))};
  RETURN_IF_ERROR(WriteRelationshipIndex(ctx, edge, changes));
  return edge.number;
}

absl::Status GraphWriter::UpdateRelationship(const Context& ctx,
                                             const RelationshipRecord& current,
                                             const RelationshipDraft& draft) {
  const std::string contents = Encoded(draft.contents);
  RETURN_IF_ERROR(WriteRelationship(current.edge(), draft, contents));
  return WriteRelationshipIndex(
      ctx, current.edge(),
      DiffMembers(parts_.index_policy, current.contents(),
                  ValueView(contents)));
}

absl::Status GraphWriter::RemoveRelationship(
    const Context& ctx, const RelationshipRecord& current) {
  const Edge edge = current.edge();
  const EntryChanges changes = {
      .removed = EntriesOfMembers(parts_.index_policy, /*path=*/"",
                                  current.contents()),
      .added = {}};
  RETURN_IF_ERROR(WriteRelationshipIndex(ctx, edge, changes));
  RETURN_IF_ERROR(Count(key::RelationshipCounterKey(), -1));
  RETURN_IF_ERROR(Count(key::RelationshipsOfNameCounterKey(edge.name), -1));
  RETURN_IF_ERROR(
      transaction_.Delete(key::kNameIndexSpace, key::EncodeNameIndexKey(edge)));
  RETURN_IF_ERROR(transaction_.Delete(key::kInSpace, key::EncodeInKey(edge)));
  RETURN_IF_ERROR(transaction_.Delete(key::kOutSpace, key::EncodeOutKey(edge)));
  RETURN_IF_ERROR(transaction_.Delete(
      key::kRelationshipIdSpace,
      key::EncodeRelationshipIdKey(edge.source, current.id())));
  return transaction_.Delete(
      key::kRelationshipSpace,
      key::EncodeRelationshipKey(edge.source, edge.number));
}

absl::Status GraphWriter::WriteRelationship(const Edge& edge,
                                            const RelationshipDraft& draft,
                                            absl::string_view contents) {
  return transaction_.Put(key::kRelationshipSpace,
                          key::EncodeRelationshipKey(edge.source, edge.number),
                          RelationshipRecord::Encode({.id = draft.id,
                                                      .name = edge.name,
                                                      .target = edge.target,
                                                      .source_id = draft.source,
                                                      .target_id = draft.target,
                                                      .contents = contents}));
}

absl::Status GraphWriter::WriteRelationshipIndex(const Context& ctx,
                                                 const Edge& edge,
                                                 const EntryChanges& changes) {
  for (const IndexEntry& entry : changes.removed) {
    ASSIGN_OR_RETURN(const PathNumber path, interner_.Path(ctx, entry.path));
    RETURN_IF_ERROR(transaction_.Delete(
        key::kRelationshipPropertyIndexSpace,
        key::EncodeRelationshipPropertyIndexKey(edge, path, entry.ordered)));
  }
  for (const IndexEntry& entry : changes.added) {
    ASSIGN_OR_RETURN(const PathNumber path, interner_.Path(ctx, entry.path));
    RETURN_IF_ERROR(transaction_.Put(
        key::kRelationshipPropertyIndexSpace,
        key::EncodeRelationshipPropertyIndexKey(edge, path, entry.ordered),
        key::EncodeRelationshipPropertyIndexValue(edge.target)));
  }
  return absl::OkStatus();
}

absl::Status GraphWriter::AddIndexRows(const Context& ctx, const Edge& edge) {
  ASSIGN_OR_RETURN(const RelationshipRecord record, ReadForUpdate(ctx, edge));
  const auto entries = [&](const IndexPolicy& policy) {
    return EntriesOfMembers(policy, /*path=*/"", record.contents());
  };
  return WriteRelationshipIndex(
      ctx, edge,
      {.removed = {},
       .added = EntriesWithout(entries(parts_.index_policy),
                               entries(parts_.older_indexes()))});
}

}  // namespace twingraph::graph

#include "server/engine/relationship_ops.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "server/catalog/relationship_check.h"
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
#include "storage/key/key_space.h"
#include "storage/key/twin_key.h"
#include "storage/kv/fixed_int.h"

namespace twingraph::engine {
namespace {

absl::Status CheckMultiplicity(const Context& ctx,
                               const dtdl::Content& declared,
                               const graph::TwinRecord& source,
                               graph::GraphWriter& writer) {
  if (!declared.max_multiplicity.has_value()) {
    return absl::OkStatus();
  }
  // Whoever makes a relationship touches the guard of its source, so two that
  // count at the same time conflict.
  RETURN_IF_ERROR(writer.transaction()
                      .GetForUpdate(ctx, key::kGuardSpace,
                                    key::EncodeTwinGuardKey(source.number()))
                      .status());
  const graph::GraphReader& reader = writer.reader();
  const graph::NameNumber name = reader.FindNameNumber(declared.name);
  if (graph::ToInt(name) == 0) {
    return absl::OkStatus();
  }
  const auto limit = static_cast<size_t>(*declared.max_multiplicity);
  ASSIGN_OR_RETURN(const size_t degree,
                   reader.Degree(ctx, source.number(),
                                 graph::Direction::kOutgoing, name, limit));
  if (degree < limit) {
    return absl::OkStatus();
  }
  return InvalidArgument(
      v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED,
      absl::StrCat("the twin \"", source.id(), "\" has ", degree,
                   " relationships \"", declared.name, "\"; its model ",
                   source.model_id(), " allows ", limit),
      {{"twin", source.id()},
       {"name", declared.name},
       {"model", source.model_id()},
       {"limit", absl::StrCat(limit)}});
}

absl::StatusOr<graph::TwinRecord> FindTarget(const Context& ctx,
                                             const RelationshipInput& input,
                                             graph::GraphWriter& writer) {
  ASSIGN_OR_RETURN(auto target, writer.reader().FindTwin(ctx, input.target));
  if (!target.has_value()) {
    return NotFound(
        v1::ERROR_REASON_TARGET_TWIN_NOT_FOUND,
        absl::StrCat("there is no twin '", input.target, "' to point to"),
        {{"twin", input.source},
         {"relationship", input.id},
         {"target", input.target}});
  }
  return *std::move(target);
}

// Checks a new relationship against the graph and the models, and writes it.
absl::Status Create(const Parts& parts, const Context& ctx,
                    const RelationshipInput& input, graph::GraphWriter& writer,
                    Value& properties) {
  const auto catalog = parts.catalog.Current();
  // The source is read for update: its model holds against whoever changes it
  // at the same time.
  ASSIGN_OR_RETURN(const graph::TwinRecord source,
                   writer.GetTwinForUpdate(ctx, input.source));
  ASSIGN_OR_RETURN(const graph::TwinRecord target,
                   FindTarget(ctx, input, writer));
  ASSIGN_OR_RETURN(const auto model, ModelOf(*catalog, source.model_id()));
  auto found = catalog::FindRelationship(*model, *catalog, input.name,
                                         target.model_id());
  if (!found.ok()) {
    absl::Status refused = found.status();
    AddMetadata(refused, "twin", input.source);
    AddMetadata(refused, "relationship", input.id);
    return refused;
  }
  const dtdl::Content* const declared = *found;
  RETURN_IF_ERROR(CheckMultiplicity(ctx, *declared, source, writer));
  properties = input.properties;
  std::vector<FieldViolation> violations;
  if (input.allow_nonconforming) {
    catalog::AcceptRelationshipProperties(*declared, properties, violations);
  } else {
    catalog::CheckRelationshipProperties(*declared, properties, violations);
  }
  if (!violations.empty()) {
    return InvalidFields(v1::ERROR_REASON_CONTENT_INVALID, violations,
                         {{"twin", input.source}, {"relationship", input.id}});
  }
  return writer
      .PutRelationship(ctx,
                       {.source = input.source,
                        .id = input.id,
                        .name = input.name,
                        .target = input.target,
                        .contents = properties},
                       graph::WriteMode::kCreate)
      .status();
}

absl::Status CheckInput(const RelationshipInput& input) {
  RETURN_IF_ERROR(CheckId("relationship.source_id", input.source));
  RETURN_IF_ERROR(CheckId("relationship.id", input.id, kIdBytes));
  RETURN_IF_ERROR(CheckId("relationship.target_id", input.target));
  if (input.name.empty()) {
    return InvalidField("relationship.name", "must not be empty");
  }
  if (!input.properties.is_map()) {
    return InvalidField("relationship.properties", "must be an object");
  }
  return absl::OkStatus();
}

absl::StatusOr<graph::TwinNumber> NumberOf(const Context& ctx,
                                           const graph::GraphReader& reader,
                                           absl::string_view id) {
  const std::string text(id);
  ASSIGN_OR_RETURN(const auto numbers,
                   reader.ResolveTwins(ctx, absl::MakeConstSpan(&text, 1)));
  if (!numbers[0].has_value()) {
    return graph::TwinNotFound(id);
  }
  return *numbers[0];
}

// The place of an incoming relationship in its list.
std::string EncodePosition(const graph::Edge& edge) {
  std::string position;
  kv::AppendFixed32(graph::ToInt(edge.name), position);
  kv::AppendFixed64(graph::ToInt(edge.source), position);
  kv::AppendFixed64(graph::ToInt(edge.number), position);
  return position;
}

absl::StatusOr<std::optional<graph::Edge>> DecodePosition(
    const std::string& position, graph::TwinNumber target) {
  if (position.empty()) {
    return std::nullopt;
  }
  if (position.size() != 20) {
    return InvalidArgument(v1::ERROR_REASON_INVALID_PAGE_TOKEN,
                           "the page token is not of this list");
  }
  graph::Edge edge{};
  edge.name = graph::NameNumber{kv::ReadFixed32(position.data())};
  edge.source = graph::TwinNumber{kv::ReadFixed64(position.data() + 4)};
  edge.target = target;
  edge.number =
      graph::RelationshipNumber{kv::ReadFixed64(position.data() + 12)};
  return edge;
}

}  // namespace

Task<absl::StatusOr<At<Relationship>>> RelationshipOps::Create(
    const Context& ctx, const RelationshipInput& input,
    const WriteOptions& options) {
  CO_RETURN_IF_ERROR(CheckInput(input));
  Value properties;
  const auto create = [&](graph::GraphWriter& writer) {
    return engine::Create(parts_, ctx, input, writer, properties);
  };
  CO_ASSIGN_OR_RETURN(const commit::CommitInfo info,
                      co_await parts_.StartWrite(ctx, options, create));
  if (info.is_repeat) {
    CO_ASSIGN_OR_RETURN(At<Relationship> again,
                        Get(ctx, input.source, input.id, {}));
    again.revision = parts_.TokenOf(info.revision);
    co_return again;
  }
  Relationship made{.id = input.id,
                    .source = input.source,
                    .name = input.name,
                    .target = input.target,
                    .properties = {},
                    .etag = {}};
  EncodeValue(properties, made.properties);
  if (!options.validate_only) {
    made.etag = parts_.EtagOf(info.revision);
  }
  co_return At<Relationship>{std::move(made), parts_.TokenOf(info.revision)};
}

absl::StatusOr<At<Relationship>> RelationshipOps::Get(
    const Context& ctx, absl::string_view source, absl::string_view id,
    const ReadOptions& options) {
  ASSIGN_OR_RETURN(const auto reader, parts_.PointReader(ctx, options));
  ASSIGN_OR_RETURN(const graph::RelationshipRecord record,
                   reader->GetRelationship(ctx, source, id));
  return At<Relationship>{ToRelationship(parts_, record),
                          parts_.TokenOf(reader->revision())};
}

Task<absl::StatusOr<Done>> RelationshipOps::Delete(
    const Context& ctx, absl::string_view source, absl::string_view id,
    const WriteOptions& options) {
  const auto remove = [&](graph::GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const graph::RelationshipRecord current,
                     writer.GetRelationshipForUpdate(ctx, source, id));
    RETURN_IF_ERROR(parts_.CheckEtag(options.expected_etag, current.revision(),
                                     "relationship", id));
    return writer.DeleteRelationship(ctx, source, id);
  };
  CO_ASSIGN_OR_RETURN(const commit::CommitInfo info,
                      co_await parts_.StartWrite(ctx, options, remove));
  co_return Done{parts_.TokenOf(info.revision)};
}

absl::StatusOr<Page<Relationship>> RelationshipOps::ListOutgoing(
    const Context& ctx, absl::string_view source, absl::string_view name,
    const PageRequest& page, const ReadOptions& options) {
  RETURN_IF_ERROR(CheckPage(page, parts_.limits));
  ASSIGN_OR_RETURN(const auto reader, parts_.ListReader(ctx, options));
  ASSIGN_OR_RETURN(const graph::TwinNumber number,
                   NumberOf(ctx, *reader, source));
  Page<Relationship> answer;
  std::string after = page.position;
  const auto read = [&](size_t limit) {
    return reader->ListOutgoing(ctx, number, name, after, limit);
  };
  const auto take = [&](const graph::RelationshipRecord& record) {
    after = std::string(record.id());
    answer.items.push_back(ToRelationship(parts_, record));
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

absl::StatusOr<Page<Relationship>> RelationshipOps::ListIncoming(
    const Context& ctx, absl::string_view target, absl::string_view name,
    const PageRequest& page, const ReadOptions& options) {
  RETURN_IF_ERROR(CheckPage(page, parts_.limits));
  ASSIGN_OR_RETURN(const auto reader, parts_.ListReader(ctx, options));
  ASSIGN_OR_RETURN(const graph::TwinNumber number,
                   NumberOf(ctx, *reader, target));
  ASSIGN_OR_RETURN(std::optional<graph::Edge> after,
                   DecodePosition(page.position, number));
  Page<Relationship> answer;
  const auto read = [&](size_t limit) {
    return reader->ListIncoming(ctx, number, name, after, limit);
  };
  const auto take = [&](const graph::RelationshipRecord& record) {
    after = record.edge();
    answer.items.push_back(ToRelationship(parts_, record));
    return BytesOf(answer.items.back());
  };
  ASSIGN_OR_RETURN(const bool has_more,
                   FillPage(page, parts_.limits, read, take));
  answer.revision = parts_.TokenOf(reader->revision());
  if (has_more) {
    answer.next_position = EncodePosition(*after);
    parts_.Lease(reader->revision());
  }
  return answer;
}

}  // namespace twingraph::engine

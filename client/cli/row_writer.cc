// Covered by tests/client/cli/importer_test.cc.

#include "client/cli/row_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "client/cli/struct_value.h"
#include "client/graphfile/row.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

v1::Twin MakeTwin(const graphfile::TwinRow& row) {
  v1::Twin twin;
  twin.set_id(row.id);
  twin.set_model_id(row.model);
  *twin.mutable_contents() = ToProtoStruct(row.content);
  return twin;
}

v1::Relationship MakeRelationship(const graphfile::RelationshipRow& row) {
  v1::Relationship relationship;
  relationship.set_source_id(row.source);
  relationship.set_id(row.id);
  relationship.set_name(row.name);
  relationship.set_target_id(row.target);
  *relationship.mutable_properties() = ToProtoStruct(row.content);
  return relationship;
}

// Writes with `create`, and where the thing exists does as `if_exists` says.
template <typename Create, typename Replace>
void Write(IfExists if_exists, WrittenRow& result, Create create,
           Replace replace) {
  absl::Status status = create();
  if (status.code() == absl::StatusCode::kAlreadyExists) {
    if (if_exists == IfExists::kReplace) {
      status = replace();
    } else if (if_exists == IfExists::kSkip) {
      result.is_skipped = true;
      status = absl::OkStatus();
    }
  }
  result.status = std::move(status);
}

}  // namespace

WrittenRow RowWriter::WriteTwin(const graphfile::RawRow& row) const {
  WrittenRow result;
  const absl::StatusOr<graphfile::TwinRow> parsed =
      graphfile::ParseTwin(row.text);
  if (!parsed.ok()) {
    result.status = parsed.status();
    return result;
  }
  result.id = parsed->id;
  v1::CreateTwinRequest request;
  *request.mutable_twin() = MakeTwin(*parsed);
  Write(
      if_exists_, result, [&] { return twins_.CreateTwin(request).status(); },
      [&] { return Replace(request.twin()); });
  return result;
}

WrittenRow RowWriter::WriteRelationship(const graphfile::RawRow& row) const {
  WrittenRow result;
  const absl::StatusOr<graphfile::RelationshipRow> parsed =
      graphfile::ParseRelationship(row.text);
  if (!parsed.ok()) {
    result.status = parsed.status();
    return result;
  }
  result.id = absl::StrCat(parsed->source, "/", parsed->id);
  v1::CreateRelationshipRequest request;
  *request.mutable_relationship() = MakeRelationship(*parsed);
  Write(
      if_exists_, result,
      [&] { return relationships_.CreateRelationship(request).status(); },
      [&] { return Replace(request.relationship()); });
  return result;
}

absl::Status RowWriter::Replace(v1::Twin twin) const {
  v1::ReplaceTwinRequest request;
  *request.mutable_twin() = std::move(twin);
  return twins_.ReplaceTwin(std::move(request)).status();
}

absl::Status RowWriter::Replace(const v1::Relationship& relationship) const {
  v1::DeleteRelationshipRequest gone;
  gone.set_source_id(relationship.source_id());
  gone.set_id(relationship.id());
  RETURN_IF_ERROR(relationships_.DeleteRelationship(std::move(gone)).status());
  v1::CreateRelationshipRequest request;
  *request.mutable_relationship() = relationship;
  return relationships_.CreateRelationship(std::move(request)).status();
}

}  // namespace twingraph::cli

// Covered by tests/client/cli/importer_test.cc.

#include "client/cli/row_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "client/cli/struct_value.h"
#include "client/graphfile/row.h"
#include "storage/base/status.h"
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
absl::Status WriteOnce(IfExists if_exists, bool& is_skipped, Create create,
                       Replace replace) {
  absl::Status status = create();
  if (status.code() != absl::StatusCode::kAlreadyExists ||
      if_exists == IfExists::kFail) {
    return status;
  }
  if (if_exists == IfExists::kReplace) {
    return replace();
  }
  is_skipped = true;
  return absl::OkStatus();
}

// WriteOnce, and once more without asking the model where `request` does not
// conform to it: the first attempt is what tells what is wrong.
template <typename Request, typename Create, typename Replace>
void Write(const ImportOptions& options, Request& request, WrittenRow& result,
           Create create, Replace replace) {
  result.status =
      WriteOnce(options.if_exists, result.is_skipped, create, replace);
  if (options.is_strict ||
      ReasonOf(result.status) != v1::ERROR_REASON_CONTENT_INVALID) {
    return;
  }
  absl::Status complaint = result.status;
  request.set_allow_nonconforming(true);
  result.status =
      WriteOnce(options.if_exists, result.is_skipped, create, replace);
  if (result.status.ok()) {
    result.complaint = std::move(complaint);
  }
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
      options_, request, result,
      [&] { return twins_.CreateTwin(request).status(); },
      [&] { return Replace(request); });
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
      options_, request, result,
      [&] { return relationships_.CreateRelationship(request).status(); },
      [&] { return Replace(request); });
  return result;
}

absl::Status RowWriter::Replace(const v1::CreateTwinRequest& request) const {
  v1::ReplaceTwinRequest replace;
  *replace.mutable_twin() = request.twin();
  replace.set_allow_nonconforming(request.allow_nonconforming());
  return twins_.ReplaceTwin(std::move(replace)).status();
}

absl::Status RowWriter::Replace(
    const v1::CreateRelationshipRequest& request) const {
  v1::DeleteRelationshipRequest gone;
  gone.set_source_id(request.relationship().source_id());
  gone.set_id(request.relationship().id());
  RETURN_IF_ERROR(relationships_.DeleteRelationship(std::move(gone)).status());
  return relationships_.CreateRelationship(request).status();
}

}  // namespace twingraph::cli

#include "server/rpc/convert/twin.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "server/rpc/convert/device.h"
#include "server/rpc/convert/value.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {
namespace {

std::string PathOf(const engine::PropertyMetadata& metadata) {
  std::string path;
  for (const std::string* part : {&metadata.component, &metadata.property}) {
    if (!part->empty()) {
      absl::StrAppend(&path, "/", *part);
    }
  }
  return path;
}

void WritePropertyMetadata(const engine::PropertyMetadata& metadata,
                           WireWriter& writer) {
  constexpr int kKeyField = 1;
  constexpr int kValueField = 2;
  writer.String(kKeyField, PathOf(metadata));
  WriteMessage(writer, kValueField, [&] {
    WriteTime(v1::PropertyMetadata::kUpdateTimeFieldNumber,
              metadata.update_time, writer);
    WriteTime(v1::PropertyMetadata::kSourceTimeFieldNumber,
              metadata.source_time, writer);
  });
}

// "/property" or "/component/property".
absl::StatusOr<engine::SourceTime> ToSourceTime(
    absl::string_view path, const v1::PropertyMetadata& metadata,
    absl::string_view field) {
  const std::vector<std::string> parts = absl::StrSplit(path, '/');
  const bool is_path = parts.size() >= 2 && parts.size() <= 3 &&
                       parts[0].empty() && !parts[1].empty() &&
                       !parts.back().empty();
  if (!is_path) {
    return InvalidField(field,
                        "not the path of a property, such as \"/level\"");
  }
  engine::SourceTime result;
  result.component = parts.size() == 3 ? parts[1] : "";
  result.property = parts.back();
  ASSIGN_OR_RETURN(result.time, ToTime(metadata.source_time(),
                                       absl::StrCat(field, ".source_time")));
  return result;
}

// One violation for each field that is missing.
absl::Status CheckPresent(
    absl::string_view field,
    std::initializer_list<std::pair<absl::string_view, const std::string*>>
        members) {
  std::vector<FieldViolation> violations;
  for (const auto& [name, value] : members) {
    if (value->empty()) {
      violations.push_back({absl::StrCat(field, ".", name), "is required"});
    }
  }
  return violations.empty()
             ? absl::OkStatus()
             : InvalidFields(v1::ERROR_REASON_INVALID_FIELD, violations);
}

}  // namespace

void WriteTwin(const engine::Twin& twin, WireWriter& writer) {
  using Proto = v1::Twin;
  writer.String(Proto::kIdFieldNumber, twin.id);
  writer.String(Proto::kEtagFieldNumber, twin.etag);
  writer.String(Proto::kModelIdFieldNumber, twin.model);
  WriteMessage(writer, Proto::kContentsFieldNumber,
               [&] { WriteStruct(twin.contents_view(), writer); });
  WriteTime(Proto::kCreateTimeFieldNumber, twin.create_time, writer);
  WriteTime(Proto::kUpdateTimeFieldNumber, twin.update_time, writer);
  for (const engine::PropertyMetadata& metadata : twin.metadata) {
    WriteMessage(writer, Proto::kPropertyMetadataFieldNumber,
                 [&] { WritePropertyMetadata(metadata, writer); });
  }
  if (twin.device.has_value()) {
    WriteMessage(writer, Proto::kDeviceFieldNumber,
                 [&] { WriteDeviceBinding(*twin.device, writer); });
  }
}

void WriteRelationship(const engine::Relationship& relationship,
                       WireWriter& writer) {
  using Proto = v1::Relationship;
  writer.String(Proto::kSourceIdFieldNumber, relationship.source);
  writer.String(Proto::kIdFieldNumber, relationship.id);
  writer.String(Proto::kNameFieldNumber, relationship.name);
  writer.String(Proto::kTargetIdFieldNumber, relationship.target);
  WriteMessage(writer, Proto::kPropertiesFieldNumber,
               [&] { WriteStruct(relationship.properties_view(), writer); });
  writer.String(Proto::kEtagFieldNumber, relationship.etag);
}

engine::TwinView ToTwinView(v1::TwinView view) {
  return view == v1::TWIN_VIEW_FULL ? engine::TwinView::kFull
                                    : engine::TwinView::kBasic;
}

absl::StatusOr<engine::TwinInput> ToTwinInput(const v1::Twin& twin,
                                              absl::string_view field) {
  RETURN_IF_ERROR(CheckPresent(
      field, {{"id", &twin.id()}, {"model_id", &twin.model_id()}}));
  engine::TwinInput input;
  input.id = twin.id();
  input.model = twin.model_id();
  ASSIGN_OR_RETURN(input.contents,
                   ToValue(twin.contents(), absl::StrCat(field, ".contents")));
  for (const auto& [path, metadata] : twin.property_metadata()) {
    if (!metadata.has_source_time()) {
      continue;
    }
    ASSIGN_OR_RETURN(
        engine::SourceTime time,
        ToSourceTime(path, metadata,
                     absl::StrCat(field, ".property_metadata[", path, "]")));
    input.source_times.push_back(std::move(time));
  }
  return input;
}

absl::StatusOr<engine::RelationshipInput> ToRelationshipInput(
    const v1::Relationship& relationship, absl::string_view field) {
  RETURN_IF_ERROR(
      CheckPresent(field, {{"source_id", &relationship.source_id()},
                           {"id", &relationship.id()},
                           {"name", &relationship.name()},
                           {"target_id", &relationship.target_id()}}));
  engine::RelationshipInput input{.id = relationship.id(),
                                  .source = relationship.source_id(),
                                  .name = relationship.name(),
                                  .target = relationship.target_id()};
  ASSIGN_OR_RETURN(
      input.properties,
      ToValue(relationship.properties(), absl::StrCat(field, ".properties")));
  return input;
}

}  // namespace twingraph::rpc

#include "server/rpc/convert/effective_model.h"

#include <map>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

#include "server/rpc/convert/model.h"

namespace twingraph::rpc {
namespace {

// Schemas that have an id, by it.
using SchemasById = std::map<absl::string_view, const dtdl::Schema*>;

v1::ModelContent::Kind KindOf(dtdl::ContentKind kind) {
  switch (kind) {
    case dtdl::ContentKind::kProperty:
      return v1::ModelContent::KIND_PROPERTY;
    case dtdl::ContentKind::kTelemetry:
      return v1::ModelContent::KIND_TELEMETRY;
    case dtdl::ContentKind::kCommand:
      return v1::ModelContent::KIND_COMMAND;
    case dtdl::ContentKind::kRelationship:
      return v1::ModelContent::KIND_RELATIONSHIP;
    case dtdl::ContentKind::kComponent:
      return v1::ModelContent::KIND_COMPONENT;
  }
  return v1::ModelContent::KIND_UNSPECIFIED;
}

// The id that the model gives a schema. A schema without one has an id that
// follows from its place, with segments that begin with "_"; nothing can refer
// to that.
absl::string_view GivenId(const dtdl::Schema& schema) {
  return absl::StrContains(schema.id, ":_") ? "" : absl::string_view(schema.id);
}

// Collects a schema and those that it uses; one may use itself.
void Collect(const dtdl::Schema* schema, SchemasById& schemas) {
  if (schema == nullptr ||
      (!GivenId(*schema).empty() &&
       !schemas.emplace(GivenId(*schema), schema).second)) {
    return;
  }
  Collect(schema->element, schemas);
  for (const dtdl::Field& field : schema->fields) {
    Collect(field.schema, schemas);
  }
}

void Collect(const dtdl::Content& content, SchemasById& schemas) {
  Collect(content.schema, schemas);
  for (const auto& payload : {content.request, content.response}) {
    Collect(payload.has_value() ? payload->schema : nullptr, schemas);
  }
  for (const dtdl::Content& property : content.properties) {
    Collect(property, schemas);
  }
}

void WriteSchema(int field, const dtdl::Schema* schema, WireWriter& writer);

void WriteEnumValue(const dtdl::EnumValue& value, WireWriter& writer) {
  using Proto = v1::ModelEnumValue;
  writer.String(Proto::kNameFieldNumber, value.name);
  if (value.value.is_string()) {
    writer.OneofString(Proto::kStringValueFieldNumber, value.value.as_string());
  } else {
    writer.OneofUint(Proto::kIntegerValueFieldNumber,
                     static_cast<uint64_t>(value.value.as_int()));
  }
}

void WriteMembers(const dtdl::Schema& schema, WireWriter& writer) {
  using Proto = v1::ModelSchema;
  WriteSchema(Proto::kElementFieldNumber, schema.element, writer);
  for (const dtdl::Field& field : schema.fields) {
    WriteMessage(writer, Proto::kFieldsFieldNumber, [&] {
      writer.String(v1::ModelField::kNameFieldNumber, field.name);
      WriteSchema(v1::ModelField::kSchemaFieldNumber, field.schema, writer);
      writer.Bool(v1::ModelField::kRequiredFieldNumber, field.is_required);
    });
  }
  for (const dtdl::EnumValue& value : schema.enum_values) {
    WriteMessage(writer, Proto::kEnumValuesFieldNumber,
                 [&] { WriteEnumValue(value, writer); });
  }
}

// The name of a schema: all of it that stands where it is used.
void WriteSchemaName(const dtdl::Schema& schema, WireWriter& writer) {
  writer.String(v1::ModelSchema::kTypeFieldNumber,
                dtdl::SchemaName(schema.kind));
  writer.String(v1::ModelSchema::kIdFieldNumber, GivenId(schema));
}

void WriteSchema(int field, const dtdl::Schema* schema, WireWriter& writer) {
  if (schema == nullptr) {
    return;
  }
  WriteMessage(writer, field, [&] {
    WriteSchemaName(*schema, writer);
    if (GivenId(*schema).empty()) {
      WriteMembers(*schema, writer);
    }
  });
}

void WritePayload(int field, const std::optional<dtdl::CommandPayload>& payload,
                  WireWriter& writer) {
  if (!payload.has_value()) {
    return;
  }
  WriteMessage(writer, field, [&] {
    writer.String(v1::ModelPayload::kNameFieldNumber, payload->name);
    WriteSchema(v1::ModelPayload::kSchemaFieldNumber, payload->schema, writer);
    writer.Bool(v1::ModelPayload::kNullableFieldNumber, payload->is_nullable);
  });
}

void WriteLanguages(int field, const dtdl::LanguageMap& map,
                    WireWriter& writer) {
  WriteTexts(field, {map.begin(), map.end()}, writer);
}

void WriteContent(const dtdl::Content& content, absl::string_view declared_in,
                  WireWriter& writer) {
  using Proto = v1::ModelContent;
  writer.Uint(Proto::kKindFieldNumber, KindOf(content.kind));
  writer.String(Proto::kNameFieldNumber, content.name);
  writer.String(Proto::kDeclaredInFieldNumber, declared_in);
  WriteLanguages(Proto::kDisplayNameFieldNumber, content.display_name, writer);
  WriteLanguages(Proto::kDescriptionFieldNumber, content.description, writer);
  for (const std::string& type : content.types) {
    if (type != dtdl::ContentName(content.kind)) {
      writer.OneofString(Proto::kSemanticTypesFieldNumber, type);
    }
  }
  writer.String(Proto::kUnitFieldNumber, content.unit);
  WriteSchema(Proto::kSchemaFieldNumber, content.schema, writer);
  writer.Bool(Proto::kWritableFieldNumber, content.is_writable);
  writer.Bool(Proto::kRequiredFieldNumber, content.is_required);
  writer.String(Proto::kComponentModelIdFieldNumber, content.component_model);
  writer.String(Proto::kTargetModelIdFieldNumber, content.target_model);
  if (content.max_multiplicity.has_value()) {
    writer.OneofUint(Proto::kMaxMultiplicityFieldNumber,
                     static_cast<uint64_t>(*content.max_multiplicity));
  }
  for (const dtdl::Content& property : content.properties) {
    WriteMessage(writer, Proto::kPropertiesFieldNumber,
                 [&] { WriteContent(property, declared_in, writer); });
  }
  WritePayload(Proto::kRequestFieldNumber, content.request, writer);
  WritePayload(Proto::kResponseFieldNumber, content.response, writer);
}

}  // namespace

absl::Status WriteEffectiveModel(const engine::EffectiveModel& model,
                                 WireWriter& writer) {
  using Proto = v1::EffectiveModel;
  const size_t mark = writer.Begin(Proto::kModelFieldNumber);
  absl::Status status = WriteModel(model.model, v1::MODEL_VIEW_BASIC, writer);
  writer.End(mark);
  for (const auto& base : model.effective->ancestors) {
    writer.String(Proto::kBasesFieldNumber, base->id);
  }
  SchemasById schemas;
  for (const dtdl::EffectiveContent& each : model.effective->contents) {
    Collect(*each.content, schemas);
    WriteMessage(writer, Proto::kContentsFieldNumber, [&] {
      WriteContent(*each.content, each.declared_in->id, writer);
    });
  }
  for (const auto& [id, schema] : schemas) {
    WriteMessage(writer, Proto::kSchemasFieldNumber, [&, schema = schema] {
      WriteSchemaName(*schema, writer);
      WriteMembers(*schema, writer);
    });
  }
  return status;
}

}  // namespace twingraph::rpc

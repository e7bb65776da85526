#include "client/cli/offline/model_page.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "client/cli/output/table.h"
#include "storage/base/json.h"
#include "storage/value/json.h"

namespace twingraph::cli {
namespace {

using dtdl::Content;
using dtdl::ContentKind;
using dtdl::EffectiveContent;
using dtdl::SchemaKind;

constexpr int kDeepest = 3;

std::string InShort(const dtdl::Schema& schema, int depth);

std::string FieldsInShort(const dtdl::Schema& schema, int depth) {
  std::vector<std::string> fields;
  fields.reserve(schema.fields.size());
  for (const dtdl::Field& field : schema.fields) {
    fields.push_back(absl::StrCat(field.name, field.is_required ? "!" : "",
                                  ": ", InShort(*field.schema, depth + 1)));
  }
  return absl::StrCat("Object {", absl::StrJoin(fields, ", "), "}");
}

std::string ValuesInShort(const dtdl::Schema& schema) {
  std::vector<std::string> values;
  values.reserve(schema.enum_values.size());
  for (const dtdl::EnumValue& each : schema.enum_values) {
    values.push_back(absl::StrCat(each.name, "=", FormatJson(each.value)));
  }
  return absl::StrCat("Enum ", absl::StrJoin(values, ", "));
}

std::string InShort(const dtdl::Schema& schema, int depth) {
  if (depth > kDeepest) {
    return std::string(dtdl::SchemaName(schema.kind));
  }
  switch (schema.kind) {
    case SchemaKind::kArray:
      return absl::StrCat("Array of ", InShort(*schema.element, depth + 1));
    case SchemaKind::kMap:
      return absl::StrCat("Map to ", InShort(*schema.element, depth + 1));
    case SchemaKind::kEnum:
      return ValuesInShort(schema);
    case SchemaKind::kObject:
      return FieldsInShort(schema, depth);
    default:
      return std::string(dtdl::SchemaName(schema.kind));
  }
}

std::string TextIn(const dtdl::LanguageMap& texts) {
  const auto english = texts.find("en");
  if (english != texts.end()) {
    return english->second;
  }
  return texts.empty() ? "" : texts.begin()->second;
}

std::string PayloadOf(const std::optional<dtdl::CommandPayload>& payload) {
  return !payload.has_value() || payload->schema == nullptr
             ? ""
             : absl::StrCat(payload->name, ": ",
                            FormatSchema(*payload->schema));
}

std::string PropertiesOf(const Content& relationship) {
  std::vector<std::string> properties;
  properties.reserve(relationship.properties.size());
  for (const Content& each : relationship.properties) {
    properties.push_back(
        absl::StrCat(each.name, ": ", FormatSchema(*each.schema)));
  }
  return absl::StrJoin(properties, ", ");
}

// The co-types of a content, its class left out.
std::string CotypesOf(const Content& content) {
  std::vector<std::string> types = content.types;
  std::erase(types, std::string(dtdl::ContentName(content.kind)));
  return absl::StrJoin(types, " ");
}

// The columns of a kind, between the name and where it is declared.
std::vector<std::string> ColumnsOf(ContentKind kind) {
  switch (kind) {
    case ContentKind::kProperty:
      return {"schema", "unit", "type", "writable"};
    case ContentKind::kTelemetry:
      return {"schema", "unit", "type"};
    case ContentKind::kCommand:
      return {"request", "response"};
    case ContentKind::kRelationship:
      return {"target", "at most", "properties"};
    case ContentKind::kComponent:
      return {"model"};
  }
  return {};
}

std::vector<std::string> CellsOf(const Content& content) {
  switch (content.kind) {
    case ContentKind::kProperty:
      return {FormatSchema(*content.schema), content.unit, CotypesOf(content),
              content.is_writable ? "yes" : ""};
    case ContentKind::kTelemetry:
      return {FormatSchema(*content.schema), content.unit, CotypesOf(content)};
    case ContentKind::kCommand:
      return {PayloadOf(content.request), PayloadOf(content.response)};
    case ContentKind::kRelationship:
      return {content.target_model.empty() ? "any" : content.target_model,
              content.max_multiplicity.has_value()
                  ? absl::StrCat(*content.max_multiplicity)
                  : "",
              PropertiesOf(content)};
    case ContentKind::kComponent:
      return {content.component_model};
  }
  return {};
}

void PrintContents(const dtdl::EffectiveModel& model, ContentKind kind,
                   std::ostream& out) {
  std::vector<const EffectiveContent*> contents;
  for (const EffectiveContent& each : model.contents) {
    if (each.content->kind == kind) {
      contents.push_back(&each);
    }
  }
  if (contents.empty()) {
    return;
  }
  std::vector<std::string> columns = ColumnsOf(kind);
  columns.insert(columns.begin(), std::string(dtdl::ContentName(kind)));
  columns.insert(columns.end(), {"from", "description"});
  out << '\n';
  Table table(out, columns);
  for (const EffectiveContent* each : contents) {
    const Content& content = *each->content;
    std::vector<std::string> cells = CellsOf(content);
    cells.insert(cells.begin(), content.name);
    const bool is_own = each->declared_in == model.interface.get();
    cells.push_back(is_own ? "" : each->declared_in->id);
    const std::string text = TextIn(content.description);
    cells.push_back(text.empty() ? TextIn(content.display_name) : text);
    table.AddRow(std::move(cells));
  }
}

// Members with empty texts are left out.
void AddMember(std::string& out, absl::string_view name,
               absl::string_view text) {
  if (text.empty()) {
    return;
  }
  out += out.back() == '{' ? "" : ",";
  AppendJsonString(out, name);
  out += ':';
  AppendJsonString(out, text);
}

std::string ContentJson(const EffectiveContent& each) {
  const Content& content = *each.content;
  std::string out = "{";
  AddMember(out, "kind", dtdl::ContentName(content.kind));
  AddMember(out, "name", content.name);
  const std::vector<std::string> columns = ColumnsOf(content.kind);
  const std::vector<std::string> cells = CellsOf(content);
  for (size_t i = 0; i < columns.size(); ++i) {
    AddMember(out, columns[i] == "at most" ? "maxMultiplicity" : columns[i],
              cells[i]);
  }
  AddMember(out, "from", each.declared_in->id);
  AddMember(out, "displayName", TextIn(content.display_name));
  AddMember(out, "description", TextIn(content.description));
  return out + "}";
}

}  // namespace

std::string ModelJson(const dtdl::EffectiveModel& model) {
  const dtdl::Interface& interface = *model.interface;
  std::string out = "{";
  AddMember(out, "id", interface.id);
  absl::StrAppend(&out, ",\"dtdlVersion\":", interface.dtdl_version);
  AddMember(out, "displayName", TextIn(interface.display_name));
  AddMember(out, "description", TextIn(interface.description));
  AddMember(out, "comment", interface.comment);
  out += ",\"extends\":[";
  for (const auto& ancestor : model.ancestors) {
    out += out.back() == '[' ? "" : ",";
    AppendJsonString(out, ancestor->id);
  }
  out += "],\"contents\":[";
  for (const EffectiveContent& each : model.contents) {
    absl::StrAppend(&out, out.back() == '[' ? "" : ",", ContentJson(each));
  }
  return out + "]}";
}

std::string FormatSchema(const dtdl::Schema& schema) {
  return InShort(schema, 0);
}

void PrintModel(const dtdl::EffectiveModel& model, std::ostream& out) {
  const dtdl::Interface& interface = *model.interface;
  out << interface.id << "  DTDL " << interface.dtdl_version << '\n';
  for (const std::string& text :
       {TextIn(interface.display_name), TextIn(interface.description),
        interface.comment}) {
    if (!text.empty()) {
      out << text << '\n';
    }
  }
  for (const auto& ancestor : model.ancestors) {
    out << "extends " << ancestor->id << '\n';
  }
  for (const ContentKind kind :
       {ContentKind::kProperty, ContentKind::kTelemetry, ContentKind::kCommand,
        ContentKind::kRelationship, ContentKind::kComponent}) {
    PrintContents(model, kind, out);
  }
}

}  // namespace twingraph::cli

#include "client/cli/output/effective_model.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "client/cli/output/table.h"

namespace twingraph::cli {
namespace {

std::string KindName(v1::ModelContent::Kind kind) {
  switch (kind) {
    case v1::ModelContent::KIND_PROPERTY:
      return "property";
    case v1::ModelContent::KIND_TELEMETRY:
      return "telemetry";
    case v1::ModelContent::KIND_COMMAND:
      return "command";
    case v1::ModelContent::KIND_RELATIONSHIP:
      return "relationship";
    case v1::ModelContent::KIND_COMPONENT:
      return "component";
    default:
      return "?";
  }
}

// "name: schema" of each.
std::string FormatProperties(
    const google::protobuf::RepeatedPtrField<v1::ModelContent>& properties) {
  return absl::StrJoin(
      properties, ", ", [](std::string* out, const v1::ModelContent& property) {
        absl::StrAppend(out, property.name(), ": ", FormatContent(property));
      });
}

std::string FormatEnumValue(const v1::ModelEnumValue& value) {
  return value.has_string_value()
             ? absl::StrCat(value.name(), "=\"", value.string_value(), "\"")
             : absl::StrCat(value.name(), "=", value.integer_value());
}

// A schema with its members, also one with an id.
std::string FormatWhole(const v1::ModelSchema& schema) {
  std::vector<std::string> parts;
  if (schema.has_element()) {
    return absl::StrCat(schema.type(), schema.type() == "Map" ? " to " : " of ",
                        FormatSchema(schema.element()));
  }
  for (const v1::ModelEnumValue& value : schema.enum_values()) {
    parts.push_back(FormatEnumValue(value));
  }
  if (!parts.empty()) {
    return absl::StrCat(schema.type(), " ", absl::StrJoin(parts, ", "));
  }
  for (const v1::ModelField& field : schema.fields()) {
    parts.push_back(absl::StrCat(field.name(), field.required() ? "!" : "",
                                 ": ", FormatSchema(field.schema())));
  }
  return parts.empty() ? schema.type()
                       : absl::StrCat(schema.type(), " {",
                                      absl::StrJoin(parts, ", "), "}");
}

std::string FormatRelationship(const v1::ModelContent& content) {
  std::string text = content.target_model_id().empty()
                         ? "to any twin"
                         : absl::StrCat("to ", content.target_model_id());
  if (content.has_max_multiplicity()) {
    absl::StrAppend(&text, ", at most ", content.max_multiplicity());
  }
  if (content.properties_size() > 0) {
    absl::StrAppend(&text, " {", FormatProperties(content.properties()), "}");
  }
  return text;
}

std::string FormatCommand(const v1::ModelContent& content) {
  const auto payload = [](const v1::ModelPayload& part) {
    return absl::StrCat(part.name(), ": ", FormatSchema(part.schema()));
  };
  return absl::StrCat(
      "(", content.has_request() ? payload(content.request()) : "", ")",
      content.has_response() ? " -> " + payload(content.response()) : "");
}

std::string FormatValue(const v1::ModelContent& content) {
  std::string text = FormatSchema(content.schema());
  if (!content.unit().empty()) {
    absl::StrAppend(&text, " ", content.unit());
  }
  if (content.semantic_types_size() > 0) {
    absl::StrAppend(&text, " (", absl::StrJoin(content.semantic_types(), ", "),
                    ")");
  }
  absl::StrAppend(&text, content.writable() ? ", writable" : "",
                  content.required() ? ", required" : "");
  return text;
}

void PrintHead(const v1::EffectiveModel& model, std::ostream& out) {
  const v1::Model& head = model.model();
  out << "model    " << head.id() << '\n';
  for (const auto& [language, name] : head.display_name()) {
    out << "name     " << name << " [" << language << "]\n";
  }
  for (const auto& [language, text] : head.description()) {
    out << "about    " << text << " [" << language << "]\n";
  }
  out << "dtdl     " << head.dtdl_version() << "\nstate    "
      << (head.state() == v1::MODEL_STATE_DECOMMISSIONED ? "decommissioned"
                                                         : "active")
      << '\n';
  for (const std::string& base : model.bases()) {
    out << "extends  " << base << '\n';
  }
}

}  // namespace

std::string FormatSchema(const v1::ModelSchema& schema) {
  return schema.id().empty() ? FormatWhole(schema)
                             : absl::StrCat(schema.type(), " ", schema.id());
}

std::string FormatContent(const v1::ModelContent& content) {
  switch (content.kind()) {
    case v1::ModelContent::KIND_RELATIONSHIP:
      return FormatRelationship(content);
    case v1::ModelContent::KIND_COMPONENT:
      return content.component_model_id();
    case v1::ModelContent::KIND_COMMAND:
      return FormatCommand(content);
    default:
      return FormatValue(content);
  }
}

void PrintEffectiveModel(const v1::EffectiveModel& model, std::ostream& out) {
  PrintHead(model, out);
  Table table(out, {"NAME", "KIND", "WHAT", "FROM"});
  for (const v1::ModelContent& content : model.contents()) {
    const bool is_own = content.declared_in() == model.model().id();
    table.AddRow({content.name(), KindName(content.kind()),
                  FormatContent(content), is_own ? "" : content.declared_in()});
  }
  table.Flush();
  for (const v1::ModelSchema& schema : model.schemas()) {
    out << "schema   " << schema.id() << " = " << FormatWhole(schema) << '\n';
  }
}

}  // namespace twingraph::cli

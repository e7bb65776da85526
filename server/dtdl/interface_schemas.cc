// The schemas of an interface. Covered by tests/server/dtdl/parser_test.cc.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/interface_reader.h"
#include "server/dtdl/standard_schema.h"

namespace twingraph::dtdl {
namespace {

using enum ElementClass;

SchemaKind KindOf(ElementClass element_class) {
  switch (element_class) {
    case kArray:
      return SchemaKind::kArray;
    case kEnum:
      return SchemaKind::kEnum;
    case kMap:
      return SchemaKind::kMap;
    default:
      return SchemaKind::kObject;
  }
}

// Deepest nesting of complex schemas; more than `limit` where they refer to
// themselves.
int DepthOf(const Schema& schema, int limit) {
  if (limit < 0) {
    return 1;
  }
  int below = 0;
  if (schema.element != nullptr) {
    below = DepthOf(*schema.element, limit - 1);
  }
  for (const Field& field : schema.fields) {
    if (field.schema != nullptr) {
      below = std::max(below, DepthOf(*field.schema, limit - 1));
    }
  }
  const bool is_complex = schema.kind >= SchemaKind::kArray;
  return is_complex ? below + 1 : 0;
}

bool IsComplexType(const JsonNode& node) {
  const JsonNode* type = node.Find("@type");
  if (type == nullptr) {
    return false;
  }
  const auto is_complex = [](const JsonNode& each) {
    return each.text == "Array" || each.text == "Enum" || each.text == "Map" ||
           each.text == "Object";
  };
  return is_complex(*type) ||
         std::any_of(type->elements.begin(), type->elements.end(), is_complex);
}

}  // namespace

// Makes an empty schema for each complex one that has an id, so that references
// can point to it whatever the order.
void InterfaceReader::CollectNamedSchemas(const JsonNode& node) {
  const JsonNode* id = node.Find("@id");
  if (id != nullptr && id->is_string() && IsComplexType(node)) {
    auto schema = std::make_unique<Schema>();
    schema->id = id->text;
    if (!named_schemas_.emplace(id->text, schema.get()).second) {
      Report("duplicateDefinition", *id, root_path_,
             absl::StrCat("two elements have the id \"", id->text, "\""));
    }
    interface_->schemas.push_back(std::move(schema));
  }
  for (const JsonNode& element : node.elements) {
    CollectNamedSchemas(element);
  }
  for (const auto& [name, member] : node.members) {
    CollectNamedSchemas(member);
  }
}

void InterfaceReader::ReadNamedSchemas() {
  const JsonNode* schemas = root_.Find("schemas");
  if (schemas == nullptr) {
    return;
  }
  const auto read = [&](const JsonNode& node, const std::string& path) {
    if (node.is_object() && node.Find("@id") == nullptr) {
      Report("missingRequiredId", node, path,
             "a schema under \"schemas\" needs an \"@id\"");
    }
    ReadSchema(node, path);
  };
  const std::string path = root_path_ + "/schemas";
  if (!schemas->is_array()) {
    read(*schemas, path);
  }
  for (size_t i = 0; i < schemas->elements.size(); ++i) {
    read(schemas->elements[i], absl::StrCat(path, "/", i));
  }
}

const Schema* InterfaceReader::ReadSchemaMember(const Element& owner) {
  const JsonNode* node = owner.node.Find("schema");
  if (node == nullptr) {
    return nullptr;  // CheckMembers said so.
  }
  const Schema* schema = ReadSchema(*node, owner.path + "/schema");
  if (schema != nullptr) {
    CheckSchemaDepth(*schema, *node, owner.path + "/schema");
  }
  return schema;
}

const Schema* InterfaceReader::ReadSchema(const JsonNode& node,
                                          const std::string& path) {
  if (node.is_string()) {
    return SchemaByName(node, path);
  }
  const std::optional<Element> element =
      Classify(node, path, {kArray, kEnum, kMap, kObject}, std::nullopt);
  if (!element.has_value()) {
    return nullptr;
  }
  CheckMembers(*element);
  Schema* schema = nullptr;
  const auto named = named_schemas_.find(TextMember(node, "@id"));
  if (named != named_schemas_.end()) {
    schema = named->second;
  } else {
    interface_->schemas.push_back(std::make_unique<Schema>());
    schema = interface_->schemas.back().get();
  }
  FillSchema(*element, *schema);
  return schema;
}

const Schema* InterfaceReader::SchemaByName(const JsonNode& node,
                                            const std::string& path) {
  if (const Schema* standard =
          FindStandardSchema(node.text, interface_->dtdl_version)) {
    return standard;
  }
  const auto named = named_schemas_.find(node.text);
  if (named != named_schemas_.end()) {
    return named->second;
  }
  const Schema* partner =
      has_extension_ ? FindPartnerSchema(node.text, interface_->dtdl_version)
                     : nullptr;
  if (partner != nullptr) {
    return partner;
  }
  Report(
      absl::StartsWith(node.text, "dtmi:") ? "idReference" : "badDtmiOrTerm",
      node, path,
      absl::StrCat("\"", node.text, "\" is neither a schema of DTDL v",
                   interface_->dtdl_version, " nor defined in this interface"));
  return nullptr;
}

void InterfaceReader::FillSchema(const Element& element, Schema& schema) {
  schema.kind = KindOf(element.element_class);
  const JsonNode* item = element.node.Find("elementSchema");
  switch (schema.kind) {
    case SchemaKind::kArray:
      if (item != nullptr) {
        schema.element = ReadSchema(*item, element.path + "/elementSchema");
      }
      break;
    case SchemaKind::kMap:
      schema.element = ReadMapValue(element);
      break;
    case SchemaKind::kEnum:
      ReadEnum(element, schema);
      break;
    default:
      ReadObject(element, schema);
  }
}

const Schema* InterfaceReader::ReadMapValue(const Element& element) {
  if (const JsonNode* key = element.node.Find("mapKey")) {
    const std::optional<Element> read =
        Classify(*key, element.path + "/mapKey", {kMapKey}, kMapKey);
    if (read.has_value()) {
      CheckMembers(*read);
      const JsonNode* schema = key->Find("schema");
      if (schema != nullptr && schema->text != "string") {
        Report("valueNotExact", *schema, element.path + "/mapKey/schema",
               "keys of a map are strings");
      }
    }
  }
  const JsonNode* value = element.node.Find("mapValue");
  if (value == nullptr) {
    return nullptr;
  }
  const std::optional<Element> read =
      Classify(*value, element.path + "/mapValue", {kMapValue}, kMapValue);
  if (!read.has_value()) {
    return nullptr;
  }
  CheckMembers(*read);
  const JsonNode* schema = value->Find("schema");
  return schema == nullptr
             ? nullptr
             : ReadSchema(*schema, element.path + "/mapValue/schema");
}

void InterfaceReader::ReadEnum(const Element& element, Schema& schema) {
  schema.is_integer_enum = TextMember(element.node, "valueSchema") == "integer";
  const JsonNode* value_schema = element.node.Find("valueSchema");
  if (value_schema != nullptr && !schema.is_integer_enum &&
      value_schema->text != "string") {
    Report("disallowedType", *value_schema, element.path + "/valueSchema",
           "valueSchema must be \"integer\" or \"string\"");
    return;
  }
  const JsonNode* values = element.node.Find("enumValues");
  if (values == nullptr) {
    return;
  }
  for (size_t i = 0; i < values->elements.size(); ++i) {
    const std::string path = absl::StrCat(element.path, "/enumValues/", i);
    const std::optional<Element> read =
        Classify(values->elements[i], path, {kEnumValue}, kEnumValue);
    if (!read.has_value()) {
      continue;
    }
    CheckMembers(*read);
    const JsonNode* value = read->node.Find("enumValue");
    if (value == nullptr) {
      continue;
    }
    int64_t number = 0;
    const bool is_integer = value->kind == JsonKind::kNumber &&
                            absl::SimpleAtoi(value->text, &number);
    if (schema.is_integer_enum ? !is_integer : !value->is_string()) {
      Report("nonConformantDatatype", *value, path + "/enumValue",
             absl::StrCat("enumValue must be of the valueSchema, ",
                          schema.is_integer_enum ? "integer" : "string"));
      continue;
    }
    EnumValue made{TextMember(read->node, "name"),
                   schema.is_integer_enum ? Value::Int(number)
                                          : Value::String(value->text)};
    const bool is_taken = std::any_of(
        schema.enum_values.begin(), schema.enum_values.end(),
        [&](const EnumValue& other) {
          return other.name == made.name || other.value == made.value;
        });
    if (is_taken) {
      Report("nonUniquePropertyValue", *value, path,
             "names and values of an Enum must be unique");
      continue;
    }
    schema.enum_values.push_back(std::move(made));
  }
  if (limits_->enum_values > 0 &&
      (values->elements.empty() ||
       values->elements.size() > limits_->enum_values)) {
    Report("objectCountBelowMin", *values, element.path + "/enumValues",
           absl::StrCat("an Enum has 1 to ", limits_->enum_values,
                        " values in DTDL v2"));
  }
}

void InterfaceReader::ReadObject(const Element& element, Schema& schema) {
  const JsonNode* fields = element.node.Find("fields");
  if (fields == nullptr) {
    return;
  }
  const auto read_field = [&](const JsonNode& node, const std::string& path) {
    const std::optional<Element> field = Classify(node, path, {kField}, kField);
    if (!field.has_value()) {
      return;
    }
    CheckMembers(*field);
    const JsonNode* field_schema = node.Find("schema");
    Field made{TextMember(node, "name"),
               field_schema == nullptr
                   ? nullptr
                   : ReadSchema(*field_schema, path + "/schema")};
    const bool is_taken = std::any_of(
        schema.fields.begin(), schema.fields.end(),
        [&](const Field& other) { return other.name == made.name; });
    if (is_taken) {
      Report("nonUniquePropertyValue", node, path,
             absl::StrCat("two fields have the name \"", made.name, "\""));
      return;
    }
    schema.fields.push_back(std::move(made));
  };
  const std::string path = element.path + "/fields";
  if (!fields->is_array()) {
    read_field(*fields, path);
  }
  for (size_t i = 0; i < fields->elements.size(); ++i) {
    read_field(fields->elements[i], absl::StrCat(path, "/", i));
  }
  if (limits_->fields > 0 &&
      (schema.fields.empty() || schema.fields.size() > limits_->fields)) {
    Report("objectCountBelowMin", *fields, path,
           absl::StrCat("an Object has 1 to ", limits_->fields,
                        " fields in DTDL v2"));
  }
}

void InterfaceReader::CheckSchemaDepth(const Schema& schema,
                                       const JsonNode& node,
                                       const std::string& path) {
  const int limit = limits_->schema_depth;
  if (DepthOf(schema, limit + 1) > limit && interface_->dtdl_version < 4) {
    Report("excessiveDepthNarrow", node, path,
           absl::StrCat("schemas may be nested at most ", limit,
                        " levels deep and not refer to themselves"));
  }
}

}  // namespace twingraph::dtdl

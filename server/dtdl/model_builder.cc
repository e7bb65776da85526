// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/model_builder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"

#include "server/dtdl/literal.h"
#include "server/dtdl/term.h"

namespace twingraph::dtdl {
namespace {

class ModelBuilder {
 public:
  explicit ModelBuilder(Interface& model) : model_(model) {}

  void Build(const Element& element) {
    model_.id = std::string(element.id);
    model_.dtmi = ParseDtmi(element.id).value_or(Dtmi{});
    model_.dtdl_version = element.version();
    model_.display_name = LanguageText(element, "displayName");
    model_.description = LanguageText(element, "description");
    model_.comment = Text(element, "comment");
    for (const PropertyValue& value : element.values) {
      if (value.rule == nullptr) {
        continue;
      }
      if (value.rule->name == "extends") {
        model_.extends.push_back(IdOf(value));
      } else if (value.rule->name == "schemas") {
        SchemaOf(value);
      } else if (value.rule->name == "contents" && value.element != nullptr) {
        model_.contents.push_back(MakeContent(*value.element));
      }
    }
    SortByName(model_.contents);
  }

 private:
  // Also gives back what the list has grown too large by: contents are large,
  // and models stay.
  static void SortByName(std::vector<Content>& contents) {
    std::sort(
        contents.begin(), contents.end(),
        [](const Content& a, const Content& b) { return a.name < b.name; });
    contents.shrink_to_fit();
  }

  static std::string IdOf(const PropertyValue& value) {
    return std::string(value.element != nullptr ? value.element->id
                                                : value.reference);
  }

  static const JsonNode* Literal(const Element& element,
                                 absl::string_view property) {
    const PropertyValue* value = element.Find(property);
    return value == nullptr ? nullptr : value->node;
  }

  static std::string Text(const Element& element, absl::string_view property) {
    const JsonNode* node = Literal(element, property);
    return node == nullptr ? std::string() : std::string(node->text);
  }

  static bool Flag(const Element& element, absl::string_view property) {
    const JsonNode* node = Literal(element, property);
    return node != nullptr && node->boolean;
  }

  static LanguageMap LanguageText(const Element& element,
                                  absl::string_view property) {
    const JsonNode* node = Literal(element, property);
    return node == nullptr ? LanguageMap() : ReadLanguageText(*node);
  }

  static ContentKind KindOf(ClassId class_id) {
    switch (class_id) {
      case ClassId::kTelemetry:
        return ContentKind::kTelemetry;
      case ClassId::kCommand:
        return ContentKind::kCommand;
      case ClassId::kRelationship:
        return ContentKind::kRelationship;
      case ClassId::kComponent:
        return ContentKind::kComponent;
      default:
        return ContentKind::kProperty;
    }
  }

  Content MakeContent(const Element& element) {
    Content content;
    content.kind = KindOf(element.class_id);
    content.id = element.has_own_id ? std::string(element.id) : "";
    content.name = Text(element, "name");
    content.is_writable = Flag(element, "writable");
    content.is_required = element.HasCotype("Required");
    content.unit = UnitOf(element);
    for (const absl::string_view type : element.types) {
      content.types.emplace_back(type);
    }
    content.display_name = LanguageText(element, "displayName");
    content.description = LanguageText(element, "description");
    const PropertyValue* schema = element.Find("schema");
    if (content.kind == ContentKind::kComponent) {
      content.component_model = schema == nullptr ? "" : IdOf(*schema);
    } else if (schema != nullptr) {
      content.schema = SchemaOf(*schema);
    }
    if (content.kind == ContentKind::kRelationship) {
      FillRelationship(element, content);
    } else if (content.kind == ContentKind::kCommand) {
      content.request = MakePayload(element, "request");
      content.response = MakePayload(element, "response");
    }
    return content;
  }

  static std::string UnitOf(const Element& element) {
    const PropertyValue* unit = element.Find("unit");
    if (unit == nullptr) {
      return {};
    }
    const auto meaning = MeaningOfUnit(*element.context, unit->reference);
    return meaning.has_value() ? std::string(meaning->unit) : std::string();
  }

  void FillRelationship(const Element& element, Content& content) {
    content.target_model = Text(element, "target");
    int max = 0;
    if (absl::SimpleAtoi(Text(element, "maxMultiplicity"), &max)) {
      content.max_multiplicity = max;
    }
    for (const PropertyValue& value : element.values) {
      if (value.rule != nullptr && value.rule->name == "properties" &&
          value.element != nullptr) {
        content.properties.push_back(MakeContent(*value.element));
      }
    }
    SortByName(content.properties);
  }

  std::optional<CommandPayload> MakePayload(const Element& command,
                                            absl::string_view property) {
    const PropertyValue* value = command.Find(property);
    if (value == nullptr || value->element == nullptr) {
      return std::nullopt;
    }
    CommandPayload payload;
    payload.name = Text(*value->element, "name");
    payload.is_nullable = Flag(*value->element, "nullable");
    if (const PropertyValue* schema = value->element->Find("schema")) {
      payload.schema = SchemaOf(*schema);
    }
    return payload;
  }

  // Made once for each element; schemas may refer to each other in circles.
  const Schema* SchemaOf(const PropertyValue& value) {
    if (value.element == nullptr) {
      return value.standard;
    }
    const auto known = schemas_.find(value.element);
    if (known != schemas_.end()) {
      return known->second;
    }
    Schema* schema =
        model_.schemas.emplace_back(std::make_unique<Schema>()).get();
    schemas_[value.element] = schema;
    FillSchema(*value.element, *schema);
    return schema;
  }

  const Schema* PartOf(const Element& element, absl::string_view property) {
    const PropertyValue* value = element.Find(property);
    return value == nullptr ? nullptr : SchemaOf(*value);
  }

  void FillSchema(const Element& element, Schema& schema) {
    schema.id = std::string(element.id);
    switch (element.class_id) {
      case ClassId::kArray:
        schema.kind = SchemaKind::kArray;
        schema.element = PartOf(element, "elementSchema");
        return;
      case ClassId::kMap: {
        schema.kind = SchemaKind::kMap;
        const PropertyValue* value = element.Find("mapValue");
        if (value != nullptr && value->element != nullptr) {
          schema.element = PartOf(*value->element, "schema");
        }
        return;
      }
      case ClassId::kEnum:
        FillEnum(element, schema);
        return;
      default:
        FillObject(element, schema);
        return;
    }
  }

  static void FillEnum(const Element& element, Schema& schema) {
    schema.kind = SchemaKind::kEnum;
    const PropertyValue* value_schema = element.Find("valueSchema");
    schema.is_integer_enum =
        value_schema != nullptr && value_schema->standard != nullptr &&
        value_schema->standard->kind == SchemaKind::kInteger;
    for (const PropertyValue& value : element.values) {
      if (value.rule == nullptr || value.rule->name != "enumValues" ||
          value.element == nullptr) {
        continue;
      }
      const JsonNode* literal = Literal(*value.element, "enumValue");
      int64_t number = 0;
      if (literal == nullptr) {
        continue;
      }
      const bool is_number =
          literal->is_number() && absl::SimpleAtoi(literal->text, &number);
      schema.enum_values.push_back(
          {Text(*value.element, "name"),
           is_number ? Value::Int(number) : Value::String(literal->text)});
    }
  }

  void FillObject(const Element& element, Schema& schema) {
    schema.kind = SchemaKind::kObject;
    for (const PropertyValue& value : element.values) {
      if (value.rule == nullptr || value.rule->name != "fields" ||
          value.element == nullptr) {
        continue;
      }
      const Schema* field = PartOf(*value.element, "schema");
      if (field != nullptr) {
        schema.fields.push_back(
            {.name = Text(*value.element, "name"),
             .schema = field,
             .is_required = value.element->HasCotype("Required")});
      }
    }
  }

  Interface& model_;
  absl::flat_hash_map<const Element*, Schema*> schemas_;
};

}  // namespace

std::shared_ptr<const Interface> MakeInterface(const Element& element,
                                               const JsonDocument& document) {
  auto model = std::make_shared<Interface>();
  ModelBuilder(*model).Build(element);
  model->text = std::string(document.TextOf(*element.node));
  return model;
}

}  // namespace twingraph::dtdl

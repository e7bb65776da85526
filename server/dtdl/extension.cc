// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/extension.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace twingraph::dtdl {
namespace {

using enum ClassId;
using enum PropertyKind;

constexpr int kPartnerTextLength = 128;

// "Annotation", "Overriding".
constexpr ExtraProperty kAnnotates[] = {
    {.name = "annotates", .is_required = true}};
constexpr TypeRule kAnnotation[] = {{.name = "ValueAnnotation",
                                     .cotypes = {kProperty, kTelemetry},
                                     .properties = kAnnotates}};
constexpr ExtraProperty kOverrides[] = {
    {.name = "overrides", .kind = kTermOrIri, .is_required = true}};
constexpr TypeRule kOverriding[] = {{.name = "Override",
                                     .cotypes = {kProperty},
                                     .properties = kOverrides,
                                     .needs = "ValueAnnotation"}};

// "Historization", "Requirement".
constexpr TypeRule kHistorization[] = {
    {.name = "Historized", .cotypes = {kProperty, kTelemetry}}};
constexpr TypeRule kRequirement1[] = {
    {.name = "Required", .cotypes = {kField}}};
constexpr TypeRule kRequirement2[] = {
    {.name = "Required", .cotypes = {kField, kProperty}}};

// "MQTT".
constexpr ExtraProperty kMqttProperties[] = {
    {.name = "payloadFormat", .is_required = true},
    {.name = "telemetryTopic", .form = TextForm::kTopic},
    {.name = "commandTopic", .form = TextForm::kTopic},
    {.name = "propertyTopic", .form = TextForm::kTopic, .first = 4},
    {.name = "serviceGroupId", .form = TextForm::kLabel, .first = 2, .last = 2},
    {.name = "cmdServiceGroupId", .form = TextForm::kLabel, .first = 3},
    {.name = "telemServiceGroupId", .form = TextForm::kLabel, .first = 3}};
constexpr ExtraProperty kCacheable[] = {
    {.name = "ttl", .kind = kDuration, .is_required = true}};
constexpr ExtraProperty kIndexed[] = {{.name = "index",
                                       .kind = kInteger,
                                       .is_required = true,
                                       .min_value = 1,
                                       .is_unique = true}};
constexpr TypeRule kMqtt[] = {
    {.name = "Mqtt", .cotypes = {kInterface}, .properties = kMqttProperties},
    {.name = "Idempotent", .cotypes = {kCommand}},
    {.name = "Cacheable",
     .cotypes = {kCommand},
     .properties = kCacheable,
     .needs = "Idempotent"},
    {.name = "Indexed",
     .cotypes = {kEnumValue, kField, kTelemetry},
     .properties = kIndexed,
     .last = 3},
    {.name = "Indexed",
     .cotypes = {kEnumValue, kField, kProperty, kTelemetry},
     .properties = kIndexed,
     .first = 4},
    {.name = "Transparent",
     .cotypes = {kCommandRequest, kCommandResponse},
     .schema = SchemaNeed::kObject,
     .first = 2},
    {.name = "Result",
     .cotypes = {kObject},
     .fields = "NormalResult ErrorResult",
     .first = 3,
     .last = 3},
    {.name = "Result",
     .cotypes = {kObject},
     .fields = "NormalResult ErrorResult ErrorCode ErrorInfo",
     .first = 4},
    {.name = "NormalResult",
     .cotypes = {kField},
     .excludes = "Required",
     .parent = "Result",
     .is_single = true,
     .first = 3},
    {.name = "ErrorResult",
     .cotypes = {kField},
     .schema = SchemaNeed::kErrorObject,
     .excludes = "Required",
     .parent = "Result",
     .is_single = true,
     .first = 3},
    {.name = "Error", .cotypes = {kObject}, .first = 3},
    {.name = "ErrorMessage",
     .cotypes = {kField},
     .schema = SchemaNeed::kString,
     .parent = "Error",
     .is_single = true,
     .first = 3},
    {.name = "ErrorCode",
     .cotypes = {kField},
     .schema = SchemaNeed::kEnum,
     .parent = "Error Result",
     .is_single = true,
     .first = 4},
    {.name = "ErrorInfo",
     .cotypes = {kField},
     .schema = SchemaNeed::kObject,
     .parent = "Error Result",
     .is_single = true,
     .sibling = "ErrorCode",
     .first = 4},
    {.name = "PropertyResult",
     .cotypes = {kObject},
     .fields = "PropertyValue ReadError WriteError",
     .first = 4},
    {.name = "PropertyValue",
     .cotypes = {kField},
     .parent = "PropertyResult",
     .is_single = true,
     .first = 4},
    {.name = "ReadError",
     .cotypes = {kField},
     .schema = SchemaNeed::kErrorObject,
     .parent = "PropertyResult",
     .is_single = true,
     .first = 4},
    {.name = "WriteError",
     .cotypes = {kField},
     .schema = SchemaNeed::kErrorObject,
     .parent = "PropertyResult",
     .is_single = true,
     .first = 4},
    {.name = "Fragmented",
     .cotypes = {kProperty},
     .host = "PropertyValue",
     .schema = SchemaNeed::kMap,
     .first = 4},
    {.name = "Indirect",
     .cotypes = {kField},
     .excludes = "Required",
     .first = 4}};

// IoT Central.
constexpr TypeRule kCentral[] = {{.name = "AccelerationVector",
                                  .cotypes = {kProperty, kTelemetry},
                                  .schema = SchemaNeed::kVector,
                                  .unit_type = "AccelerationUnit",
                                  .is_unit_optional = true},
                                 {.name = "VelocityVector",
                                  .cotypes = {kProperty, kTelemetry},
                                  .schema = SchemaNeed::kVector,
                                  .unit_type = "VelocityUnit",
                                  .is_unit_optional = true},
                                 {.name = "Location",
                                  .cotypes = {kProperty, kTelemetry},
                                  .schema = SchemaNeed::kPlace},
                                 {.name = "Event", .cotypes = {kTelemetry}},
                                 {.name = "State",
                                  .cotypes = {kProperty, kTelemetry},
                                  .schema = SchemaNeed::kEnum}};

// IoT Operations.
constexpr ExtraProperty kTypeRef[] = {
    {.name = "typeRef", .is_required = true, .max_length = kPartnerTextLength}};
constexpr ExtraProperty kNamespace[] = {{.name = "namespace",
                                         .is_required = true,
                                         .max_length = kPartnerTextLength}};
constexpr ExtraProperty kOntology[] = {{.name = "ontology",
                                        .is_required = true,
                                        .max_length = kPartnerTextLength}};
constexpr ExtraProperty kGroup[] = {{.name = "group",
                                     .is_required = true,
                                     .max_length = kPartnerTextLength,
                                     .form = TextForm::kGroup}};
constexpr ExtraProperty kBounds[] = {
    {.name = "minimum", .kind = kNumeric, .conforms_to_schema = true},
    {.name = "maximum", .kind = kNumeric, .conforms_to_schema = true}};
constexpr ExtraProperty kDecimalPlaces[] = {
    {.name = "decimalPlaces", .kind = kInteger, .is_required = true}};
constexpr ExtraProperty kScaleFactor[] = {{.name = "scaleFactor",
                                           .kind = kNumeric,
                                           .is_required = true,
                                           .conforms_to_schema = true}};
constexpr ClassSet kMeasured = {kProperty, kTelemetry, kField};
constexpr TypeRule kOperations[] = {
    {.name = "Composite",
     .cotypes = {kInterface},
     .properties = kOntology,
     .excludes = "Event"},
    {.name = "Event", .cotypes = {kInterface}, .excludes = "Composite"},
    {.name = "Congruence",
     .cotypes = {kInterface, kObject},
     .properties = kTypeRef},
    {.name = "Qualified",
     .cotypes = {kProperty, kTelemetry, kCommand, kRelationship, kComponent,
                 kField},
     .properties = kNamespace},
    {.name = "GroupMember",
     .cotypes = {kProperty, kTelemetry, kCommand},
     .properties = kGroup},
    {.name = "HasCapability",
     .cotypes = {kRelationship},
     .excludes = "HasComponent"},
    {.name = "HasComponent",
     .cotypes = {kRelationship},
     .excludes = "HasCapability"},
    {.name = "Limited",
     .cotypes = kMeasured,
     .properties = kBounds,
     .schema = SchemaNeed::kNumeric},
    {.name = "Precise",
     .cotypes = kMeasured,
     .properties = kDecimalPlaces,
     .schema = SchemaNeed::kNumeric},
    {.name = "ScaledStatically",
     .cotypes = kMeasured,
     .properties = kScaleFactor,
     .schema = SchemaNeed::kNumeric},
    {.name = "Detail", .cotypes = {kObject}},
    {.name = "Subject",
     .cotypes = {kField},
     .parent = "Detail",
     .is_single = true}};

// Semantic types in the form of co-types, made of the quantities table.
class SemanticTypes {
 public:
  SemanticTypes(QuantityEdition edition, ClassSet cotypes) {
    for (const Quantity& quantity : Quantities()) {
      for (const absl::string_view name :
           absl::StrSplit(quantity.semantic_types, ' ')) {
        if (!UnitTypeOfSemantic(name, edition).empty()) {
          types_.push_back({.name = name,
                            .cotypes = cotypes,
                            .schema = SchemaNeed::kNumeric,
                            .unit_type = quantity.unit_type});
        }
      }
    }
    types_.push_back({.name = edition == QuantityEdition::kDtdl2
                                  ? "SemanticType"
                                  : "QuantitativeType",
                      .cotypes = cotypes,
                      .is_abstract = true});
  }

  std::span<const TypeRule> types() const { return types_; }

 private:
  std::vector<TypeRule> types_;
};

class ExtensionTable {
 public:
  ExtensionTable() {
    const ClassSet values = {kCommandRequest, kCommandResponse, kField,
                             kMapValue,       kProperty,        kTelemetry};
    built_in_types_ =
        SemanticTypes(QuantityEdition::kDtdl2, {kProperty, kTelemetry});
    built_in_ = {.id = "dtmi:dtdl:context",
                 .version = 2,
                 .first_dtdl = 2,
                 .last_dtdl = 2,
                 .types = built_in_types_.types(),
                 .quantities = QuantityEdition::kDtdl2};
    AddQuantities(1, 3, QuantityEdition::kExtension1, values);
    AddQuantities(2, 4, QuantityEdition::kExtension2, values);
    AddQuantities(3, 4, QuantityEdition::kExtension3, values);
    AddFeature("annotation", 1, kAnnotation);
    AddFeature("annotation", 2, kAnnotation);
    AddFeature("historization", 1, kHistorization);
    AddFeature("historization", 2, kHistorization);
    AddFeature("overriding", 1, kOverriding);
    AddFeature("overriding", 2, kOverriding);
    for (int version = 1; version <= 4; ++version) {
      AddFeature("mqtt", version, kMqtt);
    }
    Add({.id = "dtmi:dtdl:extension:requirement",
         .version = 1,
         .first_dtdl = 3,
         .types = kRequirement1});
    Add({.id = "dtmi:dtdl:extension:requirement",
         .version = 2,
         .first_dtdl = 3,
         .types = kRequirement2});
    Add({.id = "dtmi:iotcentral:context",
         .version = 2,
         .first_dtdl = 2,
         .last_dtdl = 2,
         .types = kCentral,
         .reserved_prefix = "dtmi:iotcentral:"});
    Add({.id = "dtmi:iotoperations:context",
         .version = 4,
         .first_dtdl = 4,
         .types = kOperations,
         .reserved_prefix = "dtmi:iotoperations:"});
  }

  const Extension* Find(absl::string_view id, int version) const {
    const auto found = by_id_.find(std::make_pair(std::string(id), version));
    return found == by_id_.end() ? nullptr : &found->second;
  }

  bool IsKnown(absl::string_view id) const {
    return std::any_of(by_id_.begin(), by_id_.end(), [id](const auto& each) {
      return each.first.first == id;
    });
  }

  const Extension& built_in() const { return built_in_; }

 private:
  void Add(Extension extension) {
    by_id_.emplace(std::make_pair(std::string(extension.id), extension.version),
                   extension);
  }

  // A feature extension: version 1 is for DTDL 3, later ones for 3 and 4.
  void AddFeature(absl::string_view name, int version,
                  std::span<const TypeRule> types) {
    const std::string& id =
        ids_.emplace(name, absl::StrCat("dtmi:dtdl:extension:", name))
            .first->second;
    Add({.id = id,
         .version = version,
         .first_dtdl = 3,
         .last_dtdl = version == 1 ? 3 : 4,
         .types = types});
  }

  void AddQuantities(int version, int dtdl, QuantityEdition edition,
                     ClassSet cotypes) {
    semantic_types_.push_back(
        std::make_unique<SemanticTypes>(edition, cotypes));
    Add({.id = "dtmi:dtdl:extension:quantitativeTypes",
         .version = version,
         .first_dtdl = dtdl,
         .last_dtdl = dtdl,
         .types = semantic_types_.back()->types(),
         .quantities = edition});
  }

  std::map<std::string, std::string, std::less<>> ids_;
  std::vector<std::unique_ptr<SemanticTypes>> semantic_types_;
  std::map<std::pair<std::string, int>, Extension> by_id_;
  SemanticTypes built_in_types_{QuantityEdition::kDtdl2, {}};
  Extension built_in_;
};

const ExtensionTable& Table() {
  static const ExtensionTable table;
  return table;
}

}  // namespace

const TypeRule* Extension::FindType(absl::string_view term) const {
  for (const TypeRule& type : types) {
    if (type.name == term && type.first <= version && version <= type.last) {
      return &type;
    }
  }
  return nullptr;
}

const Extension* FindExtension(absl::string_view id, int version) {
  return Table().Find(id, version);
}

bool IsExtensionKnown(absl::string_view id) {
  return Table().IsKnown(id);
}

const Extension& BuiltInExtension() {
  return Table().built_in();
}

bool HasProperty(const Extension& extension, const ExtraProperty& property) {
  return property.first <= extension.version &&
         extension.version <= property.last;
}

const ExtraProperty* FindProperty(const Extension& extension,
                                  const TypeRule& type,
                                  absl::string_view name) {
  for (const ExtraProperty& property : type.properties) {
    if (property.name == name && HasProperty(extension, property)) {
      return &property;
    }
  }
  return nullptr;
}

bool IsExtraPropertyTerm(const Extension& extension, absl::string_view name) {
  return std::any_of(extension.types.begin(), extension.types.end(),
                     [&](const TypeRule& type) {
                       return FindProperty(extension, type, name) != nullptr;
                     });
}

}  // namespace twingraph::dtdl

// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/validator/validator.h"

#include <cstddef>
#include <utility>

namespace twingraph::dtdl {
namespace {

void CheckReferences(const Element& element, RuleReport& report) {
  for (const PropertyValue& value : element.values) {
    if (value.rule == nullptr || value.reference.empty() ||
        (value.element == nullptr && value.standard == nullptr)) {
      continue;
    }
    CheckReferenceType(element, value, report);
    if (value.element != nullptr) {
      CheckDisallowedVersionReference(element, value, report);
      CheckCrossPartitionReference(element, value, report);
    }
  }
}

void CheckInterface(const Element& interface, size_t set_size,
                    Inheritance& inheritance, RuleReport& report) {
  const Inherited inherited = inheritance.Of(interface);
  const InheritedElements& contents = inherited.contents;
  CheckContentNames(interface, report);
  CheckExtendsChain(interface, inheritance.DepthOf(interface),
                    inherited.ancestors, report);
  CheckInheritedNames(interface, contents, report);
  CheckContentCount(interface, contents, set_size, report);
  CheckComponents(interface, inheritance, report);
  CheckInterfaceSize(interface, report);
  CheckAnnotations(interface, contents, report);
}

void CheckClass(const Element& element, size_t set_size,
                Inheritance& inheritance, RuleReport& report) {
  switch (element.class_id) {
    case ClassId::kInterface:
      CheckInterface(element, set_size, inheritance, report);
      return;
    case ClassId::kProperty:
      CheckArrayInProperty(element, report);
      return;
    case ClassId::kRelationship:
      CheckSiblingNames(element, "properties", report);
      return;
    case ClassId::kObject:
      CheckSiblingNames(element, "fields", report);
      CheckSchemaDepth(element, report);
      return;
    case ClassId::kEnum:
      CheckSiblingNames(element, "enumValues", report);
      CheckEnum(element, report);
      return;
    case ClassId::kArray:
    case ClassId::kMap:
      CheckSchemaDepth(element, report);
      return;
    case ClassId::kMapKey:
      CheckMapKey(element, report);
      return;
    default:
      return;
  }
}

}  // namespace

void RuleReport::Add(absl::string_view rule, const Element& element,
                     const JsonNode& node, std::string message) {
  if (element.is_stored) {
    return;
  }
  problems_.Enter(documents_[static_cast<size_t>(element.document)],
                  element.document);
  problems_.Add(rule, element.id, node, std::move(message));
}

void CheckRules(const ElementSet& set, Pace& pace, RuleReport& report) {
  Inheritance inheritance;
  for (const Element& element : set.elements()) {
    if (report.is_full() || !pace.GoesOn()) {
      return;
    }
    if (element.is_stored || element.Is(ClassId::kNone)) {
      continue;
    }
    CheckReferences(element, report);
    CheckClass(element, set.elements().size(), inheritance, report);
    CheckCotypeSchemas(element, report);
    CheckCotypeFields(element, report);
    CheckCotypeSiblings(element, report);
    CheckConformingNumbers(element, report);
    CheckUniqueExtras(element, report);
  }
}

}  // namespace twingraph::dtdl

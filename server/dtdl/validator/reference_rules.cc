// Rules on references between elements.
// Covered by tests/server/dtdl/cases_test.cc.
#include "absl/strings/str_cat.h"

#include "server/dtdl/validator/validator.h"

namespace twingraph::dtdl {

// DTDL.v4.md, the tables of each class: the class of a value.
void CheckReferenceType(const Element& element, const PropertyValue& value,
                        RuleReport& report) {
  const ClassId class_id = ClassOf(value);
  if (class_id == ClassId::kNone || value.rule->targets.Has(class_id)) {
    return;
  }
  report.Add(
      "badType", element, *value.node,
      absl::StrCat("property \"", value.rule->name, "\": \"", value.reference,
                   "\" is ", WithArticle(ClassName(class_id)),
                   ", which is not allowed here"));
}

// DTDL.v3.md and DTDL.v4.md, "Interface": which earlier versions may be
// extended or used as a component.
void CheckDisallowedVersionReference(const Element& element,
                                     const PropertyValue& value,
                                     RuleReport& report) {
  const int version = value.element->version();
  if (version == element.version() ||
      (version < element.version() && value.rule->allows_older)) {
    return;
  }
  report.Add(
      "disallowedVersionReference", element, *value.node,
      absl::StrCat("property \"", value.rule->name, "\": \"", value.reference,
                   "\" is defined in DTDL ", version, ", which DTDL ",
                   element.version(), " does not allow here"));
}

// DTDL.v4.md, "Interface schemas": what is defined in an interface is visible
// in it only.
void CheckCrossPartitionReference(const Element& element,
                                  const PropertyValue& value,
                                  RuleReport& report) {
  const Element& target = *value.element;
  if (target.Is(ClassId::kInterface) || target.interface == element.interface) {
    return;
  }
  report.Add(
      "crossPartitionReference", element, *value.node,
      absl::StrCat("property \"", value.rule->name, "\": \"", value.reference,
                   "\" is defined in another interface; define a copy "
                   "here under an @id of its own"));
}

}  // namespace twingraph::dtdl

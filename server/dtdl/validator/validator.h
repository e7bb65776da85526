#pragma once

// The rules that a table cannot say: what concerns several elements at once.
// One function per rule, named after the rule's id, in the file of the class
// that it is about; each names the section of the specification it comes from.
// All are pure but for the reports they make. Not thread-safe.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/dtdl/element.h"
#include "server/dtdl/pace.h"
#include "server/dtdl/problems.h"
#include "server/dtdl/validator/inheritance.h"

namespace twingraph::dtdl {

// Where rules report to. Nothing is reported about stored models.
class RuleReport {
 public:
  // `documents`: by Element::document; both outlive this.
  RuleReport(const std::vector<const JsonDocument*>& documents,
             Problems& problems)
      : documents_(documents), problems_(problems) {}

  // Notes that `node`, a part of `element`, breaks `rule`.
  void Add(absl::string_view rule, const Element& element, const JsonNode& node,
           std::string message);

  // Are there as many problems as are kept?
  bool is_full() const { return problems_.is_full(); }

 private:
  const std::vector<const JsonDocument*>& documents_;
  Problems& problems_;
};

// Checks all elements of `set`, whose references are resolved, while `pace`
// goes on.
void CheckRules(const ElementSet& set, Pace& pace, RuleReport& report);

// reference_rules.cc
void CheckReferenceType(const Element& element, const PropertyValue& value,
                        RuleReport& report);
void CheckDisallowedVersionReference(const Element& element,
                                     const PropertyValue& value,
                                     RuleReport& report);
void CheckCrossPartitionReference(const Element& element,
                                  const PropertyValue& value,
                                  RuleReport& report);

// interface_rules.cc
void CheckContentNames(const Element& interface, RuleReport& report);
void CheckInheritedNames(const Element& interface,
                         const InheritedElements& contents, RuleReport& report);
void CheckExtendsChain(const Element& interface, int depth, size_t ancestors,
                       RuleReport& report);
// `set_size`: elements of the whole set, which bound what a tree can hold.
void CheckContentCount(const Element& interface,
                       const InheritedElements& contents, size_t set_size,
                       RuleReport& report);
void CheckComponents(const Element& interface, Inheritance& inheritance,
                     RuleReport& report);
void CheckInterfaceSize(const Element& interface, RuleReport& report);

// schema_rules.cc
void CheckSchemaDepth(const Element& element, RuleReport& report);
void CheckArrayInProperty(const Element& property, RuleReport& report);
void CheckEnum(const Element& element, RuleReport& report);
void CheckMapKey(const Element& map_key, RuleReport& report);
void CheckSiblingNames(const Element& element, absl::string_view property,
                       RuleReport& report);

// cotype_rules.cc
void CheckCotypeSchemas(const Element& element, RuleReport& report);
void CheckCotypeFields(const Element& element, RuleReport& report);
void CheckCotypeSiblings(const Element& element, RuleReport& report);
void CheckUniqueExtras(const Element& element, RuleReport& report);
void CheckConformingNumbers(const Element& element, RuleReport& report);

// annotation_rules.cc
void CheckAnnotations(const Element& interface,
                      const InheritedElements& contents, RuleReport& report);

}  // namespace twingraph::dtdl

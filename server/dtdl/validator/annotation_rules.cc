// Rules on contents that annotate others: DTDL.annotation.v2.md and
// DTDL.overriding.v2.md.
// Covered by tests/server/dtdl/cases_test.cc.
#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"

#include "server/dtdl/standard_schema.h"
#include "server/dtdl/term.h"
#include "server/dtdl/validator/validator.h"

namespace twingraph::dtdl {
namespace {

// A content with co-type ValueAnnotation and the sibling it annotates.
struct Annotation {
  InheritedElement content;
  InheritedElement sibling;
  const PropertyValue* annotates = nullptr;
  const PropertyValue* overrides = nullptr;  // null: no Override
};

class AnnotationChecker {
 public:
  AnnotationChecker(const Element& interface, const InheritedElements& contents,
                    RuleReport& report)
      : interface_(interface), report_(report) {
    for (const InheritedElement& each : contents) {
      contents_.emplace(each.content->name, each);
    }
  }

  void Check() {
    for (const auto& [name, content] : contents_) {
      if (!content.content->HasCotype("ValueAnnotation")) {
        continue;
      }
      Annotation annotation;
      annotation.content = content;
      annotation.annotates = content.content->Find("annotates");
      annotation.overrides = content.content->Find("overrides");
      if (annotation.annotates == nullptr ||
          annotation.annotates->node == nullptr) {
        continue;
      }
      const auto sibling = contents_.find(annotation.annotates->node->text);
      if (sibling != contents_.end()) {
        annotation.sibling = sibling->second;
        CheckSibling(annotation);
      }
    }
  }

 private:
  // Both inherited from one interface: reported there.
  bool IsOfOther(const Annotation& annotation) const {
    return annotation.content.interface == annotation.sibling.interface &&
           annotation.content.interface != &interface_;
  }

  void CheckSibling(const Annotation& annotation) {
    const Element& sibling = *annotation.sibling.content;
    if (IsOfOther(annotation)) {
      return;
    }
    if (!sibling.Is(ClassId::kProperty) && !sibling.Is(ClassId::kTelemetry)) {
      Report("notSiblingRequiredType", annotation, *annotation.annotates,
             absl::StrCat("\"", sibling.name, "\" is ",
                          WithArticle(ClassName(sibling.class_id)),
                          "; only a Property or Telemetry can be annotated"));
    } else if (sibling.HasCotype("ValueAnnotation")) {
      Report("disallowedType", annotation, *annotation.annotates,
             absl::StrCat("\"", sibling.name,
                          "\" is an annotation itself and cannot be "
                          "annotated"));
    }
    if (annotation.overrides != nullptr &&
        annotation.overrides->node != nullptr) {
      CheckOverride(annotation);
    }
  }

  void CheckOverride(const Annotation& annotation) {
    const Element& sibling = *annotation.sibling.content;
    const PropertyValue& overrides = *annotation.overrides;
    const absl::string_view property =
        PropertyTerm(*sibling.context, overrides.node->text);
    const auto [first, is_new] = overridden_.emplace(
        std::make_pair(sibling.name, property), annotation.content.content);
    if (!is_new && first->second != annotation.content.content) {
      Report("multipleReference", annotation, overrides,
             absl::StrCat("\"", property, "\" of \"", sibling.name,
                          "\" is overridden twice; remove one"));
      return;
    }
    const PropertyValue* found = sibling.Find(property);
    if (FindRule(sibling.class_id, property, sibling.version()) != nullptr) {
      Report("matchingPropertyNotSupplemental", annotation, overrides,
             absl::StrCat("\"", property,
                          "\" is no property of an extension; only those can "
                          "be overridden"));
    } else if (found == nullptr) {
      Report("noMatchingSupplementalProperty", annotation, overrides,
             absl::StrCat("\"", sibling.name, "\" has no \"", property,
                          "\" to override"));
    } else {
      CheckMatch(annotation, *found);
    }
  }

  // The schema of an Override of `unit` must be the Enum of its unit type.
  void CheckMatch(const Annotation& annotation, const PropertyValue& found) {
    const PropertyValue* schema = annotation.content.content->Find("schema");
    const auto unit =
        MeaningOfUnit(*annotation.sibling.content->context, found.reference);
    if (schema == nullptr || !unit.has_value()) {
      return;
    }
    const bool matches =
        schema->standard != nullptr && schema->standard->id == unit->unit_type;
    if (!matches) {
      Report("siblingPropertyMismatch", annotation, *schema,
             absl::StrCat("the schema must be ", unit->unit_type,
                          ", as it overrides a unit of that type"));
    }
  }

  void Report(absl::string_view rule, const Annotation& annotation,
              const PropertyValue& place, std::string message) {
    // An inherited annotation breaks the rule for this interface only.
    if (annotation.content.interface == &interface_) {
      report_.Add(rule, *annotation.content.content, *place.node,
                  std::move(message));
    } else {
      report_.Add(rule, interface_, *annotation.sibling.content->node,
                  std::move(message));
    }
  }

  const Element& interface_;
  RuleReport& report_;
  std::map<absl::string_view, InheritedElement> contents_;
  std::map<std::pair<absl::string_view, absl::string_view>, const Element*>
      overridden_;
};

bool IsAnnotated(const InheritedElements& contents) {
  return std::any_of(contents.begin(), contents.end(),
                     [](const InheritedElement& each) {
                       return each.content->HasCotype("ValueAnnotation");
                     });
}

}  // namespace

// notSiblingRequiredType, disallowedType, multipleReference,
// matchingPropertyNotSupplemental, noMatchingSupplementalProperty,
// siblingPropertyMismatch.
void CheckAnnotations(const Element& interface,
                      const InheritedElements& contents, RuleReport& report) {
  if (IsAnnotated(contents)) {
    AnnotationChecker(interface, contents, report).Check();
  }
}

}  // namespace twingraph::dtdl

#pragma once

// Documents to elements: walks the JSON of an interface with the metamodel
// table in hand, and reports what breaks it. Checks what one element shows by
// itself; what needs others is in validator/. Not thread-safe.

#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"

#include "server/dtdl/context.h"
#include "server/dtdl/element.h"
#include "server/dtdl/literal.h"
#include "server/dtdl/problems.h"

namespace twingraph::dtdl {

class ElementReader {
 public:
  // All outlive this; elements are added to `set`.
  ElementReader(ContextReader& contexts, Problems& problems, ElementSet& set)
      : contexts_(contexts), problems_(problems), set_(set) {}

  // Reads an interface at the top of a document; null where it cannot be told
  // what it is.
  Element* ReadTop(const JsonNode& node, int document, bool is_stored);

 private:
  // Where an element stands: in a property of another, or at the top.
  struct Slot {
    Element* parent = nullptr;
    const PropertyRule* rule = nullptr;
    ClassSet allowed = {};
    ClassId inferred = ClassId::kNone;
  };

  Element* ReadElement(const JsonNode& node, const Slot& slot);
  void CheckVersion(const Element& element, const Slot& slot);
  void CheckKeywords(const Element& element);

  // type_reader.cc
  void ReadTypes(Element& element, const Slot& slot);
  void ReadType(Element& element, const Slot& slot, const JsonNode& node,
                bool& has_material);
  void CheckCotypes(Element& element, const JsonNode& node);
  void CheckCotype(const Element& element, const Cotype& cotype,
                   const JsonNode& node);
  void ReportUnknownType(Element& element, const JsonNode& node);

  // id_reader.cc
  void ReadName(Element& element);
  void ReadId(Element& element, const Slot& slot);
  void CheckOwnId(const Element& element, const JsonNode& node);
  void MakeId(Element& element, const Slot& slot);

  // property_reader.cc
  // Enough for nearly every element.
  using GivenTerms = absl::InlinedVector<absl::string_view, 12>;
  void ReadMembers(Element& element);
  // `given`: the terms that were read before, to which this one is added.
  void ReadMember(Element& element, const JsonNode& member, GivenTerms& given);
  bool ReadExtra(Element& element, const JsonNode& member,
                 absl::string_view term);
  void ReadRule(Element& element, const PropertyRule& rule,
                const JsonNode& member);
  void CheckText(const Element& element, const PropertyRule& rule,
                 const JsonNode& literal);
  void CheckNumber(const Element& element, const PropertyRule& rule,
                   const JsonNode& literal);
  void CheckTarget(const Element& element, const JsonNode& literal);
  void ReadElements(Element& element, const PropertyRule& rule,
                    const JsonNode& member);
  void ReadElementValue(Element& element, const PropertyRule& rule,
                        const JsonNode& member, const JsonNode& node);
  void ReadReference(Element& element, const PropertyRule& rule,
                     const JsonNode& member, const JsonNode& node);
  void ReadUnit(Element& element, const Cotype& cotype, const JsonNode& member);
  void ReadUnitValue(Element& element, const Cotype& cotype,
                     const JsonNode& member, const JsonNode& node);
  void ReadExtraLiteral(Element& element, const ExtraProperty& property,
                        const JsonNode& member);
  void CheckExtraText(const Element& element, const ExtraProperty& property,
                      const JsonNode& literal);
  void ReportUnknownMember(const Element& element, const JsonNode& member);
  void CheckRequired(const Element& element);
  void CheckRequiredExtras(const Element& element);

  LiteralPlace PlaceOf(const Element& element,
                       absl::string_view property) const;
  // False, so that a check can end with it.
  bool Report(absl::string_view rule, const Element& element,
              const JsonNode& node, std::string message);

  ContextReader& contexts_;
  Problems& problems_;
  ElementSet& set_;
  int document_ = 0;
  bool is_stored_ = false;
};

}  // namespace twingraph::dtdl

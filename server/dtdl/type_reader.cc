// The @type of elements: DTDL.v4.md, "Metamodel classes" and "Digital Twin
// Definition Language extensions".
// Covered by tests/server/dtdl/parser_test.cc.
#include <optional>

#include "absl/strings/str_cat.h"

#include "server/dtdl/element_reader.h"
#include "server/dtdl/term.h"

namespace twingraph::dtdl {
void ElementReader::ReadTypes(Element& element, const Slot& slot) {
  const JsonNode* types = element.node->Find("@type");
  bool has_material = false;
  if (types == nullptr) {
    element.class_id = slot.inferred;
  } else if (types->is_string()) {
    ReadType(element, slot, *types, has_material);
  } else if (types->is_array()) {
    for (const JsonNode& type : JsonChildren(*types)) {
      ReadType(element, slot, type, has_material);
    }
  } else {
    Report("typeNotString", element, *types,
           "@type must be a string or an array of strings");
  }
  const JsonNode& place = types == nullptr ? *element.node : *types;
  if (!has_material && element.Is(ClassId::kNone)) {
    Report(slot.parent == nullptr ? "typeNotRootable" : "badType", element,
           place,
           absl::StrCat("@type must name ",
                        ListOf(slot.allowed, element.version())));
  }
  if (!element.Is(ClassId::kNone)) {
    CheckCotypes(element, place);
  }
}

void ElementReader::ReadType(Element& element, const Slot& slot,
                             const JsonNode& node, bool& has_material) {
  if (!node.is_string()) {
    Report("typeNotString", element, node, "each @type must be a string");
    return;
  }
  element.types.push_back(node.text);
  const std::optional<TypeMeaning> meaning =
      MeaningOfType(*element.context, node.text);
  if (!meaning.has_value()) {
    ReportUnknownType(element, node);
    return;
  }
  if (meaning->cotype.type != nullptr) {
    const Cotype& cotype = meaning->cotype;
    if (!element.HasCotype(cotype.type->name)) {
      element.cotypes.push_back(cotype);
    }
    return;
  }
  const bool is_first = !has_material;
  has_material = true;
  if (meaning->is_other_class || !slot.allowed.Has(meaning->class_id)) {
    Report(slot.parent == nullptr ? "typeNotRootable" : "badType", element,
           node,
           absl::StrCat("\"", node.text, "\" is not allowed here; use ",
                        ListOf(slot.allowed, element.version())));
  } else if (is_first) {
    element.class_id = meaning->class_id;
  } else if (element.class_id != meaning->class_id) {
    Report(
        "multipleMaterialTypes", element, node,
        absl::StrCat("an element is of one class; remove \"",
                     ClassName(element.class_id), "\" or \"", node.text, "\""));
  }
}

void ElementReader::ReportUnknownType(Element& element, const JsonNode& node) {
  const bool is_old = element.version() == 2;
  const bool may_be_extension = element.context->has_unknown_extension;
  element.has_undefined_type = true;
  switch (KindOfName(*element.context, node.text)) {
    case NameKind::kInvalidDtmi:
      Report("typeInvalidDtmi", element, node,
             absl::StrCat("@type \"", node.text, "\" is no valid DTMI"));
      return;
    case NameKind::kIrrelevant:
      if (!may_be_extension) {
        Report("typeIrrelevantDtmiOrTerm", element, node,
               absl::StrCat("\"", node.text, "\" is no type; remove it"));
      }
      return;
    case NameKind::kNotDtmiOrTerm:
      if (!is_old) {
        Report("typeNotDtmiNorTerm", element, node,
               absl::StrCat("@type \"", node.text,
                            "\" is neither a term nor a DTMI; remove it"));
      }
      return;
    case NameKind::kUndefined:
      if (!is_old && !may_be_extension) {
        Report("typeUndefinedTerm", element, node,
               absl::StrCat("\"", node.text,
                            "\" is not defined; correct it, or add the context "
                            "of its extension"));
      }
      return;
  }
}

void ElementReader::CheckCotypes(Element& element, const JsonNode& node) {
  for (const Cotype& cotype : element.cotypes) {
    CheckCotype(element, cotype, node);
  }
  for (size_t i = 1; i < element.cotypes.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const TypeRule& a = *element.cotypes[j].type;
      const TypeRule& b = *element.cotypes[i].type;
      if (!a.unit_type.empty() && !b.unit_type.empty()) {
        Report("conflictingSupplementalTypes", element, node,
               absl::StrCat("\"", a.name, "\" and \"", b.name,
                            "\" both add \"unit\"; remove one"));
      }
    }
  }
}

void ElementReader::CheckCotype(const Element& element, const Cotype& cotype,
                                const JsonNode& node) {
  const TypeRule& type = *cotype.type;
  if (type.is_abstract) {
    Report("abstractSupplementalType", element, node,
           absl::StrCat("\"", type.name,
                        "\" is abstract; use one of its subtypes"));
    return;
  }
  if (element.version() < cotype.extension->first_dtdl ||
      element.version() > cotype.extension->last_dtdl) {
    Report("invalidCotypeVersion", element, node,
           absl::StrCat("\"", type.name, "\" cannot be used in DTDL ",
                        element.version()));
  }
  if (!element.MayHave(type)) {
    Report("invalidCotype", element, node,
           absl::StrCat("\"", type.name, "\" may stand on ",
                        ListOf(type.cotypes, element.version()), ", not on ",
                        ClassName(element.class_id)));
  }
  if (!type.needs.empty() && !element.HasCotype(type.needs)) {
    Report("missingCocotype", element, node,
           absl::StrCat("\"", type.name, "\" must stand together with \"",
                        type.needs, "\"; add it"));
  }
  if (!type.excludes.empty() && element.HasCotype(type.excludes)) {
    Report("disallowedCocotype", element, node,
           absl::StrCat("\"", type.name, "\" cannot stand together with \"",
                        type.excludes, "\""));
  }
}

}  // namespace twingraph::dtdl

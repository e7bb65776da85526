// Names and ids of elements: DTMI/README.md, and DTDL.v4.md "Digital Twin Model
// Identifier" and "Element names".
// Covered by tests/server/dtdl/parser_test.cc.
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

#include "server/dtdl/dtmi.h"
#include "server/dtdl/element_reader.h"
#include "server/dtdl/term.h"

namespace twingraph::dtdl {
namespace {

// The text of a string literal in any of its forms; null where there is none.
const JsonNode* TextIn(const JsonNode& node) {
  const JsonNode* text = &node;
  if (text->is_array() && text->count == 1) {
    text = text->child;
  }
  if (text->is_object()) {
    text = text->Find("@value");
  }
  return text != nullptr && text->is_string() ? text : nullptr;
}

// The element around `element` that has its id; null where none has.
const Element* EnclosingOfId(const Element& element) {
  const Element* outer = element.parent;
  while (outer != nullptr && outer->id != element.id) {
    outer = outer->parent;
  }
  return outer;
}

// Where another definition of an element stands; empty beside it.
std::string PlaceOfFirst(const Element& element, const Element& first) {
  return element.document == first.document
             ? ""
             : absl::StrCat(", before in document ", first.document + 1);
}

}  // namespace

void ElementReader::ReadName(Element& element) {
  for (const JsonNode& member : JsonChildren(*element.node)) {
    if (PropertyTerm(*element.context, member.key) == "name") {
      if (const JsonNode* text = TextIn(member)) {
        element.name = text->text;
      }
      return;
    }
  }
}

void ElementReader::ReadId(Element& element, const Slot& slot) {
  const JsonNode* id = element.node->Find("@id");
  if (id != nullptr && !id->is_string()) {
    Report("idNotString", element, *id, "@id must be a string");
    return;
  }
  if (id != nullptr) {
    element.id = set_.Keep({id->text});
    element.has_own_id = true;
    CheckOwnId(element, *id);
    if (const Element* outer = EnclosingOfId(element)) {
      const bool is_interface =
          element.Is(ClassId::kInterface) && outer->Is(ClassId::kInterface);
      Report(is_interface ? "recursiveStructureNarrow"
                          : "missingDictKeyPropertyValue",
             element, *id,
             absl::StrCat("@id ", element.id,
                          " is that of an element around this one; give it "
                          "another"));
    } else if (!set_.Register(&element)) {
      Report("duplicateDefinition", element, *id,
             absl::StrCat(element.id, " is defined twice",
                          PlaceOfFirst(element, *set_.Find(element.id)),
                          "; remove one definition or give it another @id"));
    }
    return;
  }
  if (slot.parent == nullptr) {
    Report("missingTopLevelId", element, *element.node,
           "the interface has no @id; add one, \"dtmi:example:Room;1\"");
  } else if (slot.rule->needs_id) {
    Report(
        "missingRequiredId", element, *element.node,
        absl::StrCat("an element of \"", slot.rule->name, "\" needs an @id"));
  } else {
    MakeId(element, slot);
  }
}

void ElementReader::CheckOwnId(const Element& element, const JsonNode& node) {
  const absl::string_view id = element.id;
  const int version = element.version();
  if (id.find('#') != absl::string_view::npos) {
    Report("disallowedIdFragment", element, node,
           "@id must not have a fragment; remove it");
  }
  const std::optional<Dtmi> dtmi = ParseDtmi(id);
  if (!dtmi.has_value()) {
    Report("invalidId", element, node,
           absl::StrCat(
               "@id \"", id,
               "\" is no DTMI: that is \"dtmi:\", segments of letters, digits "
               "and underscores that begin with a letter, with \":\" "
               "between them, and a version: \"dtmi:example:Room;1\""));
    return;
  }
  if (dtmi->is_system) {
    Report("invalidId", element, node,
           "a segment of an @id must not begin with an underscore");
  } else if (version == 2 && (!dtmi->has_version() || dtmi->has_minor)) {
    Report("invalidId", element, node,
           "in DTDL 2 an @id ends with a whole version, \";1\"");
  }
  if (IsReservedId(*element.context, id)) {
    Report("reservedId", element, node,
           absl::StrCat("@id \"", id,
                        "\" lies in a reserved namespace; use one of your "
                        "own"));
  }
  const Limits& limits = element.context->limits;
  if (static_cast<int>(id.size()) > limits.other_id) {
    Report("idTooLong", element, node,
           absl::StrCat("@id has ", id.size(), " characters; shorten it to ",
                        limits.other_id));
  } else if (element.Is(ClassId::kInterface) &&
             static_cast<int>(id.size()) > limits.interface_id) {
    Report("idTooLongForType", element, node,
           absl::StrCat("the @id of an Interface has ", id.size(),
                        " characters; shorten it to ", limits.interface_id));
  }
}

// DTDL.v4.md, "Digital Twin Model Identifier": the id of an element without one
// is made of its parent's, the property and, where several may stand there, its
// name.
void ElementReader::MakeId(Element& element, const Slot& slot) {
  if (slot.parent->id.empty()) {
    return;
  }
  const absl::string_view parent = slot.parent->id;
  const size_t semicolon = parent.find(';');
  const absl::string_view version = semicolon == absl::string_view::npos
                                        ? absl::string_view()
                                        : parent.substr(semicolon);
  const bool is_plural = slot.rule->is_plural;
  element.id =
      set_.Keep({parent.substr(0, semicolon), ":_", slot.rule->name,
                 is_plural ? ":__" : "",
                 is_plural ? element.name : absl::string_view(), version});
}

}  // namespace twingraph::dtdl

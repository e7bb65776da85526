// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/element_reader.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace twingraph::dtdl {

Element* ElementReader::ReadTop(const JsonNode& node, int document,
                                bool is_stored) {
  document_ = document;
  is_stored_ = is_stored;
  if (!node.is_object()) {
    problems_.Add("notJsonObject", "", node,
                  "an interface must be a JSON object");
    return nullptr;
  }
  return ReadElement(node, {.allowed = {ClassId::kInterface}});
}

Element* ElementReader::ReadElement(const JsonNode& node, const Slot& slot) {
  const Context* context = contexts_.Read(
      node, slot.parent == nullptr ? nullptr : slot.parent->context);
  if (context == nullptr) {
    return nullptr;
  }
  const JsonNode* graph = node.Find("@graph");
  if (graph != nullptr && slot.parent == nullptr) {
    problems_.Add("topLevelGraphDisallowed", "", *graph,
                  "@graph is not allowed; give its elements as an array");
    return nullptr;
  }
  Element* element = set_.Make();
  element->document = document_;
  element->is_stored = is_stored_;
  element->context = context;
  element->node = &node;
  element->parent = slot.parent;
  element->parent_rule = slot.rule;
  ReadTypes(*element, slot);
  ReadName(*element);
  ReadId(*element, slot);
  if (element->Is(ClassId::kInterface)) {
    element->interface = element;
  } else if (slot.parent != nullptr) {
    element->interface = slot.parent->interface;
  }
  CheckVersion(*element, slot);
  CheckKeywords(*element);
  if (!element->Is(ClassId::kNone)) {
    ReadMembers(*element);
  }
  return element;
}

// DTDL.v3.md and DTDL.v4.md, "Interface", on extending earlier versions.
void ElementReader::CheckVersion(const Element& element, const Slot& slot) {
  if (slot.parent == nullptr) {
    return;
  }
  const int outer = slot.parent->version();
  const int inner = element.version();
  if (inner == outer || (inner < outer && slot.rule->allows_older)) {
    return;
  }
  Report("disallowedVersionDefinition", element, *element.node,
         absl::StrCat("DTDL ", inner, " is not allowed inside DTDL ", outer,
                      " in \"", slot.rule->name,
                      "\"; use the same version's context"));
}

// Members that begin with @. DTDL 2 lets unknown ones pass.
void ElementReader::CheckKeywords(const Element& element) {
  for (const JsonNode& member : JsonChildren(*element.node)) {
    const absl::string_view key = member.key;
    if (!absl::StartsWith(key, "@") || key == "@context" || key == "@id" ||
        key == "@type") {
      continue;
    }
    if (key == "@graph") {
      Report("graphDisallowed", element, member, "@graph is not allowed here");
    } else if (element.version() >= 3) {
      Report(element.parent == nullptr ? "topLevelKeywordDisallowed"
                                       : "keywordDisallowed",
             element, member, absl::StrCat(key, " is not allowed; remove it"));
    }
  }
}

LiteralPlace ElementReader::PlaceOf(const Element& element,
                                    absl::string_view property) const {
  return {.problems = problems_,
          .element = element.id,
          .property = property,
          .version = element.version()};
}

bool ElementReader::Report(absl::string_view rule, const Element& element,
                           const JsonNode& node, std::string message) {
  const Element* named = &element;
  while (named->id.empty() && named->parent != nullptr) {
    named = named->parent;
  }
  problems_.Add(rule, named->id, node, std::move(message));
  return false;
}

}  // namespace twingraph::dtdl

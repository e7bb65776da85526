#pragma once

// The elements of a model document as the metamodel sees them: which object is
// of which class, and which property it is a value of. For checks that change
// documents knowingly; what is not understood is left out.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/dtdl/metamodel.h"
#include "storage/value/value.h"

namespace twingraph {

// An object that is an element. Pointers hold until the document changes.
struct ModelElement {
  Value* object = nullptr;
  dtdl::ClassId class_id = dtdl::ClassId::kNone;
  int version = 0;      // of DTDL
  std::string context;  // the whole @context in force, as JSON
  // Of a nested one: the element around it, and the property it is a value of.
  Value* owner = nullptr;
  const dtdl::PropertyRule* rule = nullptr;
};

// All elements of an interface or an array of them, outer before inner.
std::vector<ModelElement> ElementsOf(Value& document);

// A property value that is a name in place of an element: "double", a DTMI.
struct ElementName {
  Value* text = nullptr;
  const ModelElement* element = nullptr;
  const dtdl::PropertyRule* rule = nullptr;
};

// All names in place of elements. They point into `elements` and the document.
std::vector<ElementName> NamesIn(const std::vector<ModelElement>& elements);

// Calls `visit` with each @id in the value.
template <typename Visit>
void ForEachId(Value& value, const Visit& visit) {
  if (value.is_list()) {
    for (Value& element : value.as_list()) {
      ForEachId(element, visit);
    }
  } else if (value.is_map()) {
    for (auto& [key, member] : value.as_map()) {
      if (key == "@id" && member.is_string()) {
        visit(member);
      }
      ForEachId(member, visit);
    }
  }
}

// Calls `visit` with each string in the value, keys not among them.
template <typename Visit>
void ForEachText(Value& value, const Visit& visit) {
  if (value.is_string()) {
    visit(value);
  } else if (value.is_list()) {
    for (Value& element : value.as_list()) {
      ForEachText(element, visit);
    }
  } else if (value.is_map()) {
    for (auto& entry : value.as_map()) {
      ForEachText(entry.second, visit);
    }
  }
}

}  // namespace twingraph

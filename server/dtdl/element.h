#pragma once

// Elements as read from documents, before they become an Interface: generic,
// with every value in its place, so that rules can be checked by walking them.
// An ElementSet owns the elements of all documents of one ParseModels; they
// point into the JSON documents, which outlive it. Not thread-safe.

#include <deque>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "server/dtdl/context.h"
#include "server/dtdl/extension.h"
#include "server/dtdl/json_tree.h"
#include "server/dtdl/metamodel.h"
#include "server/dtdl/model.h"

namespace twingraph::dtdl {

struct Element;

// One value of a property. Exactly one of `rule` and `extra` is set.
struct PropertyValue {
  const PropertyRule* rule = nullptr;
  const ExtraProperty* extra = nullptr;
  // The member of the document, and this one value in it: for a literal the
  // JSON string, number or boolean itself.
  const JsonNode* member = nullptr;
  const JsonNode* node = nullptr;
  // A nested element, or the one that `reference` names once it is resolved.
  Element* element = nullptr;
  // A schema of the language or of a partner that is referred to.
  const Schema* standard = nullptr;
  // The DTMI or term that was given instead of an element.
  absl::string_view reference = {};
};

struct Element {
  ClassId class_id = ClassId::kNone;
  int document = 0;
  bool has_own_id = false;
  bool is_stored = false;           // of a stored model: not to be reported
  bool has_undefined_type = false;  // a type of an unknown extension
  const Context* context = nullptr;
  const JsonNode* node = nullptr;
  Element* parent = nullptr;
  const PropertyRule* parent_rule = nullptr;
  Element* interface = nullptr;  // the nearest Interface around or at this
  std::string id;
  absl::string_view name;
  std::vector<PropertyValue> values;
  std::vector<Cotype> cotypes;
  std::vector<absl::string_view> types;  // all terms of @type

  int version() const { return context->version; }

  bool Is(ClassId id_wanted) const { return class_id == id_wanted; }

  // The first value of a property; null if there is none.
  const PropertyValue* Find(absl::string_view property) const;
  // Does it have the co-type of that term?
  bool HasCotype(absl::string_view term) const;
  // Does it have one of the co-types of a list, separated by blanks?
  bool HasCotypeOf(absl::string_view terms) const;
  // May the co-type stand on an element like this?
  bool MayHave(const TypeRule& type) const;
};

// The class of a value of an element property: kNone for what is unresolved.
ClassId ClassOf(const PropertyValue& value);

// The name of a property value's property.
absl::string_view NameOf(const PropertyValue& value);

class ElementSet {
 public:
  Element* Make() { return &elements_.emplace_back(); }

  // The element of that id; null if there is none.
  Element* Find(absl::string_view id) const;
  // Makes the element known by its id; false if another has it.
  bool Register(Element* element);

  std::deque<Element>& elements() { return elements_; }

  const std::deque<Element>& elements() const { return elements_; }

 private:
  std::deque<Element> elements_;
  absl::flat_hash_map<absl::string_view, Element*> by_id_;
};

}  // namespace twingraph::dtdl

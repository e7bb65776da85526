#pragma once

// Elements as read from documents, before they become an Interface: generic,
// with every value in its place, so that rules can be checked by walking them.
// An ElementSet owns the elements of all documents of one ParseModels; they
// point into the JSON documents, which outlive it. Not thread-safe.

#include <cstddef>
#include <deque>
#include <initializer_list>
#include <memory_resource>
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
  explicit Element(std::pmr::memory_resource* memory)
      : values(memory), cotypes(memory), types(memory) {}

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
  // Its own, or the one made for it; kept by the ElementSet.
  absl::string_view id;
  absl::string_view name;
  std::pmr::vector<PropertyValue> values;
  std::pmr::vector<Cotype> cotypes;
  std::pmr::vector<absl::string_view> types;  // all terms of @type

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
  Element* Make() { return &elements_.emplace_back(&memory_); }

  // A copy of the joined texts that lives as long as this.
  absl::string_view Keep(std::initializer_list<absl::string_view> texts);

  // The element of that id; null if there is none.
  Element* Find(absl::string_view id);
  // Makes the element known by its own id; false if another has it. Ids that
  // were made need not be registered.
  bool Register(Element* element);

  std::pmr::deque<Element>& elements() { return elements_; }

  const std::pmr::deque<Element>& elements() const { return elements_; }

 private:
  // Elements go all at once, and there are many.
  std::pmr::monotonic_buffer_resource memory_;
  std::pmr::deque<Element> elements_{&memory_};
  absl::flat_hash_map<absl::string_view, Element*> by_id_;
  // By ids that were made, of the first so many elements: documents hardly ever
  // refer to them.
  absl::flat_hash_map<absl::string_view, Element*> by_made_id_;
  size_t indexed_ = 0;
};

}  // namespace twingraph::dtdl

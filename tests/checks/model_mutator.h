#pragma once

// Changes sets of models in ways that mostly leave them valid: by the
// metamodel's tables it exchanges, copies, renames, links and adds elements.
// One thread at a time.

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "storage/value/value.h"
#include "tests/checks/model_elements.h"
#include "tests/checks/random_choice.h"

namespace twingraph {

// A document here is a list of interfaces.
class ModelMutator {
 public:
  // `random` outlives this.
  explicit ModelMutator(RandomChoice& random) : random_(random) {}

  // Adds a valid document to the stock that elements are taken from.
  void AddSeed(const Value& document);

  // Changes one thing.
  void Change(Value& document);

 private:
  using Elements = std::vector<ModelElement>;

  // What a change works on.
  struct Scene {
    Value& document;
    Elements elements;
  };

  using Step = bool (ModelMutator::*)(Scene& scene);

  // Each makes one change; false where there is nothing to change.
  bool ReplaceSchema(Scene& scene);
  bool WrapSchema(Scene& scene);
  bool NameSchema(Scene& scene);
  bool CloneElement(Scene& scene);
  bool RemoveElement(Scene& scene);
  bool AddElement(Scene& scene);
  bool Rename(Scene& scene);
  bool ChangeId(Scene& scene);
  bool SetText(Scene& scene);
  bool SetFlag(Scene& scene);
  bool SetQuantity(Scene& scene);
  bool RemoveMember(Scene& scene);
  bool ChangeForm(Scene& scene);
  bool Join(Scene& scene);
  bool Link(Scene& scene);

  const ModelElement* AnyOf(const Elements& elements, dtdl::ClassSet classes);
  // A value for a property from the stock, by itself and with fresh ids; null
  // if there is none.
  Value FromStock(const ModelElement& owner, const dtdl::PropertyRule& rule);
  void AddToStock(const ModelElement& element);
  Value PrimitiveOf(int version, bool is_numeric);
  std::string FreshName();
  Value FreshText();
  // Gives all that is defined in the value new ids, and what refers to it.
  void RenewIds(Value& value);

  RandomChoice& random_;
  std::vector<Value> documents_;
  // By version, property and class; once more with the context in front.
  std::map<std::string, std::vector<Value>> stock_;
  int count_ = 0;  // of names given
};

}  // namespace twingraph

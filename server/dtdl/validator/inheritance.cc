// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/validator/inheritance.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"

namespace twingraph::dtdl {
namespace {

// An interface whose chains are being followed.
struct Step {
  const Element* interface = nullptr;
  size_t next = 0;  // index of the value to look at
  int depth = 0;    // of the chains behind the values before it
};

bool IsBase(const PropertyValue& value) {
  return value.rule != nullptr && value.rule->name == "extends" &&
         value.element != nullptr;
}

// The next interface that is extended; null behind the last one.
const Element* NextBase(Step& step) {
  const auto& values = step.interface->values;
  while (step.next < values.size()) {
    const PropertyValue& value = values[step.next++];
    if (IsBase(value)) {
      return value.element;
    }
  }
  return nullptr;
}

int Deeper(int depth, int below) {
  return depth < 0 || below < 0 ? Inheritance::kCircle
                                : std::max(depth, below + 1);
}

}  // namespace

int Inheritance::DepthOf(const Element& interface) {
  const auto [known, is_new] = depths_.emplace(&interface, kCircle);
  if (!is_new) {
    return known->second;
  }
  std::vector<Step> open = {{.interface = &interface}};
  while (true) {
    if (const Element* base = NextBase(open.back())) {
      const auto [below, is_new_base] = depths_.emplace(base, kCircle);
      if (is_new_base) {
        open.push_back({.interface = base});
      } else {
        open.back().depth = Deeper(open.back().depth, below->second);
      }
      continue;
    }
    const Step done = open.back();
    depths_[done.interface] = done.depth;
    open.pop_back();
    if (open.empty()) {
      return done.depth;
    }
    open.back().depth = Deeper(open.back().depth, done.depth);
  }
}

Inherited Inheritance::Of(const Element& interface) {
  const int depth = DepthOf(interface);
  const bool follows =
      depth >= 0 && depth <= interface.context->limits.extends_depth;
  Inherited inherited;
  inherited.contents.reserve(interface.values.size());
  std::vector<const Element*> open = {&interface};
  absl::flat_hash_set<const Element*> seen = {&interface};
  for (size_t i = 0; i < open.size(); ++i) {
    for (const PropertyValue& value : open[i]->values) {
      if (value.rule == nullptr || value.element == nullptr) {
        continue;
      }
      if (value.rule->name == "contents") {
        inherited.contents.push_back({value.element, open[i]});
      } else if (follows && IsBase(value) &&
                 seen.insert(value.element).second) {
        open.push_back(value.element);
      }
    }
  }
  inherited.ancestors = open.size() - 1;
  return inherited;
}

const Element* Inheritance::ComponentOf(const Element& interface) {
  const auto [known, is_new] = components_.emplace(&interface, nullptr);
  if (!is_new) {
    return known->second;
  }
  const InheritedElements contents = Of(interface).contents;
  const auto component = std::find_if(
      contents.begin(), contents.end(), [](const InheritedElement& each) {
        return each.content->Is(ClassId::kComponent);
      });
  known->second = component == contents.end() ? nullptr : component->content;
  return known->second;
}

}  // namespace twingraph::dtdl

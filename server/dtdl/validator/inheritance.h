#pragma once

// What interfaces inherit, for the rules that need it: each answer is found
// once for a whole set, however many interfaces ask. Not thread-safe.

#include <cstddef>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "server/dtdl/element.h"

namespace twingraph::dtdl {

// A content of an interface or of one that it extends, and where it stands.
struct InheritedElement {
  const Element* content = nullptr;
  const Element* interface = nullptr;
};

using InheritedElements = std::vector<InheritedElement>;

// An interface with what it inherits, nearest first, each interface once.
struct Inherited {
  InheritedElements contents;
  size_t ancestors = 0;
};

class Inheritance {
 public:
  // The depth of an interface from which `extends` leads into a circle.
  static constexpr int kCircle = -1;

  // How many edges the longest chain of `extends` from there has.
  int DepthOf(const Element& interface);

  // The contents of `interface` and of all that it extends. Its own alone where
  // the chain is longer than is allowed or circular: that is reported, and what
  // lies behind may be the whole set for each interface of it.
  Inherited Of(const Element& interface);

  // The first component among those contents; null if there is none.
  const Element* ComponentOf(const Element& interface);

 private:
  // By interface; kCircle for those whose chains are being followed.
  absl::flat_hash_map<const Element*, int> depths_;
  absl::flat_hash_map<const Element*, const Element*> components_;
};

}  // namespace twingraph::dtdl

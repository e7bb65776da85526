#pragma once

// The dictionary as a reader sees it: what is committed, and in a transaction
// also what it named itself. Reads; safe where its reader is.

// Covered by tests/storage/graph/graph_writer_test.cc.

#include <cstdint>

#include "absl/strings/string_view.h"

#include "storage/graph/dictionary.h"
#include "storage/graph/number.h"

namespace twingraph::graph {

class Interner;

class Names {
 public:
  // `pending` may be null.
  Names(const Dictionary& committed, const Interner* pending)
      : committed_(committed), pending_(pending) {}

  uint32_t Find(key::DictKind kind, absl::string_view text) const;
  absl::string_view TextOf(key::DictKind kind, uint32_t number) const;

  absl::string_view ModelId(ModelNumber model) const {
    return TextOf(key::DictKind::kModel, ToInt(model));
  }

  absl::string_view RelationshipName(NameNumber name) const {
    return TextOf(key::DictKind::kRelationshipName, ToInt(name));
  }

 private:
  const Dictionary& committed_;
  const Interner* pending_;
};

}  // namespace twingraph::graph

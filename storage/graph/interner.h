#pragma once

// Gives names their numbers inside one transaction: the known one, or a new one
// that is stored with the transaction. Not for two threads at a time.

// Covered by tests/storage/graph/graph_writer_test.cc.

#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/node_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/base/context.h"
#include "storage/commit/transaction.h"
#include "storage/graph/dictionary.h"
#include "storage/graph/number.h"

namespace twingraph::graph {

class Interner {
 public:
  // Both are borrowed.
  Interner(const Dictionary& committed, commit::Transaction& transaction)
      : committed_(committed), transaction_(transaction) {}

  // The number of a name, a new one where it has none.
  absl::StatusOr<uint32_t> Intern(const Context& ctx, key::DictKind kind,
                                  absl::string_view text);

  absl::StatusOr<ModelNumber> Model(const Context& ctx, absl::string_view id);
  absl::StatusOr<NameNumber> Name(const Context& ctx, absl::string_view name);
  absl::StatusOr<PathNumber> Path(const Context& ctx, absl::string_view path);

  // What this transaction learnt beyond the committed dictionary; 0 and empty
  // where it did not. Views live as long as this object.
  uint32_t FindNew(key::DictKind kind, absl::string_view text) const;
  absl::string_view NewTextOf(key::DictKind kind, uint32_t number) const;

 private:
  absl::StatusOr<uint32_t> ReadOrAdd(const Context& ctx, key::DictKind kind,
                                     absl::string_view text);

  using NewNames =
      absl::node_hash_map<std::pair<key::DictKind, std::string>, uint32_t>;

  const Dictionary& committed_;
  commit::Transaction& transaction_;
  NewNames new_names_;
};

}  // namespace twingraph::graph

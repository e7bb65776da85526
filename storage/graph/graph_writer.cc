// Covered by tests/storage/graph/graph_writer_test.cc.
#include "storage/graph/graph_writer.h"

#include "storage/graph/parts.h"
#include "storage/key/key_space.h"

namespace twingraph::graph {

GraphWriter::GraphWriter(const Parts& parts, commit::Transaction& transaction)
    : parts_(parts),
      transaction_(transaction),
      interner_(parts.dictionary, transaction),
      reader_(parts, transaction, interner_) {}

absl::Status GraphWriter::Count(const std::string& counter, int64_t delta) {
  return transaction_.Increment(key::kCounterSpace, counter, delta);
}

}  // namespace twingraph::graph

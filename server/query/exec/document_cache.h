#pragma once

// The documents that an execution has read: conditions and output often need
// the same ones. Used by one thread at a time.

#include <cstddef>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"

#include "server/query/graph_view.h"
#include "server/query/query.h"
#include "storage/base/batch_pace.h"

namespace twingraph::query {

class DocumentCache {
 public:
  // Reads `parts` of every twin and counts in `stats`. Both outlive this.
  DocumentCache(const GraphView& view, TwinParts parts, ExecutionStats& stats)
      : view_(view), parts_(parts), stats_(stats) {}

  // Reads what is not there yet, each once.
  // Errors: those of the view.
  absl::Status ReadTwins(const Context& ctx,
                         absl::Span<const TwinNumber> numbers);
  absl::Status ReadRelationships(const Context& ctx,
                                 absl::Span<const EdgeRef> edges);

  // How many documents to read together, so that they take little memory: few
  // while their size is not known, or large.
  size_t BatchSize() const;

  // How many are likely to be kept when the next ones are read; at most `most`.
  size_t Capacity(size_t most) const;

  // Forgets documents where they are many. Before the first of some reads that
  // belong together.
  void Trim();

  // REQUIRES: read since the last Trim. Valid until the next one.
  const TwinDocument& twin(TwinNumber number) const {
    return *twins_.at(number);
  }

  const RelationshipDocument& relationship(const EdgeRef& edge) const {
    return *relationships_.at(edge);
  }

 private:
  // Takes in that `count` documents of `bytes` together were read.
  void NoteRead(size_t count, size_t bytes);

  const GraphView& view_;
  const TwinParts parts_;
  ExecutionStats& stats_;
  BatchPace pace_;
  size_t bytes_ = 0;
  absl::flat_hash_map<TwinNumber, std::unique_ptr<TwinDocument>> twins_;
  absl::flat_hash_map<EdgeRef, std::unique_ptr<RelationshipDocument>>
      relationships_;
};

}  // namespace twingraph::query

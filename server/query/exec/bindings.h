#pragma once

// Rows in flight: for each variable that has a value by now, one number per
// row. No documents: see document_cache.h. Used by one thread at a time.

#include <cstddef>
#include <vector>

#include "server/query/document.h"

namespace twingraph::query {

class Bindings {
 public:
  explicit Bindings(size_t variables) : twins_(variables), edges_(variables) {}

  size_t size() const { return size_; }

  // The values of a variable, one per row; empty before it has any.
  const std::vector<TwinNumber>& twins(size_t variable) const {
    return twins_[variable];
  }

  const std::vector<EdgeRef>& edges(size_t variable) const {
    return edges_[variable];
  }

  // Forgets all rows.
  void Clear();

  // Replaces all rows by ones that have a value for this variable only.
  void SetTwins(size_t variable, std::vector<TwinNumber> twins);
  void SetEdges(size_t variable, std::vector<EdgeRef> edges);

  // Replaces all rows by rows of `other`, as often and in the order in which
  // `rows` names them.
  void Gather(const Bindings& other, const std::vector<size_t>& rows);
  // Gives a variable its values. REQUIRES: one per row.
  void AddTwins(size_t variable, std::vector<TwinNumber> twins);
  void AddEdges(size_t variable, std::vector<EdgeRef> edges);

  // Keeps the rows that `keep` says, in order. REQUIRES: one per row.
  void Keep(const std::vector<bool>& keep);

 private:
  size_t size_ = 0;
  std::vector<std::vector<TwinNumber>> twins_;
  std::vector<std::vector<EdgeRef>> edges_;
};

}  // namespace twingraph::query

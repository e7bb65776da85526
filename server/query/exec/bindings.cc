// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/bindings.h"

#include <algorithm>
#include <utility>

namespace twingraph::query {
namespace {

template <typename T>
void GatherInto(const std::vector<T>& from, const std::vector<size_t>& rows,
                std::vector<T>& to) {
  to.clear();
  if (from.empty()) {
    return;
  }
  to.reserve(rows.size());
  for (const size_t row : rows) {
    to.push_back(from[row]);
  }
}

template <typename T>
void KeepIn(const std::vector<bool>& keep, std::vector<T>& list) {
  if (list.empty()) {
    return;
  }
  size_t kept = 0;
  for (size_t i = 0; i < keep.size(); ++i) {
    if (keep[i]) {
      list[kept++] = list[i];
    }
  }
  list.resize(kept);
}

}  // namespace

void Bindings::Clear() {
  size_ = 0;
  for (size_t i = 0; i < twins_.size(); ++i) {
    twins_[i].clear();
    edges_[i].clear();
  }
}

void Bindings::SetTwins(size_t variable, std::vector<TwinNumber> twins) {
  Clear();
  size_ = twins.size();
  twins_[variable] = std::move(twins);
}

void Bindings::SetEdges(size_t variable, std::vector<EdgeRef> edges) {
  Clear();
  size_ = edges.size();
  edges_[variable] = std::move(edges);
}

void Bindings::Gather(const Bindings& other, const std::vector<size_t>& rows) {
  for (size_t i = 0; i < twins_.size(); ++i) {
    GatherInto(other.twins_[i], rows, twins_[i]);
    GatherInto(other.edges_[i], rows, edges_[i]);
  }
  size_ = rows.size();
}

void Bindings::AddTwins(size_t variable, std::vector<TwinNumber> twins) {
  twins_[variable] = std::move(twins);
}

void Bindings::AddEdges(size_t variable, std::vector<EdgeRef> edges) {
  edges_[variable] = std::move(edges);
}

void Bindings::Keep(const std::vector<bool>& keep) {
  const auto kept =
      static_cast<size_t>(std::count(keep.begin(), keep.end(), true));
  if (kept == size_) {
    return;
  }
  for (size_t i = 0; i < twins_.size(); ++i) {
    KeepIn(keep, twins_[i]);
    KeepIn(keep, edges_[i]);
  }
  size_ = kept;
}

}  // namespace twingraph::query

// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/document_cache.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

// What is kept: a stream that waits for its reader holds it.
constexpr size_t kBytesLimit = 512 << 10;
// What is read at once, and what a batch of rows should need.
constexpr size_t kBatchBytes = 256 << 10;
constexpr size_t kOverheadBytes = 256;
// However large documents are.
constexpr size_t kLeastRows = 16;

// The keys that the map lacks, each once; gives them empty entries.
template <typename Map, typename Key>
std::vector<Key> TakeMissing(absl::Span<const Key> keys, Map& map) {
  std::vector<Key> missing;
  for (const Key& key : keys) {
    if (map.try_emplace(key).second) {
      missing.push_back(key);
    }
  }
  return missing;
}

}  // namespace

absl::Status DocumentCache::ReadTwins(const Context& ctx,
                                      absl::Span<const TwinNumber> numbers) {
  const std::vector<TwinNumber> missing = TakeMissing(numbers, twins_);
  if (missing.empty()) {
    return absl::OkStatus();
  }
  std::vector<TwinDocument> documents;
  RETURN_IF_ERROR(view_.ReadTwins(ctx, missing, parts_, documents));
  size_t bytes = 0;
  for (size_t i = 0; i < missing.size(); ++i) {
    bytes += kOverheadBytes + documents[i].contents.bytes().size();
    twins_[missing[i]] =
        std::make_unique<TwinDocument>(std::move(documents[i]));
  }
  NoteRead(missing.size(), bytes);
  return absl::OkStatus();
}

absl::Status DocumentCache::ReadRelationships(const Context& ctx,
                                              absl::Span<const EdgeRef> edges) {
  const std::vector<EdgeRef> missing = TakeMissing(edges, relationships_);
  if (missing.empty()) {
    return absl::OkStatus();
  }
  std::vector<RelationshipDocument> documents;
  RETURN_IF_ERROR(view_.ReadRelationships(ctx, missing, documents));
  size_t bytes = 0;
  for (size_t i = 0; i < missing.size(); ++i) {
    bytes += kOverheadBytes + documents[i].contents.bytes().size();
    relationships_[missing[i]] =
        std::make_unique<RelationshipDocument>(std::move(documents[i]));
  }
  NoteRead(missing.size(), bytes);
  return absl::OkStatus();
}

void DocumentCache::NoteRead(size_t count, size_t bytes) {
  stats_.documents_read += count;
  pace_.Note(count, bytes);
  bytes_ += bytes;
}

size_t DocumentCache::BatchSize() const {
  return pace_.Next(kBatchBytes);
}

size_t DocumentCache::Capacity(size_t most) const {
  return pace_.item_bytes() == 0
             ? most
             : std::clamp(kBatchBytes / pace_.item_bytes(), kLeastRows, most);
}

void DocumentCache::Trim() {
  if (bytes_ > kBytesLimit) {
    twins_.clear();
    relationships_.clear();
    bytes_ = 0;
  }
}

}  // namespace twingraph::query

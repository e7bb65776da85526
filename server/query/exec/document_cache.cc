// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/document_cache.h"

#include <utility>
#include <vector>

#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

constexpr size_t kDocumentsLimit = 8192;
constexpr size_t kBytesLimit = 8 << 20;
constexpr size_t kOverheadBytes = 256;

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
  stats_.documents_read += missing.size();
  for (size_t i = 0; i < missing.size(); ++i) {
    bytes_ += kOverheadBytes + documents[i].contents.bytes().size();
    twins_[missing[i]] =
        std::make_unique<TwinDocument>(std::move(documents[i]));
  }
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
  stats_.documents_read += missing.size();
  for (size_t i = 0; i < missing.size(); ++i) {
    bytes_ += kOverheadBytes + documents[i].contents.bytes().size();
    relationships_[missing[i]] =
        std::make_unique<RelationshipDocument>(std::move(documents[i]));
  }
  return absl::OkStatus();
}

void DocumentCache::Trim() {
  if (twins_.size() + relationships_.size() > kDocumentsLimit ||
      bytes_ > kBytesLimit) {
    twins_.clear();
    relationships_.clear();
    bytes_ = 0;
  }
}

}  // namespace twingraph::query

#pragma once

// The keys of one space that facts own: collects them on a walk, as hashes.
// One thread at a time.

#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/graph/fact_walk.h"

namespace twingraph::graph {

class OwnedKeys final : public FactSink {
 public:
  explicit OwnedKeys(kv::SpaceId space) : space_(space) {}

  absl::Status Own(NeededRow row) override {
    if (row.space == space_) {
      hashes_.insert(absl::Hash<absl::string_view>()(row.key));
    }
    return absl::OkStatus();
  }

  absl::Status Need(NeededRow /*row*/) override { return absl::OkStatus(); }

  void Count(std::string /*counter*/, int64_t /*delta*/) override {}

  void Problem(kv::SpaceId /*space*/, absl::string_view /*key*/,
               absl::string_view /*message*/) override {}

  bool Contains(absl::string_view key) const {
    return hashes_.contains(absl::Hash<absl::string_view>()(key));
  }

 private:
  const kv::SpaceId space_;
  absl::flat_hash_set<size_t> hashes_;
};

}  // namespace twingraph::graph

#pragma once

// Which models are of a kind: for each DTMI without its version the models that
// have it or extend it, apart for each version, so that IS_OF_MODEL need not
// look at models. A value that shares what it has in common with its copies;
// safe for one writer or many readers.

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "server/catalog/number_set.h"
#include "server/dtdl/model.h"
#include "server/query/schema.h"

namespace twingraph::catalog {

class FamilyIndex {
 public:
  // A model that comes or goes, with the ids of itself and all that it extends.
  struct Entry {
    graph::ModelNumber number{};
    std::vector<const dtdl::Dtmi*> lineage;
  };

  // REQUIRES: `removed` are in the index.
  void Update(absl::Span<const Entry> removed, absl::Span<const Entry> added);

  // The models that are `wanted` in its version or a newer one, or extend such
  // a model.
  query::ModelSet SameOrNewer(const dtdl::Dtmi& wanted) const;

 private:
  // The models that are of one version or extend it, themselves.
  struct Version {
    dtdl::ModelVersion version;
    NumberSet models;
  };

  struct Family {
    std::string path;               // "dtmi:demo:Room"
    std::vector<Version> versions;  // ascending, none without models
  };

  // Families that an update changes: copies of what the index shares.
  using Drafts = absl::flat_hash_map<std::string, std::shared_ptr<Family>>;

  Family& DraftOf(const std::string& path, Drafts& drafts) const;

  // By path, which the family holds.
  absl::flat_hash_map<absl::string_view, std::shared_ptr<const Family>>
      families_;
};

}  // namespace twingraph::catalog

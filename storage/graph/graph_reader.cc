// Covered by tests/storage/graph/graph_model_test.cc.
#include "storage/graph/graph_reader.h"

#include <utility>

#include "storage/graph/index_overlay.h"
#include "storage/graph/parts.h"

namespace twingraph::graph {

GraphReader::GraphReader(const Parts& parts,
                         std::unique_ptr<commit::Reader> reader,
                         bool has_exact_indexes)
    : parts_(parts),
      owned_(std::move(reader)),
      reader_(owned_.get()),
      names_(parts.dictionary, /*pending=*/nullptr),
      memory_is_right_(true),
      overlay_(
          std::make_unique<IndexOverlay>(parts, *reader_, has_exact_indexes)) {}

GraphReader::GraphReader(const Parts& parts, const commit::Reader& transaction,
                         const Interner& interner)
    : parts_(parts),
      reader_(&transaction),
      names_(parts.dictionary, &interner),
      memory_is_right_(false),
      overlay_(std::make_unique<IndexOverlay>(parts, *reader_,
                                              /*is_exact=*/true)) {}

GraphReader::~GraphReader() = default;

bool GraphReader::IsIndexed(absl::Span<const std::string> path) const {
  return parts_.index_policy.IsIndexed(path) &&
         (AreIndexesBuilt() || parts_.older_indexes().IsIndexed(path));
}

bool GraphReader::AreIndexesBuilt() const {
  return revision() >= parts_.indexed_since.load(std::memory_order_acquire);
}

ModelNumber GraphReader::FindModelNumber(absl::string_view id) const {
  return ModelNumber{names_.Find(key::DictKind::kModel, id)};
}

NameNumber GraphReader::FindNameNumber(absl::string_view name) const {
  return NameNumber{names_.Find(key::DictKind::kRelationshipName, name)};
}

absl::string_view GraphReader::ModelIdOf(ModelNumber model) const {
  return names_.ModelId(model);
}

absl::string_view GraphReader::NameOf(NameNumber name) const {
  return names_.RelationshipName(name);
}

}  // namespace twingraph::graph

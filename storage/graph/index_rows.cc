#include "storage/graph/index_rows.h"

#include "storage/graph/index_entries.h"
#include "storage/key/index_key.h"
#include "storage/key/key_space.h"
#include "storage/key/model_key.h"

namespace twingraph::graph {
namespace {

PathNumber PathOf(const Names& names, const IndexEntry& entry) {
  return PathNumber{names.Find(key::DictKind::kPath, entry.path)};
}

}  // namespace

std::vector<IndexRow> IndexRowsOf(const TwinRecord& twin,
                                  const IndexPolicy& policy,
                                  const Names& names) {
  std::vector<IndexRow> rows;
  rows.push_back({key::kModelIndexSpace,
                  key::EncodeModelIndexKey(twin.model(), twin.number()), ""});
  for (const IndexEntry& entry :
       EntriesOfTwin(policy, twin.contents(), twin.device())) {
    rows.push_back({key::kPropertyIndexSpace,
                    key::EncodePropertyIndexKey(PathOf(names, entry),
                                                entry.ordered, twin.number()),
                    ""});
  }
  return rows;
}

std::vector<IndexRow> IndexRowsOf(const RelationshipRecord& relationship,
                                  const IndexPolicy& policy,
                                  const Names& names) {
  const Edge edge = relationship.edge();
  std::vector<IndexRow> rows;
  rows.push_back({key::kNameIndexSpace, key::EncodeNameIndexKey(edge), ""});
  for (const IndexEntry& entry :
       EntriesOfMembers(policy, "", relationship.contents())) {
    rows.push_back({key::kRelationshipPropertyIndexSpace,
                    key::EncodeRelationshipPropertyIndexKey(
                        edge, PathOf(names, entry), entry.ordered),
                    key::EncodeRelationshipPropertyIndexValue(edge.target)});
  }
  return rows;
}

}  // namespace twingraph::graph

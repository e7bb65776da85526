// Covered by tests/storage/graph/graph_model_test.cc.
#include <utility>

#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/fact_reads.h"
#include "storage/graph/graph_reader.h"
#include "storage/graph/index_overlay.h"
#include "storage/graph/index_page.h"
#include "storage/graph/memory_expander.h"
#include "storage/graph/parts.h"
#include "storage/graph/property_path.h"
#include "storage/graph/scan_rows.h"
#include "storage/graph/store_expander.h"
#include "storage/key/index_key.h"
#include "storage/key/key_space.h"
#include "storage/key/relationship_key.h"

namespace twingraph::graph {
namespace {

template <typename Record>
std::vector<Record> WithoutAbsent(std::vector<std::optional<Record>> records) {
  std::vector<Record> present;
  present.reserve(records.size());
  for (auto& record : records) {
    if (record.has_value()) {
      present.push_back(*std::move(record));
    }
  }
  return present;
}

}  // namespace

absl::StatusOr<std::optional<RelationshipRecord>>
GraphReader::FindRelationshipOf(const Context& ctx, TwinNumber source,
                                absl::string_view id) const {
  ASSIGN_OR_RETURN(const auto row,
                   reader_->Get(ctx, key::kRelationshipIdSpace,
                                key::EncodeRelationshipIdKey(source, id)));
  ASSIGN_OR_RETURN(const auto edge, DecodeEdge(source, row));
  if (!edge.has_value()) {
    return std::nullopt;
  }
  ASSIGN_OR_RETURN(auto records, GetRelationships(ctx, {&*edge, 1}));
  return std::move(records.front());
}

absl::StatusOr<std::optional<RelationshipRecord>> GraphReader::FindRelationship(
    const Context& ctx, absl::string_view source, absl::string_view id) const {
  ASSIGN_OR_RETURN(const auto twin, FindNumber(ctx, source));
  if (!twin.has_value()) {
    return std::nullopt;
  }
  return FindRelationshipOf(ctx, *twin, id);
}

absl::StatusOr<RelationshipRecord> GraphReader::GetRelationship(
    const Context& ctx, absl::string_view source, absl::string_view id) const {
  ASSIGN_OR_RETURN(auto found, FindRelationship(ctx, source, id));
  if (found.has_value()) {
    return *std::move(found);
  }
  RETURN_IF_ERROR(GetTwin(ctx, source).status());
  return RelationshipNotFound(source, id);
}

absl::StatusOr<std::vector<std::optional<RelationshipRecord>>>
GraphReader::GetRelationships(const Context& ctx,
                              absl::Span<const Edge> edges) const {
  return ReadRelationships(ctx, *reader_, names_, edges);
}

absl::StatusOr<std::vector<RelationshipRecord>> GraphReader::ListOutgoing(
    const Context& ctx, TwinNumber source, absl::string_view name,
    absl::string_view after, size_t limit) const {
  const NameNumber wanted = FindNameNumber(name);
  if (!name.empty() && wanted == NameNumber{}) {
    return std::vector<RelationshipRecord>();
  }
  kv::Range range = kv::Range::Prefix(key::AdjacencyPrefix(source));
  if (!after.empty()) {
    range =
        kv::Range::After(range, key::EncodeRelationshipIdKey(source, after));
  }
  std::vector<Edge> edges;
  RETURN_IF_ERROR(
      ScanRows(ctx, *reader_, key::kRelationshipIdSpace, range,
               [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
                 if (edges.size() == limit) {
                   return false;
                 }
                 Edge edge = {.source = source};
                 if (!key::DecodeRelationshipIdValue(row.value(), edge)) {
                   return Damaged("relationship_id");
                 }
                 if (name.empty() || edge.name == wanted) {
                   edges.push_back(edge);
                 }
                 return true;
               }));
  ASSIGN_OR_RETURN(auto records, GetRelationships(ctx, edges));
  return WithoutAbsent(std::move(records));
}

absl::StatusOr<std::vector<RelationshipRecord>> GraphReader::ListIncoming(
    const Context& ctx, TwinNumber target, absl::string_view name,
    const std::optional<Edge>& after, size_t limit) const {
  const NameNumber wanted = FindNameNumber(name);
  if (!name.empty() && wanted == NameNumber{}) {
    return std::vector<RelationshipRecord>();
  }
  const ExpandRequest request = {
      .twins = {&target, 1},
      .direction = Direction::kIncoming,
      .names = {&wanted, name.empty() ? size_t{0} : size_t{1}}};
  ExpandPosition position = {.after = after};
  std::vector<ExpandedEdge> expanded;
  RETURN_IF_ERROR(Expand(ctx, request, limit, position, expanded));
  std::vector<Edge> edges;
  edges.reserve(expanded.size());
  for (const ExpandedEdge& item : expanded) {
    edges.push_back(item.edge);
  }
  ASSIGN_OR_RETURN(auto records, GetRelationships(ctx, edges));
  return WithoutAbsent(std::move(records));
}

absl::Status GraphReader::Expand(const Context& ctx,
                                 const ExpandRequest& request, size_t limit,
                                 ExpandPosition& position,
                                 std::vector<ExpandedEdge>& edges) const {
  if (!memory_is_right_) {
    return StoreExpander(*reader_).Expand(ctx, request, limit, position, edges);
  }
  return MemoryExpander(parts_.topology, *reader_)
      .Expand(ctx, request, limit, position, edges);
}

absl::StatusOr<size_t> GraphReader::Degree(const Context& ctx, TwinNumber twin,
                                           Direction direction,
                                           std::optional<NameNumber> name,
                                           size_t limit) const {
  if (memory_is_right_) {
    const auto known = parts_.topology.Degree(reader_->revision(), twin,
                                              direction, name, limit);
    if (known.has_value()) {
      return *known;
    }
  }
  const std::string prefix = name.has_value()
                                 ? key::AdjacencyPrefix(twin, *name)
                                 : key::AdjacencyPrefix(twin);
  size_t count = 0;
  RETURN_IF_ERROR(ScanRows(
      ctx, *reader_,
      direction == Direction::kOutgoing ? key::kOutSpace : key::kInSpace,
      kv::Range::Prefix(prefix), [&](const kv::Cursor&) {
        ++count;
        return count < limit;
      }));
  return count;
}

absl::StatusOr<std::vector<Edge>> GraphReader::ScanRelationships(
    const Context& ctx, NameNumber name, const Edge& after,
    size_t limit) const {
  std::vector<Edge> edges;
  const kv::Range all = name == NameNumber{}
                            ? kv::Range::All()
                            : kv::Range::Prefix(key::NameIndexPrefix(name));
  RETURN_IF_ERROR(overlay_->Scan(
      ctx, key::kNameIndexSpace,
      kv::Range::After(all, key::EncodeNameIndexKey(after)),
      [&](absl::string_view key, absl::string_view) -> absl::StatusOr<bool> {
        if (edges.size() == limit) {
          return false;
        }
        if (!key::DecodeNameIndexKey(key, edges.emplace_back())) {
          return Damaged("name_index");
        }
        return true;
      }));
  return edges;
}

absl::Status GraphReader::ScanRelationshipProperty(
    const Context& ctx, NameNumber name, const PropertyRange& range,
    size_t limit, std::string& cursor, EdgeBatch& batch) const {
  batch.edges.clear();
  batch.is_exact = IsExact(range);
  const PathNumber path{
      names_.Find(key::DictKind::kPath, FormatPath(range.path))};
  const IndexPage page = {
      .space = key::kRelationshipPropertyIndexSpace,
      .prefix = key::RelationshipPropertyIndexPrefix(name, path)};
  return page.Read(
      ctx, *overlay_, range, limit, cursor,
      [&](absl::string_view key, absl::string_view value) -> absl::Status {
        Edge& edge = batch.edges.emplace_back();
        PathNumber same{};
        absl::string_view ordered;
        if (!key::DecodeRelationshipPropertyIndexKey(key, edge, same,
                                                     ordered) ||
            !key::DecodeRelationshipPropertyIndexValue(value, edge.target)) {
          return Damaged("relationship_property_index");
        }
        return absl::OkStatus();
      });
}

}  // namespace twingraph::graph

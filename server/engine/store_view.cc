// Covered by tests/server/engine/query_ops_test.cc.
#include "server/engine/store_view.h"

#include <algorithm>
#include <utility>

#include "server/engine/twin_shape.h"
#include "server/query/row.h"
#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"

namespace twingraph::engine {
namespace {

// What a document of a twin points to beside its record.
struct TwinBytes {
  std::shared_ptr<const void> record;
  std::string etag;
  std::string metadata;
  std::string component_metadata;
};

struct RelationshipBytes {
  std::shared_ptr<const void> record;
  std::string etag;
};

graph::Edge ToEdge(const query::EdgeRef& edge) {
  graph::Edge result{};
  result.name = graph::NameNumber{edge.name};
  result.source = graph::TwinNumber{edge.source};
  result.target = graph::TwinNumber{edge.target};
  result.number = graph::RelationshipNumber{edge.number};
  return result;
}

query::EdgeRef ToEdgeRef(const graph::Edge& edge) {
  return {.name = graph::ToInt(edge.name),
          .source = graph::ToInt(edge.source),
          .target = graph::ToInt(edge.target),
          .number = graph::ToInt(edge.number)};
}

template <typename To, typename From>
std::vector<To> Convert(absl::Span<const From> from) {
  std::vector<To> to;
  to.reserve(from.size());
  for (const From& each : from) {
    to.push_back(To{each});
  }
  return to;
}

std::vector<query::TwinNumber> ToInts(
    const std::vector<graph::TwinNumber>& numbers) {
  std::vector<query::TwinNumber> ints;
  ints.reserve(numbers.size());
  for (const graph::TwinNumber number : numbers) {
    ints.push_back(graph::ToInt(number));
  }
  return ints;
}

query::Cardinality Exactly(const absl::StatusOr<int64_t>& count) {
  return {.value = count.ok() ? static_cast<uint64_t>(*count) : 0,
          .is_exact = count.ok()};
}

graph::OrderedType ToOrdered(query::ValueType type) {
  switch (type) {
    case query::ValueType::kNull:
      return graph::OrderedType::kNull;
    case query::ValueType::kBool:
      return graph::OrderedType::kBool;
    case query::ValueType::kNumber:
      return graph::OrderedType::kNumber;
    case query::ValueType::kString:
      return graph::OrderedType::kString;
    case query::ValueType::kMap:
      return graph::OrderedType::kObject;
    case query::ValueType::kList:
      return graph::OrderedType::kArray;
  }
  return graph::OrderedType::kNull;
}

std::optional<graph::ValueBound> ToBound(
    const std::optional<query::ValueBound>& bound) {
  if (!bound.has_value()) {
    return std::nullopt;
  }
  return graph::ValueBound{bound->value, bound->is_inclusive};
}

graph::PropertyRange ToRange(const query::PropertyRange& range) {
  graph::PropertyRange result;
  result.path = range.path;
  if (range.type.has_value()) {
    result.type = ToOrdered(*range.type);
  }
  result.lower = ToBound(range.lower);
  result.upper = ToBound(range.upper);
  return result;
}

bool IsIdPath(const std::vector<std::string>& path) {
  return path.size() == 1 && path[0] == "$dtId";
}

// {"lastUpdateTime": text, "sourceTime": text?} of one property.
Value MetadataEntry(const PropertyMetadata& property) {
  Value entry = Value::MakeMap();
  entry.Set("lastUpdateTime",
            Value::String(query::FormatQueryTime(property.update_time)));
  if (property.source_time != absl::InfinitePast()) {
    entry.Set("sourceTime",
              Value::String(query::FormatQueryTime(property.source_time)));
  }
  return entry;
}

void EncodeMetadata(const catalog::EffectiveModel* model,
                    const graph::TwinRecord& record, TwinBytes& bytes) {
  Value own = Value::MakeMap();
  Value components = Value::MakeMap();
  for (const PropertyMetadata& property : MetadataOf(
           model, record.contents(), TwinTimes::Decode(record.metadata()))) {
    if (property.component.empty()) {
      own.Set(property.property, MetadataEntry(property));
      continue;
    }
    if (property.property.empty()) {
      Value component = Value::MakeMap();
      component.Set(
          "$lastUpdateTime",
          Value::String(query::FormatQueryTime(property.update_time)));
      components.Set(property.component, std::move(component));
      continue;
    }
    Value* component = components.Find(property.component);
    component->Set(property.property, MetadataEntry(property));
  }
  EncodeValue(own, bytes.metadata);
  EncodeValue(components, bytes.component_metadata);
}

}  // namespace

query::Cardinality StoreView::CountTwins() const {
  return Exactly(reader_->CountTwins(Context()));
}

query::Cardinality StoreView::CountTwinsOfModel(
    query::ModelNumber model) const {
  return Exactly(
      reader_->CountTwinsOfModel(Context(), graph::ModelNumber{model}));
}

query::Cardinality StoreView::CountRelationships(query::NameNumber name) const {
  return Exactly(name == query::kNoName
                     ? reader_->CountRelationships(Context())
                     : reader_->CountRelationshipsOfName(
                           Context(), graph::NameNumber{name}));
}

// Without a histogram: an equality finds few twins, a range some.
std::optional<query::Cardinality> StoreView::CountProperty(
    const query::PropertyRange& range) const {
  if (!IsIdPath(range.path) &&
      (range.path.empty() || range.path[0] == "$metadata" ||
       range.path[0] == "$etag" || !reader_->IsIndexed(range.path))) {
    return std::nullopt;
  }
  const uint64_t twins = CountTwins().value;
  const bool is_point = range.lower.has_value() && range.upper.has_value() &&
                        range.lower->value == range.upper->value;
  const uint64_t share = is_point ? 100 : range.lower || range.upper ? 4 : 2;
  return query::Cardinality{.value = twins / share + 1, .is_exact = false};
}

absl::Status StoreView::FindTwins(
    const Context& ctx, absl::Span<const std::string> ids,
    std::vector<query::TwinNumber>& numbers) const {
  ASSIGN_OR_RETURN(const auto found, reader_->ResolveTwins(ctx, ids));
  numbers.clear();
  for (const auto& number : found) {
    numbers.push_back(number.has_value() ? graph::ToInt(*number)
                                         : query::kNoTwin);
  }
  return absl::OkStatus();
}

absl::StatusOr<query::NameNumber> StoreView::FindRelationshipName(
    const Context& /*ctx*/, absl::string_view name) const {
  return graph::ToInt(reader_->FindNameNumber(name));
}

query::TwinDocument StoreView::ToDocument(const graph::TwinRecord& record,
                                          query::TwinParts wanted) const {
  auto bytes = std::make_shared<TwinBytes>();
  bytes->record = record.owner();
  bytes->etag = parts_.EtagOf(record.revision());
  query::TwinDocument document;
  document.id = record.id();
  document.model = record.model_id();
  document.last_update_time = record.last_update_time();
  document.contents = record.contents();
  if (wanted.metadata) {
    const auto model = parts_.catalog.Current()->Find(record.model_id());
    EncodeMetadata(model.get(), record, *bytes);
    document.metadata = ValueView(bytes->metadata);
    document.component_metadata = ValueView(bytes->component_metadata);
  }
  if (wanted.device && record.is_proxy()) {
    document.device = record.device();
  }
  document.etag = bytes->etag;
  document.owner = std::move(bytes);
  return document;
}

absl::Status StoreView::ReadTwins(
    const Context& ctx, absl::Span<const query::TwinNumber> numbers,
    query::TwinParts wanted,
    std::vector<query::TwinDocument>& documents) const {
  ASSIGN_OR_RETURN(const auto records,
                   reader_->GetTwins(ctx, Convert<graph::TwinNumber>(numbers)));
  documents.clear();
  for (const auto& record : records) {
    documents.push_back(record.has_value() ? ToDocument(*record, wanted)
                                           : query::TwinDocument());
  }
  return absl::OkStatus();
}

absl::Status StoreView::ReadModels(
    const Context& ctx, absl::Span<const query::TwinNumber> numbers,
    std::vector<query::ModelNumber>& models) const {
  ASSIGN_OR_RETURN(const auto found,
                   reader_->ModelsOf(ctx, Convert<graph::TwinNumber>(numbers)));
  models.clear();
  for (const graph::ModelNumber model : found) {
    models.push_back(graph::ToInt(model));
  }
  return absl::OkStatus();
}

absl::Status StoreView::ReadRelationships(
    const Context& ctx, absl::Span<const query::EdgeRef> edges,
    std::vector<query::RelationshipDocument>& documents) const {
  std::vector<graph::Edge> wanted;
  for (const query::EdgeRef& edge : edges) {
    wanted.push_back(ToEdge(edge));
  }
  ASSIGN_OR_RETURN(const auto records, reader_->GetRelationships(ctx, wanted));
  documents.clear();
  for (const auto& record : records) {
    query::RelationshipDocument document;
    if (record.has_value()) {
      auto bytes = std::make_shared<RelationshipBytes>();
      bytes->record = record->owner();
      bytes->etag = parts_.EtagOf(record->revision());
      document.id = record->id();
      document.etag = bytes->etag;
      document.source = record->source_id();
      document.target = record->target_id();
      document.name = record->name();
      document.contents = record->contents();
      document.owner = std::move(bytes);
    }
    documents.push_back(std::move(document));
  }
  return absl::OkStatus();
}

absl::Status StoreView::ScanTwins(
    const Context& ctx, query::TwinNumber after, size_t limit,
    std::vector<query::TwinNumber>& numbers) const {
  ASSIGN_OR_RETURN(const auto twins,
                   reader_->ScanTwins(ctx, graph::TwinNumber{after}, limit));
  numbers = ToInts(twins);
  return absl::OkStatus();
}

absl::Status StoreView::ScanTwinsOfModel(
    const Context& ctx, query::ModelNumber model, query::TwinNumber after,
    size_t limit, std::vector<query::TwinNumber>& numbers) const {
  ASSIGN_OR_RETURN(const auto twins,
                   reader_->ScanTwinsOfModel(ctx, graph::ModelNumber{model},
                                             graph::TwinNumber{after}, limit));
  numbers = ToInts(twins);
  return absl::OkStatus();
}

// A range of ids is read from the id space from the lower bound on; who goes
// past the upper bound is left to the caller.
absl::Status StoreView::ScanIds(const Context& ctx,
                                const query::PropertyRange& range, size_t limit,
                                std::string& cursor,
                                query::PropertyBatch& batch) const {
  batch.is_exact = false;
  std::string prefix;
  if (range.lower.has_value() && range.upper.has_value()) {
    // What both bounds begin with, all ids between them begin with.
    const std::string& low = range.lower->value.as_string();
    const std::string& high = range.upper->value.as_string();
    const auto [end, other] =
        std::mismatch(low.begin(), low.end(), high.begin(), high.end());
    prefix = std::string(low.begin(), end);
    const bool is_prefix_range = PrefixSuccessor(low) == high;
    if (is_prefix_range) {
      prefix = low;
    }
  }
  ASSIGN_OR_RETURN(const auto twins,
                   reader_->ScanTwinIds(ctx, prefix, cursor, limit));
  batch.numbers = ToInts(twins);
  if (twins.size() < limit) {
    cursor.clear();
  }
  return absl::OkStatus();
}

absl::Status StoreView::ScanProperty(const Context& ctx,
                                     const query::PropertyRange& range,
                                     size_t limit, std::string& cursor,
                                     query::PropertyBatch& batch) const {
  if (IsIdPath(range.path)) {
    return ScanIds(ctx, range, limit, cursor, batch);
  }
  graph::TwinBatch twins;
  RETURN_IF_ERROR(
      reader_->ScanProperty(ctx, ToRange(range), limit, cursor, twins));
  batch.numbers = ToInts(twins.twins);
  batch.is_exact = twins.is_exact;
  return absl::OkStatus();
}

absl::Status StoreView::Expand(const Context& ctx,
                               const query::ExpandRequest& request,
                               size_t limit, query::ExpandPosition& position,
                               std::vector<query::ExpandedEdge>& edges) const {
  const auto twins = Convert<graph::TwinNumber>(request.twins);
  const auto names = Convert<graph::NameNumber>(request.names);
  graph::ExpandPosition place;
  place.index = position.index;
  if (position.after.has_value()) {
    place.after = ToEdge(*position.after);
  }
  std::vector<graph::ExpandedEdge> found;
  RETURN_IF_ERROR(reader_->Expand(
      ctx,
      {.twins = twins,
       .direction = request.direction == query::Direction::kOutgoing
                        ? graph::Direction::kOutgoing
                        : graph::Direction::kIncoming,
       .names = names},
      limit, place, found));
  edges.clear();
  for (const graph::ExpandedEdge& edge : found) {
    edges.push_back({edge.index, ToEdgeRef(edge.edge)});
  }
  position.index = place.index;
  position.after.reset();
  if (place.after.has_value()) {
    position.after = ToEdgeRef(*place.after);
  }
  return absl::OkStatus();
}

absl::Status StoreView::ScanRelationships(
    const Context& ctx, query::NameNumber name, const query::EdgeRef& after,
    size_t limit, std::vector<query::EdgeRef>& edges) const {
  ASSIGN_OR_RETURN(const auto found,
                   reader_->ScanRelationships(ctx, graph::NameNumber{name},
                                              ToEdge(after), limit));
  edges.clear();
  for (const graph::Edge& edge : found) {
    edges.push_back(ToEdgeRef(edge));
  }
  return absl::OkStatus();
}

}  // namespace twingraph::engine

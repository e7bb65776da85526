#include "tests/support/toy_graph.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "server/query/row.h"
#include "storage/value/compare.h"
#include "storage/value/json.h"

namespace twingraph::query {
namespace {

std::string Encoded(const Value& value) {
  std::string bytes;
  EncodeValue(value, bytes);
  return bytes;
}

Value Stamps(const Value& contents, absl::Time time) {
  Value stamps = Value::MakeMap();
  for (const auto& [name, value] : contents.as_map()) {
    Value entry = Value::MakeMap();
    entry.Set("lastUpdateTime", Value::String(FormatQueryTime(time)));
    stamps.Set(name, std::move(entry));
  }
  return stamps;
}

ValueType TypeOf(ValueView value) {
  switch (value.kind()) {
    case ValueKind::kNull:
      return ValueType::kNull;
    case ValueKind::kBool:
      return ValueType::kBool;
    case ValueKind::kInt:
    case ValueKind::kUint:
    case ValueKind::kDouble:
      return ValueType::kNumber;
    case ValueKind::kString:
      return ValueType::kString;
    case ValueKind::kList:
      return ValueType::kList;
    case ValueKind::kMap:
      return ValueType::kMap;
  }
  return ValueType::kNull;
}

bool IsInRange(const PropertyRange& range, ValueView value) {
  if (!range.type.has_value()) {
    return true;
  }
  if (TypeOf(value) != *range.type) {
    return false;
  }
  const auto order = [&](const ValueBound& bound) {
    const std::string bytes = Encoded(bound.value);
    return *CompareValues(value, ValueView(bytes));
  };
  if (range.lower.has_value()) {
    const auto low = order(*range.lower);
    if (low < 0 || (low == 0 && !range.lower->is_inclusive)) {
      return false;
    }
  }
  if (range.upper.has_value()) {
    const auto high = order(*range.upper);
    if (high > 0 || (high == 0 && !range.upper->is_inclusive)) {
      return false;
    }
  }
  return true;
}

template <typename T>
void Cut(std::vector<T>& list, size_t limit) {
  if (list.size() > limit) {
    list.resize(limit);
  }
}

}  // namespace

ToyGraph::ToyGraph() = default;

void ToyGraph::AddModel(const std::string& id,
                        const std::vector<std::string>& bases) {
  Model model{.id = id, .kinds = {id}};
  for (const Model& other : models_) {
    if (std::find(bases.begin(), bases.end(), other.id) != bases.end()) {
      model.kinds.insert(other.kinds.begin(), other.kinds.end());
    }
  }
  models_.push_back(std::move(model));
}

void ToyGraph::AddTwin(const std::string& id, const std::string& model,
                       const Value& contents, absl::Time time) {
  Value own = Value::MakeMap();
  Value parts = Value::MakeMap();
  for (const auto& [name, value] : contents.as_map()) {
    if (components.count(name) == 0) {
      own.Set(name, value);
      continue;
    }
    Value stamps = Stamps(value, time);
    stamps.Set("$lastUpdateTime", Value::String(FormatQueryTime(time)));
    parts.Set(name, std::move(stamps));
  }
  const auto found =
      std::find_if(models_.begin(), models_.end(),
                   [&](const Model& other) { return other.id == model; });
  twins_.push_back(
      {.id = id,
       .model = static_cast<ModelNumber>(found - models_.begin() + 1),
       .time = time,
       .bytes = std::make_shared<Bytes>(
           Bytes{.etag = absl::StrCat("W/\"", id, "\""),
                 .contents = Encoded(contents),
                 .metadata = Encoded(Stamps(own, time)),
                 .component_metadata = Encoded(parts)})});
  twin_numbers_[id] = twins_.size();
}

void ToyGraph::AddRelationship(const std::string& source, const std::string& id,
                               const std::string& name,
                               const std::string& target,
                               const Value& contents) {
  if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
    names_.push_back(name);
  }
  const EdgeRef edge{.name = this->name(name),
                     .source = twin_numbers_.at(source),
                     .target = twin_numbers_.at(target),
                     .number = relationships_.size() + 1};
  edges_.insert(std::upper_bound(edges_.begin(), edges_.end(), edge), edge);
  relationships_[edge] = {
      .id = id,
      .bytes = std::make_shared<Bytes>(
          Bytes{.etag = absl::StrCat("W/\"", source, ".", id, "\""),
                .contents = Encoded(contents),
                .metadata = "",
                .component_metadata = ""})};
}

void ToyGraph::AddLines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    const Value entry = *ParseJsonValue(line);
    const auto text = [&](const char* key) {
      return entry.Find(key)->as_string();
    };
    if (const Value* bases = entry.Find("extends")) {
      std::vector<std::string> ids;
      for (const Value& base : bases->as_list()) {
        ids.push_back(base.as_string());
      }
      AddModel(text("model"), ids);
    } else if (entry.Find("twin") != nullptr) {
      absl::Time time;
      absl::ParseTime(absl::RFC3339_full, text("at"), &time, nullptr);
      AddTwin(text("twin"), text("model"), *entry.Find("contents"), time);
    } else {
      AddRelationship(text("source"), text("relationship"), text("name"),
                      text("target"), *entry.Find("contents"));
    }
  }
}

TwinDocument ToyGraph::document(TwinNumber number) const {
  if (number == kNoTwin || number > twins_.size()) {
    return {};
  }
  const Twin& twin = twins_[number - 1];
  return {.owner = twin.bytes,
          .id = twin.id,
          .etag = twin.bytes->etag,
          .model = models_[twin.model - 1].id,
          .last_update_time = twin.time,
          .contents = ValueView(twin.bytes->contents),
          .metadata = ValueView(twin.bytes->metadata),
          .component_metadata = ValueView(twin.bytes->component_metadata),
          .device = ValueView()};
}

ModelNumber ToyGraph::model(TwinNumber number) const {
  return number == kNoTwin || number > twins_.size() ? 0
                                                     : twins_[number - 1].model;
}

RelationshipDocument ToyGraph::document(const EdgeRef& edge) const {
  const auto found = relationships_.find(edge);
  if (found == relationships_.end()) {
    return {};
  }
  const Bytes& bytes = *found->second.bytes;
  return {.owner = found->second.bytes,
          .id = found->second.id,
          .etag = bytes.etag,
          .source = twins_[edge.source - 1].id,
          .target = twins_[edge.target - 1].id,
          .name = names_[edge.name - 1],
          .contents = ValueView(bytes.contents)};
}

NameNumber ToyGraph::name(absl::string_view text) const {
  const auto found = std::find(names_.begin(), names_.end(), text);
  return found == names_.end()
             ? kNoName
             : static_cast<NameNumber>(found - names_.begin() + 1);
}

ModelSet ToyGraph::ModelsOf(absl::string_view dtmi, bool is_exact) const {
  ModelSet set;
  for (size_t i = 0; i < models_.size(); ++i) {
    const Model& model = models_[i];
    const bool is_of = is_exact
                           ? model.id == dtmi
                           : std::any_of(model.kinds.begin(), model.kinds.end(),
                                         [&](const std::string& kind) {
                                           return IsModelOrNewer(kind, dtmi);
                                         });
    if (is_of) {
      set.Insert(static_cast<ModelNumber>(i + 1));
    }
  }
  return set;
}

Cardinality ToyGraph::Count(uint64_t value, uint64_t key) const {
  if (options.estimate_seed == 0) {
    return {.value = value, .is_exact = true};
  }
  // Splitmix: a number that looks random and stays the same.
  uint64_t mixed = options.estimate_seed * 0x9E3779B97F4A7C15U + key;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
  return {.value = (mixed >> 31) % 200, .is_exact = false};
}

Cardinality ToyGraph::CountTwins() const {
  return Count(twins_.size(), 1);
}

Cardinality ToyGraph::CountTwinsOfModel(ModelNumber model) const {
  const auto count =
      std::count_if(twins_.begin(), twins_.end(),
                    [&](const Twin& twin) { return twin.model == model; });
  const Cardinality made_up = Count(static_cast<uint64_t>(count), 100 + model);
  // A planner may leave out models without twins, so zero is never a guess.
  return count == 0 || made_up.is_exact
             ? Cardinality{static_cast<uint64_t>(count), made_up.is_exact}
             : Cardinality{made_up.value + 1, false};
}

Cardinality ToyGraph::CountRelationships(NameNumber name) const {
  const auto count =
      std::count_if(edges_.begin(), edges_.end(), [&](const EdgeRef& edge) {
        return name == kNoName || edge.name == name;
      });
  return Count(static_cast<uint64_t>(count), 10000 + name);
}

std::optional<Cardinality> ToyGraph::CountProperty(
    const PropertyRange& range) const {
  const std::string& first = range.path.front();
  const bool is_id = first == "$dtId" && range.path.size() == 1;
  if (!options.has_index || (first[0] == '$' && !is_id)) {
    return std::nullopt;
  }
  uint64_t key = 20000;
  for (const char c : first) {
    key = key * 31 + static_cast<unsigned char>(c);
  }
  return Count(InRange(range).size(), key);
}

std::vector<TwinNumber> ToyGraph::InRange(const PropertyRange& range) const {
  std::vector<std::pair<std::string, TwinNumber>> found;
  for (TwinNumber twin = 1; twin <= twins_.size(); ++twin) {
    ValueView value(twins_[twin - 1].bytes->contents);
    const std::string id = Encoded(Value::String(twins_[twin - 1].id));
    if (range.path.front() == "$dtId") {
      value = ValueView(id);
    } else {
      for (const std::string& step : range.path) {
        value = value.is_defined() ? value.Find(step) : value;
      }
    }
    if (value.is_defined() &&
        (!options.is_index_exact || IsInRange(range, value))) {
      found.emplace_back(std::string(value.bytes()), twin);
    }
  }
  std::stable_sort(
      found.begin(), found.end(), [](const auto& a, const auto& b) {
        const auto order =
            CompareValues(ValueView(a.first), ValueView(b.first));
        return order.has_value() ? *order < 0 : a.first[0] < b.first[0];
      });
  std::vector<TwinNumber> twins;
  for (const auto& [bytes, twin] : found) {
    twins.push_back(twin);
  }
  return twins;
}

absl::Status ToyGraph::FindTwins(const Context& ctx,
                                 absl::Span<const std::string> ids,
                                 std::vector<TwinNumber>& numbers) const {
  numbers.clear();
  for (const std::string& id : ids) {
    const auto found = twin_numbers_.find(id);
    numbers.push_back(found == twin_numbers_.end() ? kNoTwin : found->second);
  }
  return ctx.Check();
}

absl::StatusOr<NameNumber> ToyGraph::FindRelationshipName(
    const Context& /*ctx*/, absl::string_view text) const {
  return name(text);
}

absl::Status ToyGraph::ReadTwins(const Context& ctx,
                                 absl::Span<const TwinNumber> numbers,
                                 TwinParts parts,
                                 std::vector<TwinDocument>& documents) const {
  documents.clear();
  for (const TwinNumber number : numbers) {
    TwinDocument twin = document(number);
    // What was not asked for is not there.
    if (!parts.metadata) {
      twin.metadata = ValueView();
      twin.component_metadata = ValueView();
    }
    documents.push_back(std::move(twin));
  }
  return ctx.Check();
}

absl::Status ToyGraph::ReadModels(const Context& ctx,
                                  absl::Span<const TwinNumber> numbers,
                                  std::vector<ModelNumber>& models) const {
  models.clear();
  for (const TwinNumber number : numbers) {
    models.push_back(model(number));
  }
  return ctx.Check();
}

absl::Status ToyGraph::ReadRelationships(
    const Context& ctx, absl::Span<const EdgeRef> edges,
    std::vector<RelationshipDocument>& documents) const {
  documents.clear();
  for (const EdgeRef& edge : edges) {
    documents.push_back(document(edge));
  }
  return ctx.Check();
}

absl::Status ToyGraph::ScanTwins(const Context& ctx, TwinNumber after,
                                 size_t limit,
                                 std::vector<TwinNumber>& numbers) const {
  numbers.clear();
  for (TwinNumber twin = after + 1; twin <= twins_.size(); ++twin) {
    numbers.push_back(twin);
  }
  Cut(numbers, limit);
  return ctx.Check();
}

absl::Status ToyGraph::ScanTwinsOfModel(
    const Context& ctx, ModelNumber model, TwinNumber after, size_t limit,
    std::vector<TwinNumber>& numbers) const {
  numbers.clear();
  for (TwinNumber twin = after + 1; twin <= twins_.size(); ++twin) {
    if (twins_[twin - 1].model == model) {
      numbers.push_back(twin);
    }
  }
  Cut(numbers, limit);
  return ctx.Check();
}

absl::Status ToyGraph::ScanProperty(const Context& ctx,
                                    const PropertyRange& range, size_t limit,
                                    std::string& cursor,
                                    PropertyBatch& batch) const {
  const std::vector<TwinNumber> all = InRange(range);
  size_t at = 0;
  if (!cursor.empty() && !absl::SimpleAtoi(cursor, &at)) {
    return absl::InvalidArgumentError("no cursor of this range");
  }
  batch.is_exact = options.is_index_exact;
  batch.numbers.clear();
  while (at < all.size() && batch.numbers.size() < limit) {
    batch.numbers.push_back(all[at++]);
  }
  cursor = at < all.size() ? absl::StrCat(at) : "";
  return ctx.Check();
}

absl::Status ToyGraph::Expand(const Context& ctx, const ExpandRequest& request,
                              size_t limit, ExpandPosition& position,
                              std::vector<ExpandedEdge>& edges) const {
  edges.clear();
  for (; position.index < request.twins.size(); ++position.index) {
    for (const EdgeRef& edge : edges_) {
      const TwinNumber from =
          request.direction == Direction::kOutgoing ? edge.source : edge.target;
      const bool is_wanted =
          from == request.twins[position.index] &&
          (request.names.empty() ||
           std::count(request.names.begin(), request.names.end(), edge.name) >
               0) &&
          (!position.after.has_value() || edge > *position.after);
      if (!is_wanted) {
        continue;
      }
      if (edges.size() == limit) {
        return ctx.Check();
      }
      edges.push_back({position.index, edge});
      position.after = edge;
    }
    position.after.reset();
  }
  return ctx.Check();
}

absl::Status ToyGraph::ScanRelationships(const Context& ctx, NameNumber name,
                                         const EdgeRef& after, size_t limit,
                                         std::vector<EdgeRef>& edges) const {
  edges.clear();
  for (const EdgeRef& edge : edges_) {
    if (edge > after && (name == kNoName || edge.name == name)) {
      edges.push_back(edge);
    }
  }
  Cut(edges, limit);
  return ctx.Check();
}

}  // namespace twingraph::query

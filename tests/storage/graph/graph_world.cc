#include "tests/storage/graph/graph_world.h"

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/value/compare.h"
#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::graph {
namespace {

using testing::ElementsAreArray;
using testing::UnorderedElementsAreArray;

std::string Encoded(const Value& value) {
  std::string bytes;
  EncodeValue(value, bytes);
  return bytes;
}

// What a relationship is, for comparing lists.
using Named = std::pair<std::string, std::string>;  // source, id

class Comparison {
 public:
  Comparison(const Context& ctx, const GraphReader& reader, const World& world,
             unsigned seed)
      : ctx_(ctx), reader_(reader), world_(world), random_(seed) {}

  void Run(const std::set<std::string>& ids) {
    ReadTwins(ids);
    if (testing::Test::HasFatalFailure()) {
      return;
    }
    ListTwins();
    ScanTwins();
    ScanModels();
    for (int i = 0; i < 12; ++i) {
      ScanProperty();
    }
    ReadRelationships();
    ListRelationships();
    ScanRelationships();
    for (int i = 0; i < 6; ++i) {
      ScanRelationshipProperty();
    }
    Count();
  }

 private:
  size_t PageSize() { return 1 + random_() % 7; }

  void ReadTwins(const std::set<std::string>& ids) {
    const std::vector<std::string> list(ids.begin(), ids.end());
    const auto numbers = reader_.ResolveTwins(ctx_, list);
    ASSERT_OK(numbers);
    for (size_t i = 0; i < list.size(); ++i) {
      const auto expected = world_.twins.find(list[i]);
      const bool exists = expected != world_.twins.end();
      const auto twin = reader_.FindTwin(ctx_, list[i]);
      ASSERT_OK(twin);
      ASSERT_EQ(twin->has_value(), exists) << list[i];
      ASSERT_EQ((*numbers)[i].has_value(), exists) << list[i];
      if (!exists) {
        continue;
      }
      EXPECT_EQ((*twin)->number(), *(*numbers)[i]);
      EXPECT_EQ((*twin)->id(), list[i]);
      EXPECT_EQ((*twin)->model_id(), expected->second.model);
      EXPECT_EQ(DecodeValue((*twin)->contents()), expected->second.contents)
          << list[i];
      ids_[(*twin)->number()] = list[i];
      numbers_[list[i]] = (*twin)->number();
    }
  }

  std::vector<std::string> IdsOf(const std::vector<TwinNumber>& twins) {
    const auto ids = reader_.IdsOf(ctx_, twins);
    EXPECT_OK(ids);
    return *ids;
  }

  void ListTwins() {
    for (const bool is_filtered : {false, true}) {
      const std::vector<ModelNumber> models =
          is_filtered ? std::vector{reader_.FindModelNumber("dtmi:M1;1")}
                      : std::vector<ModelNumber>();
      std::vector<std::string> listed;
      const size_t limit = PageSize();
      for (bool is_end = false; !is_end;) {
        const auto page = reader_.ListTwins(
            ctx_, listed.empty() ? "" : listed.back(), limit, models);
        ASSERT_OK(page);
        for (const TwinRecord& twin : *page) {
          listed.emplace_back(twin.id());
        }
        is_end = page->size() < limit;
      }
      std::vector<std::string> expected;
      for (const auto& [id, twin] : world_.twins) {
        if (!is_filtered || twin.model == "dtmi:M1;1") {
          expected.push_back(id);
        }
      }
      EXPECT_THAT(listed, ElementsAreArray(expected));
    }
  }

  void ScanTwins() {
    std::vector<TwinNumber> scanned;
    const size_t limit = PageSize();
    for (bool is_end = false; !is_end;) {
      const auto page = reader_.ScanTwins(
          ctx_, scanned.empty() ? TwinNumber{} : scanned.back(), limit);
      ASSERT_OK(page);
      scanned.insert(scanned.end(), page->begin(), page->end());
      is_end = page->size() < limit;
    }
    std::vector<TwinNumber> expected;
    for (const auto& [number, id] : ids_) {
      expected.push_back(number);
    }
    EXPECT_THAT(scanned, ElementsAreArray(expected));
    const auto models = reader_.ModelsOf(ctx_, expected);
    ASSERT_OK(models);
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(reader_.ModelIdOf((*models)[i]),
                world_.twins.at(ids_.at(expected[i])).model);
    }
  }

  void ScanModels() {
    for (const std::string model : {"dtmi:M1;1", "dtmi:M2;1", "dtmi:None;1"}) {
      const ModelNumber number = reader_.FindModelNumber(model);
      std::vector<TwinNumber> scanned;
      const size_t limit = PageSize();
      for (bool is_end = false; !is_end;) {
        const auto page = reader_.ScanTwinsOfModel(
            ctx_, number, scanned.empty() ? TwinNumber{} : scanned.back(),
            limit);
        ASSERT_OK(page);
        scanned.insert(scanned.end(), page->begin(), page->end());
        is_end = page->size() < limit;
      }
      std::vector<std::string> expected;
      for (const auto& [id, twin] : world_.twins) {
        if (twin.model == model) {
          expected.push_back(id);
        }
      }
      EXPECT_THAT(IdsOf(scanned), UnorderedElementsAreArray(expected));
      EXPECT_TRUE(std::is_sorted(scanned.begin(), scanned.end()));
      const auto count = reader_.CountTwinsOfModel(ctx_, number);
      ASSERT_OK(count);
      EXPECT_EQ(*count, static_cast<int64_t>(expected.size()));
    }
  }

  PropertyRange RandomRange() {
    const std::vector<std::vector<std::string>> paths = {
        {"a"}, {"b"}, {"c"}, {"c", "x"}, {"c", "y"}, {"nothing"}};
    PropertyRange range = {.path = paths[random_() % paths.size()]};
    switch (random_() % 4) {
      case 0:
        break;
      case 1:
        range.type = OrderedType::kNumber;
        if (random_() % 2 == 0) {
          range.lower = {Value::Int(static_cast<int64_t>(random_() % 4)),
                         random_() % 2 == 0};
        }
        if (random_() % 2 == 0) {
          range.upper = {Value::Double(static_cast<double>(random_() % 4)),
                         random_() % 2 == 0};
        }
        break;
      case 2:
        range.type = OrderedType::kString;
        if (random_() % 2 == 0) {
          range.lower = {Value::String(std::string(random_() % 3, 's')),
                         random_() % 2 == 0};
        }
        break;
      default:
        range.type = OrderedType::kObject;
    }
    return range;
  }

  static bool IsInside(const PropertyRange& range, const Value& contents) {
    const Value* value = &contents;
    for (const std::string& part : range.path) {
      value = value->Find(part);
      if (value == nullptr) {
        return false;
      }
    }
    if (!range.type.has_value()) {
      return true;
    }
    if (key::OrderedTypeOf(value->kind()) != *range.type) {
      return false;
    }
    return IsAbove(*value, range.lower) && IsBelow(*value, range.upper);
  }

  static bool IsAbove(const Value& value,
                      const std::optional<ValueBound>& bound) {
    if (!bound.has_value()) {
      return true;
    }
    const std::string a = Encoded(value);
    const std::string b = Encoded(bound->value);
    const auto order = *CompareValues(ValueView(a), ValueView(b));
    return order > 0 || (order == 0 && bound->is_inclusive);
  }

  static bool IsBelow(const Value& value,
                      const std::optional<ValueBound>& bound) {
    if (!bound.has_value()) {
      return true;
    }
    const std::string a = Encoded(value);
    const std::string b = Encoded(bound->value);
    const auto order = *CompareValues(ValueView(a), ValueView(b));
    return order < 0 || (order == 0 && bound->is_inclusive);
  }

  void ScanProperty() {
    const PropertyRange range = RandomRange();
    std::vector<TwinNumber> scanned;
    std::string cursor;
    const size_t limit = PageSize();
    do {
      TwinBatch batch;
      ASSERT_OK(reader_.ScanProperty(ctx_, range, limit, cursor, batch));
      EXPECT_TRUE(batch.is_exact);
      EXPECT_TRUE(cursor.empty() || batch.twins.size() == limit);
      scanned.insert(scanned.end(), batch.twins.begin(), batch.twins.end());
    } while (!cursor.empty());
    std::vector<std::string> expected;
    for (const auto& [id, twin] : world_.twins) {
      if (IsInside(range, twin.contents)) {
        expected.push_back(id);
      }
    }
    EXPECT_THAT(IdsOf(scanned), UnorderedElementsAreArray(expected));
  }

  void ReadRelationships() {
    for (const auto& [key, expected] : world_.relationships) {
      const auto found = reader_.GetRelationship(ctx_, key.first, key.second);
      ASSERT_OK(found);
      EXPECT_EQ(found->id(), key.second);
      EXPECT_EQ(found->source_id(), key.first);
      EXPECT_EQ(found->target_id(), expected.target);
      EXPECT_EQ(found->name(), expected.name);
      EXPECT_EQ(DecodeValue(found->contents()), expected.contents);
      EXPECT_EQ(found->edge().source, numbers_.at(key.first));
      EXPECT_EQ(found->edge().target, numbers_.at(expected.target));
    }
  }

  std::vector<Named> NamesOf(const std::vector<Edge>& edges) {
    const auto records = reader_.GetRelationships(ctx_, edges);
    EXPECT_OK(records);
    std::vector<Named> names;
    for (const auto& record : *records) {
      EXPECT_TRUE(record.has_value());
      names.emplace_back(record->source_id(), record->id());
    }
    return names;
  }

  // What the world has from or to a twin, of all names or one.
  std::vector<Named> Expected(const std::string& twin, Direction direction,
                              const std::string& name) {
    std::vector<Named> expected;
    for (const auto& [key, relationship] : world_.relationships) {
      const std::string& end =
          direction == Direction::kOutgoing ? key.first : relationship.target;
      if ((twin.empty() || end == twin) &&
          (name.empty() || relationship.name == name)) {
        expected.push_back(key);
      }
    }
    return expected;
  }

  void ListRelationships() {
    for (const auto& [id, number] : numbers_) {
      for (const std::string name : {"", "n1", "n2", "none"}) {
        ListOutgoing(id, number, name);
        ListIncoming(id, number, name);
      }
      Expand(Direction::kOutgoing);
      Expand(Direction::kIncoming);
    }
  }

  void ListOutgoing(const std::string& id, TwinNumber number,
                    const std::string& name) {
    std::vector<Named> listed;
    const size_t limit = PageSize();
    for (bool is_end = false; !is_end;) {
      const auto page = reader_.ListOutgoing(
          ctx_, number, name, listed.empty() ? "" : listed.back().second,
          limit);
      ASSERT_OK(page);
      for (const RelationshipRecord& record : *page) {
        listed.emplace_back(record.source_id(), record.id());
      }
      is_end = page->size() < limit;
    }
    EXPECT_THAT(listed,
                ElementsAreArray(Expected(id, Direction::kOutgoing, name)));
  }

  void ListIncoming(const std::string& id, TwinNumber number,
                    const std::string& name) {
    std::vector<Named> listed;
    std::optional<Edge> after;
    const size_t limit = PageSize();
    for (bool is_end = false; !is_end;) {
      const auto page = reader_.ListIncoming(ctx_, number, name, after, limit);
      ASSERT_OK(page);
      for (const RelationshipRecord& record : *page) {
        listed.emplace_back(record.source_id(), record.id());
        after = record.edge();
      }
      is_end = page->size() < limit;
    }
    EXPECT_THAT(listed, UnorderedElementsAreArray(
                            Expected(id, Direction::kIncoming, name)));
  }

  // All twins at once, with repeats, in small pieces.
  void Expand(Direction direction) {
    std::vector<TwinNumber> twins;
    for (const auto& [id, number] : numbers_) {
      if (random_() % 2 == 0) {
        twins.push_back(number);
      }
    }
    if (!twins.empty()) {
      twins.push_back(twins.front());
    }
    const bool is_named = random_() % 2 == 0;
    const std::vector<NameNumber> names = {reader_.FindNameNumber("n2"),
                                           reader_.FindNameNumber("n1")};
    const ExpandRequest request = {
        .twins = twins,
        .direction = direction,
        .names = is_named ? absl::MakeConstSpan(names)
                          : absl::Span<const NameNumber>()};
    ExpandPosition position;
    std::vector<ExpandedEdge> edges;
    const size_t limit = PageSize();
    while (position.index < twins.size()) {
      ASSERT_OK(reader_.Expand(ctx_, request, limit, position, edges));
    }
    for (size_t i = 0; i < twins.size(); ++i) {
      std::vector<Edge> own;
      for (const ExpandedEdge& item : edges) {
        if (item.index == i) {
          own.push_back(item.edge);
        }
      }
      std::vector<Named> expected =
          Expected(ids_.at(twins[i]), direction, is_named ? "n1" : "");
      if (is_named) {
        for (const Named& named :
             Expected(ids_.at(twins[i]), direction, "n2")) {
          expected.push_back(named);
        }
      }
      EXPECT_THAT(NamesOf(own), UnorderedElementsAreArray(expected));
      const auto degree =
          reader_.Degree(ctx_, twins[i], direction, std::nullopt);
      ASSERT_OK(degree);
      EXPECT_EQ(*degree, Expected(ids_.at(twins[i]), direction, "").size());
    }
  }

  void ScanRelationships() {
    for (const std::string name : {"", "n1", "n2", "none"}) {
      const NameNumber number = reader_.FindNameNumber(name);
      if (!name.empty() && number == NameNumber{}) {
        continue;
      }
      std::vector<Edge> scanned;
      const size_t limit = PageSize();
      for (bool is_end = false; !is_end;) {
        const auto page = reader_.ScanRelationships(
            ctx_, number, scanned.empty() ? Edge() : scanned.back(), limit);
        ASSERT_OK(page);
        scanned.insert(scanned.end(), page->begin(), page->end());
        is_end = page->size() < limit;
      }
      EXPECT_TRUE(std::is_sorted(scanned.begin(), scanned.end()));
      const auto expected = Expected("", Direction::kOutgoing, name);
      EXPECT_THAT(NamesOf(scanned), UnorderedElementsAreArray(expected));
      if (!name.empty()) {
        const auto count = reader_.CountRelationshipsOfName(ctx_, number);
        ASSERT_OK(count);
        EXPECT_EQ(*count, static_cast<int64_t>(expected.size()));
      }
    }
  }

  void ScanRelationshipProperty() {
    const PropertyRange range = RandomRange();
    std::vector<Edge> scanned;
    std::string cursor;
    const size_t limit = PageSize();
    do {
      EdgeBatch batch;
      ASSERT_OK(reader_.ScanRelationshipProperty(
          ctx_, reader_.FindNameNumber("n1"), range, limit, cursor, batch));
      scanned.insert(scanned.end(), batch.edges.begin(), batch.edges.end());
    } while (!cursor.empty());
    std::vector<Named> expected;
    for (const auto& [key, relationship] : world_.relationships) {
      if (relationship.name == "n1" && IsInside(range, relationship.contents)) {
        expected.push_back(key);
      }
    }
    EXPECT_THAT(NamesOf(scanned), UnorderedElementsAreArray(expected));
    for (const Edge& edge : scanned) {
      EXPECT_TRUE(ids_.contains(edge.target));
    }
  }

  void Count() {
    const auto twins = reader_.CountTwins(ctx_);
    ASSERT_OK(twins);
    EXPECT_EQ(*twins, static_cast<int64_t>(world_.twins.size()));
    const auto relationships = reader_.CountRelationships(ctx_);
    ASSERT_OK(relationships);
    EXPECT_EQ(*relationships,
              static_cast<int64_t>(world_.relationships.size()));
  }

  const Context& ctx_;
  const GraphReader& reader_;
  const World& world_;
  std::mt19937 random_;
  std::map<TwinNumber, std::string> ids_;
  std::map<std::string, TwinNumber> numbers_;
};

}  // namespace

void ExpectSame(const Context& ctx, const GraphReader& reader,
                const World& world, const std::set<std::string>& ids,
                unsigned seed) {
  SCOPED_TRACE(testing::Message()
               << "revision " << reader.revision() << ", seed " << seed);
  Comparison(ctx, reader, world, seed).Run(ids);
}

}  // namespace twingraph::graph

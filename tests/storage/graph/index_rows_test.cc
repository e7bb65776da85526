#include "storage/graph/index_rows.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/graph/index_entries.h"
#include "storage/graph/index_policy.h"
#include "storage/graph/property_path.h"
#include "storage/key/ordered_codec.h"
#include "storage/value/json.h"

namespace twingraph::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Encoded(const Value& value) {
  std::string bytes;
  EncodeValue(value, bytes);
  return bytes;
}

std::string FromJson(absl::string_view json) {
  return Encoded(*ParseJsonValue(json));
}

std::string Ordered(absl::string_view json) {
  const std::string bytes = FromJson(json);
  std::string ordered;
  key::AppendOrdered(ValueView(bytes), ordered);
  return ordered;
}

std::vector<std::string> PathsOf(const std::vector<IndexEntry>& entries) {
  std::vector<std::string> paths;
  for (const IndexEntry& entry : entries) {
    paths.push_back(entry.path);
  }
  return paths;
}

TEST(IndexEntriesTest, NameEveryValueThatHasAPath) {
  const std::string contents = FromJson(
      R"({"a": 1, "b": {"c": "x", "d": {"e": true}}, "f": [1, {"g": 2}],
          "h": null})");
  const auto entries = EntriesOfTwin(IndexPolicy(), ValueView(contents), {});
  EXPECT_THAT(PathsOf(entries),
              ElementsAre("/a", "/b", "/b/c", "/b/d", "/b/d/e", "/f", "/h"));
  EXPECT_EQ(entries[0].ordered, Ordered("1"));
  EXPECT_EQ(entries[1].ordered, Ordered("{}"));
  EXPECT_EQ(entries[5].ordered, Ordered("[]"));
}

TEST(IndexEntriesTest, EscapeNamesLikeJsonPointers) {
  const std::string contents = FromJson(R"({"a/b": {"c~d": 1}})");
  EXPECT_THAT(PathsOf(EntriesOfTwin(IndexPolicy(), ValueView(contents), {})),
              ElementsAre("/a~1b", "/a~1b/c~0d"));
  EXPECT_EQ(FormatPath({"a/b", "c~d"}), "/a~1b/c~0d");
}

TEST(IndexEntriesTest, PutTheDeviceBlockUnderItsOwnName) {
  const std::string contents = FromJson("{}");
  const std::string device = FromJson(
      R"({"connection": {"state": "online"}, "hub": "h", "lastActivity": 5})");
  const IndexPolicy policy(
      std::vector<std::string>{"/$device/connection", "/$device/lastActivity"});
  EXPECT_THAT(
      PathsOf(EntriesOfTwin(policy, ValueView(contents), ValueView(device))),
      ElementsAre("/$device", "/$device/hub"));
}

TEST(IndexPolicyTest, LeavesOutListedPathsWithAllBelow) {
  const IndexPolicy policy(std::vector<std::string>{"/a/b"});
  using Path = std::vector<std::string>;
  EXPECT_TRUE(policy.IsIndexed(Path{"a"}));
  EXPECT_FALSE(policy.IsIndexed(Path{"a", "b"}));
  EXPECT_FALSE(policy.IsIndexed(Path{"a", "b", "c"}));
  EXPECT_TRUE(policy.IsIndexed(Path{"a", "bc"}));
  EXPECT_TRUE(policy.IsIndexed(Path{"b"}));
  EXPECT_FALSE(policy.IsIndexed(Path{}));
}

TEST(IndexDiffTest, NamesOnlyWhatChanged) {
  const std::string before =
      FromJson(R"({"a": 1, "b": {"c": "x", "d": 2}, "e": 3})");
  const std::string after =
      FromJson(R"({"a": 1.0, "b": {"c": "y", "d": 2}, "f": 4})");
  const EntryChanges changes =
      DiffTwins(IndexPolicy(), ValueView(before), {}, ValueView(after), {});
  EXPECT_THAT(PathsOf(changes.removed), ElementsAre("/b/c", "/e"));
  EXPECT_THAT(PathsOf(changes.added), ElementsAre("/b/c", "/f"));
}

TEST(IndexDiffTest, FindsNothingInEqualStates) {
  const std::string state = FromJson(R"({"a": [1], "b": {"c": null}})");
  const std::string other_array = FromJson(R"({"a": [2], "b": {"c": null}})");
  const EntryChanges same = DiffTwins(IndexPolicy(), ValueView(state), {},
                                      ValueView(other_array), {});
  EXPECT_THAT(same.removed, IsEmpty());
  EXPECT_THAT(same.added, IsEmpty());
}

Value RandomMap(std::mt19937& random, int depth) {
  Value map = Value::MakeMap();
  for (auto i = random() % 5; i > 0; --i) {
    const std::string name(1, static_cast<char>('a' + random() % 4));
    switch (random() % (depth > 0 ? 5 : 4)) {
      case 0:
        map.Set(name, Value::Int(static_cast<int64_t>(random() % 3)));
        break;
      case 1:
        map.Set(name, Value::Double(static_cast<double>(random() % 3)));
        break;
      case 2:
        map.Set(name, Value::String(std::string(random() % 3, 's')));
        break;
      case 3:
        map.Set(name, Value::MakeList({Value::Int(1)}));
        break;
      default:
        map.Set(name, RandomMap(random, depth - 1));
    }
  }
  return map;
}

std::vector<IndexEntry> Sorted(std::vector<IndexEntry> entries) {
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<IndexEntry> Without(std::vector<IndexEntry> entries,
                                const std::vector<IndexEntry>& others) {
  for (const IndexEntry& other : others) {
    const auto found = std::find(entries.begin(), entries.end(), other);
    EXPECT_NE(found, entries.end()) << other.path << " was not there";
    if (found != entries.end()) {
      entries.erase(found);
    }
  }
  return entries;
}

TEST(IndexDiffTest, TurnsTheEntriesOfOneStateIntoThoseOfTheOther) {
  std::mt19937 random(7);
  const IndexPolicy policy(std::vector<std::string>{"/a/b", "/$device/c"});
  for (int i = 0; i < 3'000; ++i) {
    const bool had_device = random() % 2 == 0;
    const bool has_device = random() % 2 == 0;
    const std::string before = Encoded(RandomMap(random, 3));
    const std::string after = Encoded(RandomMap(random, 3));
    const std::string old_device =
        had_device ? Encoded(RandomMap(random, 2)) : "";
    const std::string new_device =
        has_device ? Encoded(RandomMap(random, 2)) : "";
    const EntryChanges changes =
        DiffTwins(policy, ValueView(before), ValueView(old_device),
                  ValueView(after), ValueView(new_device));
    std::vector<IndexEntry> entries =
        Without(EntriesOfTwin(policy, ValueView(before), ValueView(old_device)),
                changes.removed);
    for (const IndexEntry& entry : changes.added) {
      // An added row must not be one that stays: its revision would change.
      EXPECT_EQ(std::count(entries.begin(), entries.end(), entry), 0);
      entries.push_back(entry);
    }
    EXPECT_EQ(Sorted(entries), Sorted(EntriesOfTwin(policy, ValueView(after),
                                                    ValueView(new_device))));
  }
}

}  // namespace
}  // namespace twingraph::graph

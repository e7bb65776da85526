// Covered by tests/storage/graph/index_rows_test.cc.
#include "storage/graph/index_entries.h"

#include <set>

#include "storage/graph/property_path.h"
#include "storage/key/ordered_codec.h"

namespace twingraph::graph {
namespace {

// Walks down values and notes their entries. `path` is one buffer that grows
// and shrinks with the depth.
class Walk {
 public:
  Walk(const IndexPolicy& policy, absl::string_view path)
      : policy_(policy), path_(path) {}

  // Notes `value`, which stands at `name` below the current path.
  void Add(absl::string_view name, ValueView value,
           std::vector<IndexEntry>& entries) {
    const size_t length = Enter(name);
    if (!policy_.IsListed(path_)) {
      AddHere(value, entries);
    }
    path_.resize(length);
  }

  void AddMembers(ValueView map, std::vector<IndexEntry>& entries) {
    for (size_t i = 0; i < map.size(); ++i) {
      const auto [name, value] = map.entry(i);
      Add(name, value, entries);
    }
  }

  // Notes how one place changed; an undefined side is absent.
  void Diff(absl::string_view name, ValueView before, ValueView after,
            EntryChanges& changes) {
    if (before.bytes() == after.bytes()) {
      return;
    }
    const size_t length = Enter(name);
    if (!policy_.IsListed(path_)) {
      DiffHere(before, after, changes);
    }
    path_.resize(length);
  }

  // Two maps side by side, in the order of their keys.
  void DiffMembers(ValueView before, ValueView after, EntryChanges& changes) {
    size_t i = 0;
    size_t j = 0;
    while (i < before.size() || j < after.size()) {
      const bool has_old = i < before.size();
      const bool has_new = j < after.size();
      const auto old_entry = has_old ? before.entry(i) : Entry();
      const auto new_entry = has_new ? after.entry(j) : Entry();
      const bool takes_old =
          has_old && (!has_new || old_entry.first <= new_entry.first);
      const bool takes_new =
          has_new && (!has_old || new_entry.first <= old_entry.first);
      Diff(takes_old ? old_entry.first : new_entry.first,
           takes_old ? old_entry.second : ValueView(),
           takes_new ? new_entry.second : ValueView(), changes);
      i += takes_old ? 1 : 0;
      j += takes_new ? 1 : 0;
    }
  }

 private:
  using Entry = std::pair<absl::string_view, ValueView>;

  size_t Enter(absl::string_view name) {
    const size_t length = path_.size();
    AppendPathPart(name, path_);
    return length;
  }

  void AddHere(ValueView value, std::vector<IndexEntry>& entries) {
    IndexEntry& entry = entries.emplace_back();
    entry.path = path_;
    key::AppendOrdered(value, entry.ordered);
    if (value.kind() == ValueKind::kMap) {
      AddMembers(value, entries);
    }
  }

  void DiffHere(ValueView before, ValueView after, EntryChanges& changes) {
    if (IsMap(before) && IsMap(after)) {
      DiffMembers(before, after, changes);
      return;
    }
    std::vector<IndexEntry> removed;
    std::vector<IndexEntry> added;
    if (before.is_defined()) {
      AddHere(before, removed);
    }
    if (after.is_defined()) {
      AddHere(after, added);
    }
    // 1 and 1.0, or two arrays, have the same entry.
    if (removed == added) {
      return;
    }
    MoveTo(std::move(removed), changes.removed);
    MoveTo(std::move(added), changes.added);
  }

  static bool IsMap(ValueView value) {
    return value.is_defined() && value.kind() == ValueKind::kMap;
  }

  static void MoveTo(std::vector<IndexEntry> from,
                     std::vector<IndexEntry>& to) {
    for (IndexEntry& entry : from) {
      to.push_back(std::move(entry));
    }
  }

  const IndexPolicy& policy_;
  std::string path_;
};

constexpr char kDeviceName[] = "$device";  // kDevicePath without the slash

}  // namespace

std::vector<IndexEntry> EntriesOfMembers(const IndexPolicy& policy,
                                         absl::string_view path,
                                         ValueView map) {
  std::vector<IndexEntry> entries;
  if (map.is_defined()) {
    Walk(policy, path).AddMembers(map, entries);
  }
  return entries;
}

std::vector<IndexEntry> EntriesOfTwin(const IndexPolicy& policy,
                                      ValueView contents, ValueView device) {
  std::vector<IndexEntry> entries = EntriesOfMembers(policy, "", contents);
  if (device.is_defined()) {
    Walk(policy, "").Add(kDeviceName, device, entries);
  }
  return entries;
}

EntryChanges DiffTwins(const IndexPolicy& policy, ValueView old_contents,
                       ValueView old_device, ValueView new_contents,
                       ValueView new_device) {
  EntryChanges changes;
  Walk walk(policy, "");
  walk.DiffMembers(old_contents, new_contents, changes);
  walk.Diff(kDeviceName, old_device, new_device, changes);
  return changes;
}

EntryChanges DiffMembers(const IndexPolicy& policy, ValueView old_map,
                         ValueView new_map) {
  EntryChanges changes;
  Walk(policy, "").DiffMembers(old_map, new_map, changes);
  return changes;
}

std::vector<IndexEntry> EntriesWithout(std::vector<IndexEntry> entries,
                                       const std::vector<IndexEntry>& others) {
  const std::set<IndexEntry> known(others.begin(), others.end());
  std::erase_if(entries,
                [&](const IndexEntry& each) { return known.contains(each); });
  return entries;
}

}  // namespace twingraph::graph

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status_macros.h"
#include "tests/support/difference.h"
#include "tests/support/store_model.h"

namespace twingraph {
namespace {

struct ScannedRow {
  size_t range = 0;
  std::string key;
  kv::Row row;
};

std::string ScannedText(const ScannedRow& row) {
  return absl::StrCat(row.range, ":",
                      absl::CHexEscape(absl::string_view(row.key)), "=",
                      Text(row.row));
}

// What a scan of the ranges has to yield.
std::vector<ScannedRow> ScanRows(const std::map<std::string, kv::Row>& rows,
                                 const std::vector<kv::Range>& ranges,
                                 bool ascending) {
  std::vector<ScannedRow> scanned;
  for (size_t i = 0; i < ranges.size(); ++i) {
    const auto begin = static_cast<ptrdiff_t>(scanned.size());
    for (const auto& [key, row] : rows) {
      if (ranges[i].Contains(key)) {
        scanned.push_back({i, key, row});
      }
    }
    if (!ascending) {
      std::reverse(scanned.begin() + begin, scanned.end());
    }
  }
  return scanned;
}

}  // namespace

std::optional<kv::Row> StoreModel::FindRow(const Rows& rows,
                                           const std::string& key) {
  const auto found = rows.find(key);
  return found == rows.end() ? std::nullopt
                             : std::optional<kv::Row>(found->second);
}

absl::StatusOr<std::unique_ptr<commit::Reader>> StoreModel::OpenReader(
    const World** world, bool* is_newest) {
  const auto chosen = RandomIn(worlds_);
  const uint64_t dice = Random(4);
  *is_newest = dice < 2;
  if (*is_newest) {
    *world = &worlds_.rbegin()->second;
    if (dice == 0) {
      return store_->Newest();
    }
    return store_->OpenSnapshot(ctx_);
  }
  *world = &chosen->second;
  return store_->ReaderAt(ctx_, chosen->first);
}

absl::Status StoreModel::ReadOne() {
  const World* world = nullptr;
  bool is_newest = false;
  ASSIGN_OR_RETURN(const auto reader, OpenReader(&world, &is_newest));
  kv::SpaceId space = RandomSpace();
  if (space == kIndex && !is_newest) {
    space = kFacts;  // an index has no history
  }
  const auto found = world->find(space);
  const Rows rows = found == world->end() ? Rows() : found->second;
  const std::string key = RandomKey(space);
  ASSIGN_OR_RETURN(const auto row, reader->Get(ctx_, space, key));
  if (row != FindRow(rows, key)) {
    return Difference(absl::StrCat("get at ", reader->revision()),
                      Text(FindRow(rows, key)), Text(row));
  }
  const std::vector<std::string> keys = {RandomKey(space), key,
                                         RandomKey(space), key};
  ASSIGN_OR_RETURN(const auto many, reader->MultiGet(ctx_, space, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    if (many[i] != FindRow(rows, keys[i])) {
      return Difference(absl::StrCat("multi-get at ", reader->revision()),
                        Text(FindRow(rows, keys[i])), Text(many[i]));
    }
  }
  return absl::OkStatus();
}

absl::Status StoreModel::CheckScan(const commit::Reader& reader,
                                   const Rows& rows, kv::SpaceId space) {
  std::vector<kv::Range> ranges;
  for (uint64_t i = Random(2) == 0 ? 1 : Random(5); i > 0; --i) {
    ranges.push_back(RandomRange(space));
  }
  const kv::Order order =
      Random(2) == 0 ? kv::Order::kAscending : kv::Order::kDescending;
  const bool ascending = order == kv::Order::kAscending;
  const std::vector<ScannedRow> expected = ScanRows(rows, ranges, ascending);
  const auto cursor = reader.MultiScan(ctx_, space, ranges, order);
  size_t range = 0;  // of the last row
  for (size_t next = 0;;) {
    if (Random(8) == 0) {
      const std::string target = RandomKey(space);
      cursor->Seek(target);
      while (next < expected.size() && expected[next].range == range &&
             (ascending ? expected[next].key < target
                        : expected[next].key > target)) {
        ++next;
      }
    }
    const bool has_row = cursor->Next();
    const std::string actual =
        has_row ? ScannedText({cursor->range(), std::string(cursor->key()),
                               kv::Row{std::string(cursor->value()),
                                       cursor->revision()}})
                : "(end)";
    const std::string wanted =
        next < expected.size() ? ScannedText(expected[next]) : "(end)";
    if (actual != wanted) {
      return Difference(
          absl::StrCat("scan of space ", space, " at ", reader.revision(),
                       ascending ? " ascending" : " descending"),
          wanted, actual);
    }
    if (!has_row) {
      return cursor->status();
    }
    range = cursor->range();
    ++next;
  }
}

absl::Status StoreModel::ReadRange() {
  const World* world = nullptr;
  bool is_newest = false;
  ASSIGN_OR_RETURN(const auto reader, OpenReader(&world, &is_newest));
  kv::SpaceId space = RandomSpace();
  if (space == kIndex && !is_newest) {
    space = kEdges;
  }
  const auto found = world->find(space);
  return CheckScan(*reader, found == world->end() ? Rows() : found->second,
                   space);
}

absl::Status StoreModel::ReadTime() {
  // Times of all commits since the floor are known, the store's own aside.
  const auto& times = floor_.times();
  const auto chosen = RandomIn(times);
  ASSIGN_OR_RETURN(const kv::Revision found,
                   store_->RevisionAt(ctx_, chosen->second));
  // No commit comes whose time this is too.
  earliest_ = std::max(earliest_, chosen->second + absl::Nanoseconds(1));
  const auto next = times.upper_bound(found);
  const bool is_right = found >= chosen->first &&
                        (next == times.end() || next->second > chosen->second);
  return is_right
             ? absl::OkStatus()
             : Difference("revision at a time", absl::StrCat(chosen->first),
                          absl::StrCat(found));
}

}  // namespace twingraph

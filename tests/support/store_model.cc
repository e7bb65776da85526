#include "tests/support/store_model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status_macros.h"
#include "storage/kv/counter.h"

namespace twingraph {
namespace {

using commit::Transaction;

// Worlds that the model keeps at most: whole copies, so not many.
constexpr size_t kWorlds = 40;

std::string Text(const kv::Row& row) {
  return absl::StrCat(absl::CEscape(absl::string_view(row.value)), "@",
                      row.revision);
}

std::string Text(const std::optional<kv::Row>& row) {
  return row.has_value() ? Text(*row) : "(none)";
}

absl::Status Difference(absl::string_view what, absl::string_view expected,
                        absl::string_view actual) {
  return absl::InternalError(
      absl::StrCat(what, ": expected ", expected, ", got ", actual));
}

std::optional<kv::Row> Find(const std::map<std::string, kv::Row>& rows,
                            const std::string& key) {
  const auto found = rows.find(key);
  return found == rows.end() ? std::nullopt
                             : std::optional<kv::Row>(found->second);
}

struct ScannedRow {
  size_t range = 0;
  std::string key;
  kv::Row row;
};

std::string Text(const ScannedRow& row) {
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

StoreModel::StoreModel(const Options& options)
    : options_(options), random_(options.seed) {}

absl::Status StoreModel::Open() {
  commit::StoreOptions options;
  options.clock = &clock_;
  options.maintenance_interval = absl::ZeroDuration();
  options.durability = kv::Durability::kOs;
  options.window_keys = 64;
  store_.reset();
  ASSIGN_OR_RETURN(
      store_, commit::Store::Open(
                  ctx_, OpenTestEngine(options_.engine, options_.directory),
                  options, {}));
  if (worlds_.empty()) {
    worlds_[store_->head()->revision] = {};
    times_[store_->head()->revision] = store_->head()->time;
  }
  return absl::OkStatus();
}

absl::Status StoreModel::Run(int64_t count) {
  if (store_ == nullptr) {
    RETURN_IF_ERROR(Open());
  }
  for (int64_t i = 0; i < count; ++i) {
    if (absl::Status status = Step(); !status.ok()) {
      return absl::Status(
          status.code(), absl::StrCat("operation ", i, ", seed ", options_.seed,
                                      ": ", status.message()));
    }
  }
  return absl::OkStatus();
}

absl::Status StoreModel::Step() {
  const uint64_t dice = Random(1000);
  if (dice < 400) {
    return Commit();
  }
  if (dice < 800) {
    return ReadOne();
  }
  if (dice < 980) {
    return ReadRange();
  }
  if (dice < 990) {
    return ReadTime();
  }
  return dice < 997 ? Trim() : Housekeeping();
}

kv::SpaceId StoreModel::RandomSpace() {
  constexpr kv::SpaceId kSpaces[] = {kFacts, kEdges, kIndex, kCounter};
  return kSpaces[Random(4)];
}

// Few keys, so that they meet; with zero bytes and prefixes of each other.
std::string StoreModel::RandomKey(kv::SpaceId space) {
  constexpr absl::string_view kBytes("\x00\x01\x61\x62\xFE\xFF", 6);
  std::string key =
      space == kEdges ? std::string(1, kBytes[Random(6)]) + "p" : std::string();
  for (uint64_t i = Random(3) + (space == kCounter ? 1 : 0); i > 0; --i) {
    key.push_back(kBytes[Random(6)]);
  }
  return key;
}

kv::Range StoreModel::RandomRange(kv::SpaceId space) {
  switch (Random(4)) {
    case 0:
      return kv::Range::All();
    case 1:
      return kv::Range::Prefix(RandomKey(space));
    case 2:
      return {RandomKey(space), RandomKey(space)};
    default:
      return kv::Range::Prefix(RandomKey(space).substr(0, 2));
  }
}

absl::Status StoreModel::Write(
    Transaction& transaction, World& world,
    std::vector<std::pair<kv::SpaceId, std::string>>& keys) {
  const kv::SpaceId space = RandomSpace();
  const std::string key = RandomKey(space);
  Rows& rows = world[space];
  keys.emplace_back(space, key);
  if (Random(3) == 0) {
    ASSIGN_OR_RETURN(const auto row,
                     transaction.GetForUpdate(ctx_, space, key));
    const std::optional<kv::Row> expected = Find(rows, key);
    if (row != expected) {
      return Difference("read for update", Text(expected), Text(row));
    }
  }
  if (Random(4) == 0) {
    rows.erase(key);
    return transaction.Delete(space, key);
  }
  if (space == kCounter) {
    const auto delta = static_cast<int64_t>(Random(100)) - 50;
    const std::optional<kv::Row> before = Find(rows, key);
    const int64_t number =
        before.has_value() ? *kv::DecodeCounter(before->value) : 0;
    rows[key] = {kv::EncodeCounter(number + delta), 0};
    return transaction.Increment(space, key, delta);
  }
  if (Random(6) == 0) {
    keys.pop_back();
    return transaction.Touch(space, key);
  }
  std::string value = std::string(Random(40), 'v') + std::to_string(Random(9));
  rows[key] = {value, 0};
  return transaction.Put(space, key, value);
}

absl::Status StoreModel::CheckOwnReads(const Transaction& transaction,
                                       const World& world) {
  const kv::SpaceId space = RandomSpace();
  const auto found = world.find(space);
  return CheckScan(transaction, found == world.end() ? Rows() : found->second,
                   space);
}

absl::Status StoreModel::Commit() {
  clock_.Advance(absl::Milliseconds(Random(1000)));
  World world;
  std::vector<std::pair<kv::SpaceId, std::string>> keys;
  const auto body = [&](Transaction& transaction) -> absl::Status {
    world = worlds_.rbegin()->second;
    keys.clear();
    for (uint64_t i = Random(6); i > 0; --i) {
      RETURN_IF_ERROR(Write(transaction, world, keys));
    }
    if (Random(5) == 0) {
      RETURN_IF_ERROR(CheckOwnReads(transaction, world));
    }
    if (Random(10) == 0) {
      const uint64_t count = 1 + Random(700);
      ASSIGN_OR_RETURN(const uint64_t first,
                       transaction.ReserveNumbers(ctx_, kNumber, "n", count));
      if (first <= last_number_) {
        return Difference("number", absl::StrCat("> ", last_number_),
                          absl::StrCat(first));
      }
      last_number_ = first + count - 1;
      RETURN_IF_ERROR(transaction.Touch(kNumber, "user"));
    }
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   store_->RunTransaction(ctx_, {}, body));
  if (info.revision == worlds_.rbegin()->first) {
    return absl::OkStatus();  // wrote nothing
  }
  for (const auto& [space, key] : keys) {
    const auto row = world[space].find(key);
    if (row != world[space].end()) {
      row->second.revision = info.revision;
    }
  }
  worlds_[info.revision] = std::move(world);
  times_[info.revision] = info.time;
  if (worlds_.size() > kWorlds) {
    // Gives up one at random, never the newest: old ones stay too.
    auto victim = worlds_.begin();
    std::advance(victim, Random(worlds_.size() - 1));
    worlds_.erase(victim);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<commit::Reader>> StoreModel::OpenReader(
    const World** world, bool* is_newest) {
  auto chosen = worlds_.begin();
  std::advance(chosen, Random(worlds_.size()));
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
  if (row != Find(rows, key)) {
    return Difference(absl::StrCat("get at ", reader->revision()),
                      Text(Find(rows, key)), Text(row));
  }
  const std::vector<std::string> keys = {RandomKey(space), key,
                                         RandomKey(space), key};
  ASSIGN_OR_RETURN(const auto many, reader->MultiGet(ctx_, space, keys));
  for (size_t i = 0; i < keys.size(); ++i) {
    if (many[i] != Find(rows, keys[i])) {
      return Difference(absl::StrCat("multi-get at ", reader->revision()),
                        Text(Find(rows, keys[i])), Text(many[i]));
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
        has_row ? Text(ScannedRow{cursor->range(), std::string(cursor->key()),
                                  kv::Row{std::string(cursor->value()),
                                          cursor->revision()}})
                : "(end)";
    const std::string wanted =
        next < expected.size() ? Text(expected[next]) : "(end)";
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
  auto chosen = times_.begin();
  std::advance(chosen, Random(times_.size()));
  if (chosen->first < store_->OldestRevision()) {
    return absl::OkStatus();
  }
  const absl::StatusOr<kv::Revision> found =
      store_->RevisionAt(ctx_, chosen->second);
  RETURN_IF_ERROR(found.status());
  const auto next = times_.upper_bound(*found);
  const bool is_right = *found >= chosen->first &&
                        (next == times_.end() || next->second > chosen->second);
  return is_right
             ? absl::OkStatus()
             : Difference("revision at a time", absl::StrCat(chosen->first),
                          absl::StrCat(*found));
}

absl::Status StoreModel::Trim() {
  auto floor = worlds_.begin();
  std::advance(floor, Random(worlds_.size()));
  const kv::Revision target = floor->first;
  World newest = worlds_.rbegin()->second;
  RETURN_IF_ERROR(store_->TrimBefore(ctx_, target));
  worlds_.erase(worlds_.begin(), worlds_.find(target));
  times_.erase(times_.begin(), times_.lower_bound(target));
  // The trim is a commit of its own.
  worlds_[store_->head()->revision] = std::move(newest);
  times_[store_->head()->revision] = store_->head()->time;
  if (store_->OldestRevision() != target) {
    return Difference("oldest revision", absl::StrCat(target),
                      absl::StrCat(store_->OldestRevision()));
  }
  if (target == 0) {
    return absl::OkStatus();
  }
  const auto expired = store_->ReaderAt(ctx_, target - 1);
  return expired.status().code() == absl::StatusCode::kOutOfRange
             ? absl::OkStatus()
             : Difference("reader below the floor", "OUT_OF_RANGE",
                          expired.status().ToString());
}

absl::Status StoreModel::Housekeeping() {
  switch (Random(3)) {
    case 0:
      return store_->engine().Flush();
    case 1:
      return store_->engine().Compact(ctx_);
    default:
      break;
  }
  return options_.engine == EngineKind::kRocks ? Open() : absl::OkStatus();
}

}  // namespace twingraph

#include "tests/support/store_model.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status_macros.h"
#include "storage/kv/counter.h"
#include "tests/support/difference.h"

namespace twingraph {
namespace {

using commit::Transaction;

// Worlds that the model keeps at most: whole copies, so not many.
constexpr size_t kWorlds = 40;

// Some hundred operations each, so that much is met on both sides of them.
constexpr absl::Duration kAge = absl::Seconds(30);
constexpr absl::Duration kRequestWindow = absl::Seconds(60);

}  // namespace

StoreModel::StoreModel(const Options& options)
    : options_(options),
      random_(options.seed),
      floor_(kAge),
      requests_(kRequestWindow) {}

absl::Status StoreModel::Open() {
  commit::StoreOptions options;
  options.clock = &clock_;
  options.maintenance_interval = absl::ZeroDuration();
  options.retention = {
      .time = kAge, .bytes = 0, .minimum = absl::ZeroDuration()};
  options.request_window = kRequestWindow;
  options.durability = kv::Durability::kOs;
  options.window_keys = 64;
  pins_.clear();
  store_.reset();
  ASSIGN_OR_RETURN(
      store_, commit::Store::Open(
                  ctx_, OpenTestEngine(options_.engine, options_.directory),
                  options, {}));
  floor_.Reopen();
  if (worlds_.empty()) {
    worlds_[0] = {};
    return NoteQuietCommits();
  }
  earliest_ = std::max(earliest_, store_->head()->time + absl::Nanoseconds(1));
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
  struct Operation {
    int share = 0;
    absl::Status (StoreModel::*run)();
  };

  constexpr Operation kOperations[] = {
      {350, &StoreModel::Commit},     {40, &StoreModel::Request},
      {390, &StoreModel::ReadOne},    {175, &StoreModel::ReadRange},
      {10, &StoreModel::ReadTime},    {10, &StoreModel::PinOrRelease},
      {10, &StoreModel::CheckPinned}, {3, &StoreModel::SetClock},
      {4, &StoreModel::Maintain},     {5, &StoreModel::Trim},
      {3, &StoreModel::Housekeeping},
  };
  auto dice = static_cast<int>(Random(1000));
  const Operation* operation = kOperations;
  for (; dice >= operation->share; ++operation) {
    dice -= operation->share;
  }
  return (this->*operation->run)();
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

absl::Status StoreModel::WriteOne(Transaction& transaction, Draft& draft) {
  const kv::SpaceId space = RandomSpace();
  const std::string key = RandomKey(space);
  Rows& rows = draft.world[space];
  draft.keys.emplace_back(space, key);
  if (Random(3) == 0) {
    ASSIGN_OR_RETURN(const auto row,
                     transaction.GetForUpdate(ctx_, space, key));
    const std::optional<kv::Row> expected = FindRow(rows, key);
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
    const std::optional<kv::Row> before = FindRow(rows, key);
    const int64_t number =
        before.has_value() ? *kv::DecodeCounter(before->value) : 0;
    rows[key] = {kv::EncodeCounter(number + delta), 0};
    return transaction.Increment(space, key, delta);
  }
  if (Random(6) == 0) {
    draft.keys.pop_back();
    return transaction.Touch(space, key);
  }
  std::string value = std::string(Random(40), 'v') + std::to_string(Random(9));
  rows[key] = {value, 0};
  return transaction.Put(space, key, value);
}

absl::Status StoreModel::TakeNumbers(Transaction& transaction) {
  const uint64_t count = 1 + Random(700);
  ASSIGN_OR_RETURN(const uint64_t first,
                   transaction.ReserveNumbers(ctx_, kNumber, "n", count));
  if (first <= last_number_) {
    return Difference("number", absl::StrCat("> ", last_number_),
                      absl::StrCat(first));
  }
  last_number_ = first + count - 1;
  return transaction.Touch(kNumber, "user");
}

absl::Status StoreModel::CheckOwnReads(const Transaction& transaction,
                                       const World& world) {
  const kv::SpaceId space = RandomSpace();
  const auto found = world.find(space);
  return CheckScan(transaction, found == world.end() ? Rows() : found->second,
                   space);
}

absl::Status StoreModel::WriteSome(Transaction& transaction, Draft& draft) {
  draft = {.world = worlds_.rbegin()->second, .keys = {}};
  for (uint64_t i = Random(6); i > 0; --i) {
    RETURN_IF_ERROR(WriteOne(transaction, draft));
  }
  if (Random(5) == 0) {
    RETURN_IF_ERROR(CheckOwnReads(transaction, draft.world));
  }
  return Random(10) == 0 ? TakeNumbers(transaction) : absl::OkStatus();
}

absl::Status StoreModel::Commit() {
  clock_.Advance(absl::Milliseconds(Random(1000)));
  Draft draft;
  ASSIGN_OR_RETURN(const commit::CommitInfo info,
                   store_->RunTransaction(ctx_, {}, [&](Transaction& tx) {
                     return WriteSome(tx, draft);
                   }));
  return NoteCommit(info, std::move(draft));
}

absl::Status StoreModel::NoteCommit(const commit::CommitInfo& info,
                                    Draft draft) {
  if (info.revision == worlds_.rbegin()->first) {
    return absl::OkStatus();  // wrote nothing
  }
  for (const auto& [space, key] : draft.keys) {
    const auto row = draft.world[space].find(key);
    if (row != draft.world[space].end()) {
      row->second.revision = info.revision;
    }
  }
  RETURN_IF_ERROR(CheckTime(info.time));
  floor_.NoteCommit(info.revision, info.time);
  worlds_[info.revision] = std::move(draft.world);
  if (worlds_.size() > kWorlds) {
    ForgetWorld();
  }
  return absl::OkStatus();
}

// Gives up one at random, neither the newest nor one that is pinned: old ones
// stay too.
void StoreModel::ForgetWorld() {
  auto victim = worlds_.begin();
  std::advance(victim, Random(worlds_.size() - 1));
  const bool is_pinned =
      std::any_of(pins_.begin(), pins_.end(), [victim](const commit::Pin& pin) {
        return pin.revision() == victim->first;
      });
  if (!is_pinned) {
    worlds_.erase(victim);
  }
}

absl::Status StoreModel::NoteQuietCommits() {
  const auto head = store_->head();
  if (head->revision == worlds_.rbegin()->first) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CheckTime(head->time));
  floor_.NoteCommit(head->revision, head->time);
  World newest = worlds_.rbegin()->second;
  worlds_[head->revision] = std::move(newest);
  return absl::OkStatus();
}

absl::Status StoreModel::CheckTime(absl::Time time) {
  const absl::Time expected = std::max(earliest_, clock_.Now());
  if (time != expected) {
    return Difference("commit time", absl::FormatTime(expected),
                      absl::FormatTime(time));
  }
  earliest_ = time;
  return absl::OkStatus();
}

}  // namespace twingraph

#include "storage/graph/repair_indexes.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/fact_walk.h"
#include "storage/graph/owned_keys.h"
#include "storage/graph/parts.h"
#include "storage/graph/scan_rows.h"
#include "storage/graph/sequence_limits.h"
#include "storage/key/dict_key.h"
#include "storage/key/key_space.h"
#include "storage/kv/counter.h"

namespace twingraph::graph {
namespace {

// Rows that are looked up together.
constexpr size_t kBatch = 1024;
// Repairs of one commit.
constexpr size_t kRepairsPerCommit = 500;

// A row to write or to delete, as long as another row is as it was seen: the
// fact that needs it, or for one that belongs to nobody the row itself. Whoever
// changes the fact changes what it needs with it, and whoever needs the row
// writes it.
struct Repair {
  kv::SpaceId space = 0;
  std::string key;
  std::optional<std::string> value;  // nullopt: delete
  kv::SpaceId seen_space = 0;
  std::string seen_key;
  Revision seen_revision = 0;
};

// Makes repairs in commits.
class Repairer {
 public:
  Repairer(const Context& ctx, GraphStore& store, RepairReport& report)
      : ctx_(ctx), store_(store), report_(report) {}

  absl::Status Add(Repair repair) {
    repairs_.push_back(std::move(repair));
    return repairs_.size() < kRepairsPerCommit ? absl::OkStatus() : Commit();
  }

  absl::Status Commit() {
    RepairReport made;
    RETURN_IF_ERROR(store_.commits()
                        .RunTransaction(ctx_, {},
                                        [&](commit::Transaction& transaction) {
                                          made = {};
                                          return MakeAll(transaction, made);
                                        })
                        .status());
    report_.rows_written += made.rows_written;
    report_.rows_deleted += made.rows_deleted;
    repairs_.clear();
    return absl::OkStatus();
  }

  // Adds to counters. Those who count meanwhile are not disturbed.
  absl::Status Count(const absl::btree_map<std::string, int64_t>& deltas) {
    if (deltas.empty()) {
      return absl::OkStatus();
    }
    report_.counters_changed += static_cast<int64_t>(deltas.size());
    return store_.commits()
        .RunTransaction(ctx_, {},
                        [&](commit::Transaction& transaction) -> absl::Status {
                          for (const auto& [counter, delta] : deltas) {
                            RETURN_IF_ERROR(transaction.Increment(
                                key::kCounterSpace, counter, delta));
                          }
                          return absl::OkStatus();
                        })
        .status();
  }

 private:
  absl::Status MakeAll(commit::Transaction& transaction, RepairReport& made) {
    absl::flat_hash_set<std::pair<kv::SpaceId, std::string>> done;
    for (const Repair& repair : repairs_) {
      if (done.insert({repair.space, repair.key}).second) {
        RETURN_IF_ERROR(Make(transaction, repair, made));
      }
    }
    return absl::OkStatus();
  }

  absl::Status Make(commit::Transaction& transaction, const Repair& repair,
                    RepairReport& made) {
    ASSIGN_OR_RETURN(
        const std::optional<kv::Row> seen,
        transaction.GetForUpdate(ctx_, repair.seen_space, repair.seen_key));
    if (!seen.has_value() || seen->revision != repair.seen_revision) {
      return absl::OkStatus();
    }
    ++(repair.value.has_value() ? made.rows_written : made.rows_deleted);
    return repair.value.has_value()
               ? transaction.Put(repair.space, repair.key, *repair.value)
               : transaction.Delete(repair.space, repair.key);
  }

  const Context& ctx_;
  GraphStore& store_;
  RepairReport& report_;
  std::vector<Repair> repairs_;
};

// First pass: rows that facts own and that are missing or different.
class MissingRows final : public FactSink {
 public:
  MissingRows(const Context& ctx, const GraphReader& reader, Repairer& repairer)
      : ctx_(ctx), reader_(reader), repairer_(repairer) {}

  void Begin(kv::SpaceId space, absl::string_view key,
             Revision revision) override {
    fact_.seen_space = space;
    fact_.seen_key = std::string(key);
    fact_.seen_revision = revision;
  }

  absl::Status Own(NeededRow row) override {
    ++present_[row.space];
    // What only its own row knows cannot be made again.
    if (!row.value.has_value()) {
      return absl::OkStatus();
    }
    std::vector<Repair>& batch = batches_[row.space];
    Repair& needed = batch.emplace_back(fact_);
    needed.space = row.space;
    needed.key = std::move(row.key);
    needed.value = std::move(row.value);
    return batch.size() < kBatch ? absl::OkStatus() : Flush(batch);
  }

  absl::Status Need(NeededRow /*row*/) override { return absl::OkStatus(); }

  void Count(std::string counter, int64_t delta) override {
    counters_[std::move(counter)] += delta;
  }

  void Problem(kv::SpaceId /*space*/, absl::string_view /*key*/,
               absl::string_view /*message*/) override {}

  absl::Status FlushAll() {
    for (auto& [space, batch] : batches_) {
      RETURN_IF_ERROR(Flush(batch));
    }
    return absl::OkStatus();
  }

  // Rows of a space that a fact owns and that are there.
  int64_t present(kv::SpaceId space) { return present_[space]; }

  const absl::btree_map<std::string, int64_t>& counters() const {
    return counters_;
  }

 private:
  absl::Status Flush(std::vector<Repair>& batch) {
    if (batch.empty()) {
      return absl::OkStatus();
    }
    const kv::SpaceId space = batch.front().space;
    std::vector<std::string> keys;
    keys.reserve(batch.size());
    for (const Repair& row : batch) {
      keys.push_back(row.key);
    }
    ASSIGN_OR_RETURN(const auto rows,
                     reader_.rows().MultiGet(ctx_, space, keys));
    for (size_t i = 0; i < batch.size(); ++i) {
      present_[space] -= rows[i].has_value() ? 0 : 1;
      if (!rows[i].has_value() || rows[i]->value != *batch[i].value) {
        RETURN_IF_ERROR(repairer_.Add(std::move(batch[i])));
      }
    }
    batch.clear();
    return absl::OkStatus();
  }

  const Context& ctx_;
  const GraphReader& reader_;
  Repairer& repairer_;
  Repair fact_;
  absl::flat_hash_map<kv::SpaceId, std::vector<Repair>> batches_;
  absl::flat_hash_map<kv::SpaceId, int64_t> present_;
  absl::btree_map<std::string, int64_t> counters_;
};

// Second pass, for a space that has more rows than facts own.
absl::Status DeleteStrangers(const Context& ctx, const GraphReader& reader,
                             kv::SpaceId space, Repairer& repairer) {
  OwnedKeys owned(space);
  RETURN_IF_ERROR(WalkFacts(ctx, reader, owned).status());
  return ScanRows(
      ctx, reader.rows(), space, kv::Range::All(),
      [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
        if (!owned.Contains(row.key())) {
          const std::string key(row.key());
          RETURN_IF_ERROR(repairer.Add({.space = space,
                                        .key = key,
                                        .value = std::nullopt,
                                        .seen_space = space,
                                        .seen_key = key,
                                        .seen_revision = row.revision()}));
        }
        return true;
      });
}

absl::StatusOr<int64_t> CountRows(const Context& ctx, const GraphReader& reader,
                                  kv::SpaceId space) {
  int64_t count = 0;
  RETURN_IF_ERROR(ScanRows(ctx, reader.rows(), space, kv::Range::All(),
                           [&](const kv::Cursor& /*row*/) {
                             ++count;
                             return true;
                           }));
  return count;
}

// What has to be added to the counters. Those that are no numbers are written
// anew: nobody can count in them.
absl::StatusOr<absl::btree_map<std::string, int64_t>> CounterDeltas(
    const Context& ctx, const GraphReader& reader,
    absl::btree_map<std::string, int64_t> deltas, Repairer& repairer) {
  const auto compare = [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
    const std::string key(row.key());
    int64_t& delta = deltas[key];
    const auto number = kv::DecodeCounter(row.value());
    if (number.has_value()) {
      delta -= *number;
      return true;
    }
    RETURN_IF_ERROR(repairer.Add({.space = key::kCounterSpace,
                                  .key = key,
                                  .value = kv::EncodeCounter(delta),
                                  .seen_space = key::kCounterSpace,
                                  .seen_key = key,
                                  .seen_revision = row.revision()}));
    delta = 0;
    return true;
  };
  RETURN_IF_ERROR(ScanRows(ctx, reader.rows(), key::kCounterSpace,
                           kv::Range::All(), compare));
  absl::erase_if(deltas, [](const auto& entry) { return entry.second == 0; });
  return deltas;
}

// Before all else: rows by number of names that are known by text only, which
// would be taken for strangers. A text that was cut is gone.
absl::Status RestoreNames(const Context& ctx, const GraphReader& reader,
                          Repairer& repairer) {
  return ScanRows(
      ctx, reader.rows(), key::kDictSpace, kv::Range::All(),
      [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
        key::DictKind kind{};
        std::string text;
        uint32_t number = 0;
        if (!key::DecodeDictTextRow(row.key(), row.value(), kind, text,
                                    number)) {
          return true;
        }
        const uint32_t known = reader.parts().dictionary.Find(kind, text);
        if (known != 0 && known != number) {
          return true;  // this row is the one that is wrong
        }
        const std::string key = key::EncodeDictNumberKey(kind, number);
        ASSIGN_OR_RETURN(const std::optional<kv::Row> by_number,
                         reader.rows().Get(ctx, key::kDictSpace, key));
        if (!by_number.has_value()) {
          RETURN_IF_ERROR(repairer.Add({.space = key::kDictSpace,
                                        .key = key,
                                        .value = std::move(text),
                                        .seen_space = key::kDictSpace,
                                        .seen_key = std::string(row.key()),
                                        .seen_revision = row.revision()}));
        }
        return true;
      });
}

bool IsClearable(const kv::Damage& damage) {
  return damage.is_clearable;
}

bool IsIndexOfProperties(kv::SpaceId space) {
  return space == key::kPropertyIndexSpace ||
         space == key::kRelationshipPropertyIndexSpace;
}

}  // namespace

absl::StatusOr<RepairReport> RepairIndexes(const Context& ctx,
                                           GraphStore& store) {
  RepairReport report;
  ASSIGN_OR_RETURN(const std::vector<kv::Damage> damages,
                   store.commits().engine().Verify(ctx));
  const bool anew = std::any_of(damages.begin(), damages.end(), IsClearable);
  RETURN_IF_ERROR(store.BuildIndexes(ctx, anew));
  Repairer repairer(ctx, store, report);
  {
    ASSIGN_OR_RETURN(const auto names, store.OpenSnapshot(ctx));
    RETURN_IF_ERROR(RestoreNames(ctx, *names, repairer));
    RETURN_IF_ERROR(repairer.Commit());
  }
  ASSIGN_OR_RETURN(const auto reader, store.OpenSnapshot(ctx));
  MissingRows rows(ctx, *reader, repairer);
  ASSIGN_OR_RETURN(const FactCounts facts, WalkFacts(ctx, *reader, rows));
  RETURN_IF_ERROR(rows.FlushAll());
  for (const kv::SpaceId space : kDerivedSpaces) {
    ASSIGN_OR_RETURN(const int64_t count, CountRows(ctx, *reader, space));
    if (anew && IsIndexOfProperties(space)) {
      report.rows_written += count;
    }
    if (count > rows.present(space)) {
      RETURN_IF_ERROR(DeleteStrangers(ctx, *reader, space, repairer));
    }
  }
  ASSIGN_OR_RETURN(const auto deltas,
                   CounterDeltas(ctx, *reader, rows.counters(), repairer));
  RETURN_IF_ERROR(repairer.Commit());
  RETURN_IF_ERROR(repairer.Count(deltas));
  ASSIGN_OR_RETURN(const std::vector<ShortSequence> sequences,
                   FindShortSequences(ctx, *reader, facts.highest));
  for (const ShortSequence& each : sequences) {
    RETURN_IF_ERROR(LengthenSequence(ctx, store.commits(), each));
    ++report.rows_written;
  }
  const auto rest =
      std::find_if_not(damages.begin(), damages.end(), IsClearable);
  if (rest != damages.end()) {
    return DataLoss(absl::StrCat(rest->status.message(),
                                 "; all else is repaired; what was in it is in "
                                 "a backup: twingraph-server --restore-from"),
                    {{"space", MetadataOf(rest->status, "space")},
                     {"while", MetadataOf(rest->status, "while")}});
  }
  return report;
}

}  // namespace twingraph::graph

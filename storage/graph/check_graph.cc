#include "storage/graph/check_graph.h"

#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/store.h"
#include "storage/graph/fact_walk.h"
#include "storage/graph/owned_keys.h"
#include "storage/graph/parts.h"
#include "storage/graph/scan_rows.h"
#include "storage/graph/sequence_limits.h"
#include "storage/key/key_space.h"
#include "storage/key/relationship_key.h"
#include "storage/key/twin_key.h"
#include "storage/kv/counter.h"

namespace twingraph::graph {
namespace {

// Rows that are looked up together.
constexpr size_t kBatch = 1024;

// Collects problems; keeps the first ones.
class Findings {
 public:
  Findings(CheckReport& report, size_t limit)
      : report_(report), limit_(limit) {}

  void Add(kv::SpaceId space, absl::string_view key,
           absl::string_view message) {
    Add({std::string(key::SpaceName(space)), ToHex(key), std::string(message)});
  }

  // OK for damage, which it notes, once for each space; any other error.
  absl::Status GoOn(const absl::Status& status) {
    if (!absl::IsDataLoss(status)) {
      return status;
    }
    const std::string space = MetadataOf(status, "space");
    if (unreadable_.insert(space).second) {
      Add({space, "", absl::StrCat("cannot be read: ", status.message())});
    }
    return absl::OkStatus();
  }

  // Has everything been read so far?
  bool has_all() const { return unreadable_.empty(); }

  void Add(CheckProblem problem) {
    ++report_.problem_count;
    if (report_.problems.size() < limit_) {
      report_.problems.push_back(std::move(problem));
    }
  }

 private:
  CheckReport& report_;
  absl::flat_hash_set<std::string> unreadable_;
  const size_t limit_;
};

// First pass: is every row there that facts need?
class RowChecker final : public FactSink {
 public:
  RowChecker(const Context& ctx, const GraphReader& reader, Findings& findings)
      : ctx_(ctx), reader_(reader), findings_(findings) {}

  absl::Status Own(NeededRow row) override {
    ++owned_[row.space];
    return Need(std::move(row));
  }

  absl::Status Need(NeededRow row) override {
    std::vector<NeededRow>& batch = batches_[row.space];
    batch.push_back(std::move(row));
    return batch.size() < kBatch ? absl::OkStatus() : Flush(batch);
  }

  void Count(std::string counter, int64_t delta) override {
    counters_[std::move(counter)] += delta;
  }

  absl::Status Unreadable(const absl::Status& damage) override {
    return findings_.GoOn(damage);
  }

  void Problem(kv::SpaceId space, absl::string_view key,
               absl::string_view message) override {
    findings_.Add(space, key, message);
  }

  absl::Status FlushAll() {
    for (auto& [space, batch] : batches_) {
      RETURN_IF_ERROR(Flush(batch));
    }
    return absl::OkStatus();
  }

  // Rows of a space that facts own and that are there; may be too low where a
  // row is missing.
  int64_t present(kv::SpaceId space) { return owned_[space] - missing_[space]; }

  const absl::btree_map<std::string, int64_t>& counters() const {
    return counters_;
  }

  int64_t rows_to_build() const { return rows_to_build_; }

 private:
  absl::Status Flush(std::vector<NeededRow>& batch) {
    if (batch.empty()) {
      return absl::OkStatus();
    }
    const kv::SpaceId space = batch.front().space;
    std::vector<std::string> keys;
    keys.reserve(batch.size());
    for (const NeededRow& row : batch) {
      keys.push_back(row.key);
    }
    const auto rows = reader_.rows().MultiGet(ctx_, space, keys);
    RETURN_IF_ERROR(findings_.GoOn(rows.status()));
    for (size_t i = 0; rows.ok() && i < batch.size(); ++i) {
      const std::optional<kv::Row>& row = (*rows)[i];
      if (!row.has_value() && batch[i].is_being_built) {
        ++missing_[space];
        ++rows_to_build_;
      } else if (!row.has_value()) {
        ++missing_[space];
        findings_.Add(space, keys[i],
                      "a fact needs this row, and it is not there");
      } else if (batch[i].value.has_value() && *batch[i].value != row->value) {
        findings_.Add(space, keys[i], "the row disagrees with its fact");
      }
    }
    batch.clear();
    return absl::OkStatus();
  }

  const Context& ctx_;
  const GraphReader& reader_;
  Findings& findings_;
  absl::flat_hash_map<kv::SpaceId, int64_t> owned_;
  absl::flat_hash_map<kv::SpaceId, int64_t> missing_;
  absl::flat_hash_map<kv::SpaceId, std::vector<NeededRow>> batches_;
  int64_t rows_to_build_ = 0;
  absl::btree_map<std::string, int64_t> counters_;
};

// Compares the rows of one state.
class RowCheck {
 public:
  RowCheck(const Context& ctx, const GraphReader& reader, CheckReport& report,
           Findings& findings)
      : ctx_(ctx),
        reader_(reader),
        report_(report),
        findings_(findings),
        rows_(ctx, reader, findings_) {}

  absl::Status Run() {
    ASSIGN_OR_RETURN(const FactCounts counts, WalkFacts(ctx_, reader_, rows_));
    RETURN_IF_ERROR(rows_.FlushAll());
    report_.twins = counts.twins;
    report_.relationships = counts.relationships;
    report_.models = counts.models;
    report_.rows_to_build = rows_.rows_to_build();
    for (const kv::SpaceId space : kDerivedSpaces) {
      RETURN_IF_ERROR(findings_.GoOn(CheckCount(space)));
    }
    // Documents are facts, and each belongs to another one.
    RETURN_IF_ERROR(findings_.GoOn(CheckCount(key::kModelTextSpace)));
    RETURN_IF_ERROR(findings_.GoOn(CheckCounters()));
    RETURN_IF_ERROR(findings_.GoOn(CheckSequences(counts.highest)));
    RETURN_IF_ERROR(findings_.GoOn(CheckIdMap()));
    RETURN_IF_ERROR(findings_.GoOn(CheckTopology(Direction::kOutgoing)));
    return findings_.GoOn(CheckTopology(Direction::kIncoming));
  }

 private:
  absl::Status CheckCount(kv::SpaceId space) {
    int64_t count = 0;
    RETURN_IF_ERROR(ScanRows(ctx_, reader_.rows(), space, kv::Range::All(),
                             [&](const kv::Cursor&) {
                               ++count;
                               return true;
                             }));
    report_.index_entries += count;
    return count > rows_.present(space) && findings_.has_all()
               ? FindStrangers(space)
               : absl::OkStatus();
  }

  absl::Status FindStrangers(kv::SpaceId space) {
    // Only now, because it takes memory: which ones are right?
    OwnedKeys collector(space);
    RETURN_IF_ERROR(WalkFacts(ctx_, reader_, collector).status());
    return ScanRows(ctx_, reader_.rows(), space, kv::Range::All(),
                    [&](const kv::Cursor& row) {
                      if (!collector.Contains(row.key())) {
                        findings_.Add(space, row.key(),
                                      "the row belongs to no fact");
                      }
                      return true;
                    });
  }

  absl::Status CheckCounters() {
    absl::btree_map<std::string, int64_t> stored;
    RETURN_IF_ERROR(ScanRows(
        ctx_, reader_.rows(), key::kCounterSpace, kv::Range::All(),
        [&](const kv::Cursor& row) {
          const auto number = kv::DecodeCounter(row.value());
          if (!number.has_value()) {
            findings_.Add(key::kCounterSpace, row.key(), "the row is damaged");
          }
          stored[std::string(row.key())] = number.value_or(0);
          return true;
        }));
    if (!findings_.has_all()) {
      return absl::OkStatus();
    }
    for (const auto& [counter, number] : rows_.counters()) {
      stored.try_emplace(counter, 0);
    }
    for (const auto& [counter, number] : stored) {
      const auto found = rows_.counters().find(counter);
      const int64_t counted =
          found == rows_.counters().end() ? 0 : found->second;
      if (number != counted) {
        findings_.Add(
            key::kCounterSpace, counter,
            absl::StrCat("the counter says ", number, ", there are ", counted));
      }
    }
    return absl::OkStatus();
  }

  absl::Status CheckSequences(const HighestNumbers& highest) {
    ASSIGN_OR_RETURN(const std::vector<ShortSequence> found,
                     FindShortSequences(ctx_, reader_, highest));
    for (const ShortSequence& each : found) {
      findings_.Add(key::kSequenceSpace, key::EncodeSequenceKey(each.sequence),
                    each.problem);
    }
    return absl::OkStatus();
  }

  // What memory says is only compared while nothing changed since.
  absl::Status CheckIdMap() {
    const IdMap& map = reader_.parts().id_map;
    return ScanRows(ctx_, reader_.rows(), key::kTwinIdSpace, kv::Range::All(),
                    [&](const kv::Cursor& row) {
                      TwinNumber twin{};
                      const auto known = map.Find(row.key());
                      if (key::DecodeTwinIdValue(row.value(), twin) &&
                          known != twin &&
                          map.IsExactAt(reader_.revision(), known)) {
                        findings_.Add(key::kTwinIdSpace, row.key(),
                                      "memory says something else");
                      }
                      return true;
                    });
  }

  // Only where memory can tell.
  absl::Status CheckTopology(Direction direction) {
    const bool is_outgoing = direction == Direction::kOutgoing;
    std::vector<TwinNumber> ends;
    TwinNumber twin{};
    const auto compare = [&] {
      std::vector<TwinNumber> known;
      if (reader_.parts().topology.AppendEnds(reader_.revision(), {&twin, 1},
                                              direction, NameNumber{}, known) &&
          known != ends) {
        findings_.Add(is_outgoing ? key::kOutSpace : key::kInSpace,
                      key::AdjacencyPrefix(twin), "memory says something else");
      }
      ends.clear();
    };
    RETURN_IF_ERROR(ScanRows(
        ctx_, reader_.rows(), is_outgoing ? key::kOutSpace : key::kInSpace,
        kv::Range::All(), [&](const kv::Cursor& row) {
          Edge edge;
          if (is_outgoing ? key::DecodeOutKey(row.key(), edge)
                          : key::DecodeInKey(row.key(), edge)) {
            const TwinNumber near = is_outgoing ? edge.source : edge.target;
            if (near != twin) {
              compare();
            }
            twin = near;
            ends.push_back(is_outgoing ? edge.target : edge.source);
          }
          return true;
        }));
    compare();
    return absl::OkStatus();
  }

  const Context& ctx_;
  const GraphReader& reader_;
  CheckReport& report_;
  Findings& findings_;
  RowChecker rows_;
};

}  // namespace

absl::StatusOr<CheckReport> CheckGraph(const Context& ctx,
                                       const GraphStore& store,
                                       size_t problem_limit) {
  CheckReport report;
  Findings findings(report, problem_limit);
  ASSIGN_OR_RETURN(const std::vector<kv::Damage> damages,
                   store.commits().engine().Verify(ctx));
  for (const kv::Damage& damage : damages) {
    findings.Add({MetadataOf(damage.status, "space"), "",
                  std::string(damage.status.message())});
  }
  report.revision = store.commits().head()->revision;
  const auto reader = store.OpenSnapshot(ctx);
  RETURN_IF_ERROR(findings.GoOn(reader.status()));
  if (reader.ok()) {
    report.revision = (*reader)->revision();
    RETURN_IF_ERROR(RowCheck(ctx, **reader, report, findings).Run());
  }
  return report;
}

}  // namespace twingraph::graph

#include "storage/graph/check_graph.h"

#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/store.h"
#include "storage/graph/fact_walk.h"
#include "storage/graph/owned_keys.h"
#include "storage/graph/parts.h"
#include "storage/graph/scan_rows.h"
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

  void Add(CheckProblem problem) {
    ++report_.problem_count;
    if (report_.problems.size() < limit_) {
      report_.problems.push_back(std::move(problem));
    }
  }

 private:
  CheckReport& report_;
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

 private:
  absl::Status Flush(std::vector<NeededRow>& batch) {
    if (batch.empty()) {
      return absl::OkStatus();
    }
    const kv::SpaceId space = batch.front().space;
    std::vector<std::string> keys;
    for (const NeededRow& row : batch) {
      keys.push_back(row.key);
    }
    ASSIGN_OR_RETURN(const auto rows,
                     reader_.rows().MultiGet(ctx_, space, keys));
    for (size_t i = 0; i < batch.size(); ++i) {
      if (!rows[i].has_value()) {
        ++missing_[space];
        findings_.Add(space, keys[i],
                      "a fact needs this row, and it is not there");
      } else if (batch[i].value.has_value() &&
                 *batch[i].value != rows[i]->value) {
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
  absl::btree_map<std::string, int64_t> counters_;
};

class Check {
 public:
  Check(const Context& ctx, const GraphReader& reader, size_t problem_limit)
      : ctx_(ctx),
        reader_(reader),
        findings_(report_, problem_limit),
        rows_(ctx, reader, findings_) {}

  absl::StatusOr<CheckReport> Run() {
    report_.revision = reader_.revision();
    const absl::Status bytes = reader_.parts().commits->engine().Verify(ctx_);
    if (absl::IsDataLoss(bytes)) {
      findings_.Add(
          {MetadataOf(bytes, "space"), "", std::string(bytes.message())});
    } else {
      RETURN_IF_ERROR(bytes);
    }
    const absl::Status rows = CheckRows();
    if (!rows.ok() && !(absl::IsDataLoss(rows) && absl::IsDataLoss(bytes))) {
      return rows;
    }
    return std::move(report_);
  }

 private:
  absl::Status CheckRows() {
    ASSIGN_OR_RETURN(const FactCounts counts, WalkFacts(ctx_, reader_, rows_));
    RETURN_IF_ERROR(rows_.FlushAll());
    report_.twins = counts.twins;
    report_.relationships = counts.relationships;
    report_.models = counts.models;
    for (const kv::SpaceId space : kDerivedSpaces) {
      RETURN_IF_ERROR(CheckCount(space));
    }
    RETURN_IF_ERROR(CheckCounters());
    RETURN_IF_ERROR(CheckIdMap());
    RETURN_IF_ERROR(CheckTopology(Direction::kOutgoing));
    return CheckTopology(Direction::kIncoming);
  }

  absl::Status CheckCount(kv::SpaceId space) {
    int64_t count = 0;
    RETURN_IF_ERROR(ScanRows(ctx_, reader_.rows(), space, kv::Range::All(),
                             [&](const kv::Cursor&) {
                               ++count;
                               return true;
                             }));
    report_.index_entries += count;
    return count > rows_.present(space) ? FindStrangers(space)
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

  // What memory says is only compared while nothing changed since.
  absl::Status CheckIdMap() {
    const IdMap& map = reader_.parts().id_map;
    return ScanRows(ctx_, reader_.rows(), key::kTwinIdSpace, kv::Range::All(),
                    [&](const kv::Cursor& row) {
                      TwinNumber twin{};
                      const auto known = map.Find(row.key());
                      if (key::DecodeTwinIdValue(row.value(), twin) &&
                          known != twin && map.IsExactAt(reader_.revision())) {
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
  CheckReport report_;
  Findings findings_;
  RowChecker rows_;
};

}  // namespace

absl::StatusOr<CheckReport> CheckGraph(const Context& ctx,
                                       const GraphReader& reader,
                                       size_t problem_limit) {
  return Check(ctx, reader, problem_limit).Run();
}

}  // namespace twingraph::graph

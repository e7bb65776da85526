// Covered by tests/storage/graph/graph_model_test.cc.
#include "storage/graph/index_overlay.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "storage/base/status_macros.h"
#include "storage/commit/store.h"
#include "storage/graph/change_log.h"
#include "storage/graph/fact_reads.h"
#include "storage/graph/index_rows.h"
#include "storage/graph/names.h"
#include "storage/graph/scan_rows.h"

namespace twingraph::graph {
namespace {

struct KeyAndValue {
  std::string key;
  std::string value;

  friend auto operator<=>(const KeyAndValue&, const KeyAndValue&) = default;
};

using Rows = std::vector<KeyAndValue>;

// The rows of a list from `begin` on.
Rows::const_iterator From(const Rows& rows, absl::string_view begin) {
  return std::lower_bound(rows.begin(), rows.end(), begin,
                          [](const KeyAndValue& row, absl::string_view key) {
                            return row.key < key;
                          });
}

}  // namespace

struct IndexOverlay::Past {
  std::unique_ptr<commit::Reader> snapshot;
  // By space, sorted: the rows that changed facts had.
  absl::flat_hash_map<kv::SpaceId, Rows> rows;

  const Rows& RowsOf(kv::SpaceId space) const {
    static const auto* const none = new Rows();
    const auto found = rows.find(space);
    return found == rows.end() ? *none : found->second;
  }
};

IndexOverlay::~IndexOverlay() = default;

absl::Status IndexOverlay::Scan(const Context& ctx, kv::SpaceId space,
                                const kv::Range& range, Visit visit) const {
  if (is_exact_) {
    return ScanRows(ctx, facts_, space, range, [&](const kv::Cursor& row) {
      return visit(row.key(), row.value());
    });
  }
  ASSIGN_OR_RETURN(const auto past, OpenPast(ctx));
  const Rows& extra = past->RowsOf(space);
  auto next = From(extra, range.begin);
  const auto end = range.end.empty() ? extra.end() : From(extra, range.end);
  const auto cursor = past->snapshot->Scan(ctx, space, range);
  bool has_row = cursor->Next();
  while (has_row || next < end) {
    if (next < end && (!has_row || next->key <= cursor->key())) {
      ASSIGN_OR_RETURN(const bool goes_on, visit(next->key, next->value));
      has_row =
          has_row && next->key == cursor->key() ? cursor->Next() : has_row;
      ++next;
      if (!goes_on) {
        return absl::OkStatus();
      }
      continue;
    }
    if (cursor->revision() <= facts_.revision()) {
      ASSIGN_OR_RETURN(const bool goes_on,
                       visit(cursor->key(), cursor->value()));
      if (!goes_on) {
        return absl::OkStatus();
      }
    }
    has_row = cursor->Next();
  }
  return cursor->status();
}

// Two threads may both make it; the first one's stays.
absl::StatusOr<std::shared_ptr<const IndexOverlay::Past>>
IndexOverlay::OpenPast(const Context& ctx) const {
  {
    MutexLock lock(mutex_);
    if (past_ != nullptr) {
      return past_;
    }
  }
  ASSIGN_OR_RETURN(auto made, MakePast(ctx));
  MutexLock lock(mutex_);
  if (past_ == nullptr) {
    past_ = std::move(made);
  }
  return past_;
}

absl::StatusOr<std::shared_ptr<const IndexOverlay::Past>>
IndexOverlay::MakePast(const Context& ctx) const {
  auto past = std::make_shared<Past>();
  ASSIGN_OR_RETURN(past->snapshot, parts_.commits->OpenSnapshot(ctx));
  ASSIGN_OR_RETURN(const ChangedFacts changed,
                   ChangesBetween(ctx, *parts_.commits, facts_.revision(),
                                  past->snapshot->revision()));
  const Names names(parts_.dictionary, /*pending=*/nullptr);
  const auto keep = [&](std::vector<IndexRow> rows) {
    for (IndexRow& row : rows) {
      past->rows[row.space].push_back(
          {std::move(row.key), std::move(row.value)});
    }
  };
  ASSIGN_OR_RETURN(const auto twins,
                   ReadTwins(ctx, facts_, names, changed.twins));
  for (const auto& twin : twins) {
    if (twin.has_value()) {
      keep(IndexRowsOf(*twin, parts_.index_policy, names));
    }
  }
  ASSIGN_OR_RETURN(
      const auto relationships,
      ReadRelationships(ctx, facts_, names, changed.relationships));
  for (const auto& relationship : relationships) {
    if (relationship.has_value()) {
      keep(IndexRowsOf(*relationship, parts_.index_policy, names));
    }
  }
  for (auto& [space, rows] : past->rows) {
    std::sort(rows.begin(), rows.end());
  }
  return std::shared_ptr<const Past>(std::move(past));
}

}  // namespace twingraph::graph

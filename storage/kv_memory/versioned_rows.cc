// Covered by tests/conformance/kv.
#include "storage/kv_memory/versioned_rows.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "storage/kv/history_entry.h"

namespace twingraph::kv_memory {

const kv::Row* VersionedRows::FindIn(const Chain& chain, kv::Revision at) {
  for (auto version = chain.rbegin(); version != chain.rend(); ++version) {
    if (version->group <= at) {
      return version->row.has_value() ? &*version->row : nullptr;
    }
  }
  return nullptr;
}

const kv::Row* VersionedRows::Find(kv::SpaceId space, absl::string_view key,
                                   kv::Revision at) const {
  const auto found = tables_[space].find(key);
  return found == tables_[space].end() ? nullptr : FindIn(found->second, at);
}

std::vector<KeyedRow> VersionedRows::Read(kv::SpaceId space,
                                          const kv::Range& range,
                                          kv::Order order, kv::Revision at,
                                          size_t limit) const {
  std::vector<KeyedRow> rows;
  if (range.IsEmpty()) {
    return rows;
  }
  const Table& table = tables_[space];
  const auto begin = table.lower_bound(range.begin);
  const auto end =
      range.end.empty() ? table.end() : table.lower_bound(range.end);
  const auto add = [&](const Table::value_type& entry) {
    if (const kv::Row* row = FindIn(entry.second, at)) {
      rows.push_back({entry.first, *row});
    }
    return rows.size() < limit;
  };
  if (order == kv::Order::kAscending) {
    for (auto it = begin; it != end && add(*it); ++it) {
    }
  } else {
    for (auto it = end; it != begin && add(*std::prev(it)); --it) {
    }
  }
  return rows;
}

void VersionedRows::Write(kv::SpaceId space, absl::string_view key,
                          std::optional<kv::Row> row, kv::Revision group) {
  Chain& chain = tables_[space][key];
  bytes_[space] += row.has_value() ? key.size() + row->value.size() : 0;
  if (!chain.empty() || !row.has_value()) {
    superseded_.push_back({group, space, std::string(key)});
  }
  if (!chain.empty() && chain.back().group == group) {
    const auto& old = chain.back().row;
    bytes_[space] -= old.has_value() ? key.size() + old->value.size() : 0;
    chain.back().row = std::move(row);
  } else {
    chain.push_back({group, std::move(row)});
  }
}

void VersionedRows::DropUnneeded() {
  const kv::Revision oldest =
      held_.empty() ? std::numeric_limits<kv::Revision>::max() : *held_.begin();
  while (!superseded_.empty() && superseded_.front().group <= oldest) {
    Drop(superseded_.front(), oldest);
    superseded_.pop_front();
  }
}

void VersionedRows::Drop(const Superseded& item, kv::Revision oldest) {
  const auto found = tables_[item.space].find(item.key);
  if (found == tables_[item.space].end()) {
    return;
  }
  Chain& chain = found->second;
  // The newest version that the oldest held state sees; all before it go.
  auto keep = chain.begin();
  while (keep + 1 != chain.end() && (keep + 1)->group <= oldest) {
    ++keep;
  }
  for (auto version = chain.begin(); version != keep; ++version) {
    if (version->row.has_value()) {
      bytes_[item.space] -= item.key.size() + version->row->value.size();
    }
  }
  chain.erase(chain.begin(), keep);
  if (chain.size() == 1 && !chain.front().row.has_value() &&
      chain.front().group <= oldest) {
    tables_[item.space].erase(found);
  }
}

void VersionedRows::DropHistory(kv::Revision floor) {
  Table& table = tables_[kv::kHistorySpace];
  for (auto it = table.begin(); it != table.end();) {
    if (kv::HistoryRevision(it->first) > floor) {
      ++it;
      continue;
    }
    for (const Version& version : it->second) {
      if (version.row.has_value()) {
        bytes_[kv::kHistorySpace] -=
            it->first.size() + version.row->value.size();
      }
    }
    it = table.erase(it);
  }
}

}  // namespace twingraph::kv_memory

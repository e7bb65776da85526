#include "storage/graph/record_cache.h"

#include "storage/key/key_space.h"
#include "storage/key/twin_key.h"

namespace twingraph::graph {
namespace {

// A record larger than this share of a shard is not kept.
constexpr size_t kLargestShare = 8;

// What an entry takes beside its record: its places in the map and the order.
constexpr size_t kEntryBytes = 96;

// Names of twins that have left, beyond as many as there are entries.
constexpr size_t kStaleAtMost = 64;

size_t BytesOf(const kv::Row& row) {
  return row.value.capacity() + kEntryBytes;
}

}  // namespace

std::optional<kv::Row> RecordCache::Find(TwinNumber twin, Revision revision) {
  if (shard_bytes_ == 0) {
    return std::nullopt;
  }
  Shard& shard = ShardOf(twin);
  MutexLock lock(shard.mutex);
  const auto found = shard.entries.find(ToInt(twin));
  if (found == shard.entries.end() || found->second.row.revision > revision) {
    return std::nullopt;
  }
  found->second.is_used = true;
  return found->second.row;
}

void RecordCache::Keep(TwinNumber twin, Revision revision, const kv::Row& row) {
  if (row.value.size() + kEntryBytes > shard_bytes_ / kLargestShare) {
    return;
  }
  Shard& shard = ShardOf(twin);
  MutexLock lock(shard.mutex);
  if (shard.newest > revision) {
    return;
  }
  const auto [entry, is_new] =
      shard.entries.try_emplace(ToInt(twin), Entry{.row = row});
  if (!is_new) {
    return;
  }
  shard.order.push_back(ToInt(twin));
  shard.bytes += BytesOf(entry->second.row);
  Shrink(shard);
}

size_t RecordCache::bytes() const {
  size_t bytes = 0;
  for (const Shard& shard : shards_) {
    MutexLock lock(shard.mutex);
    bytes += shard.bytes;
  }
  return bytes;
}

absl::Status RecordCache::Load(const Context& /*ctx*/,
                               const commit::Reader& reader) {
  for (Shard& shard : shards_) {
    MutexLock lock(shard.mutex);
    shard.newest = reader.revision();
  }
  return absl::OkStatus();
}

void RecordCache::Apply(const commit::GroupView& group) {
  for (size_t i = 0; i < group.record.commits.size(); ++i) {
    for (const kv::Effect& effect : group.record.commits[i].effects) {
      if (effect.space == key::kTwinSpace) {
        ApplyEffect(group.RevisionOf(i), effect);
      }
    }
  }
}

void RecordCache::ApplyEffect(Revision revision, const kv::Effect& effect) {
  TwinNumber twin{};
  if (!key::DecodeTwinKey(effect.key, twin)) {
    return;
  }
  Shard& shard = ShardOf(twin);
  MutexLock lock(shard.mutex);
  shard.newest = revision;
  const auto found = shard.entries.find(ToInt(twin));
  if (found == shard.entries.end()) {
    return;
  }
  if (effect.op != kv::EffectOp::kPut) {
    Erase(shard, ToInt(twin));
    return DropStaleOrder(shard);
  }
  shard.bytes -= BytesOf(found->second.row);
  found->second.row = {effect.value, revision};
  shard.bytes += BytesOf(found->second.row);
  Shrink(shard);
}

void RecordCache::Erase(Shard& shard, uint64_t twin) {
  const auto found = shard.entries.find(twin);
  shard.bytes -= BytesOf(found->second.row);
  shard.entries.erase(found);
}

void RecordCache::DropStaleOrder(Shard& shard) {
  if (shard.order.size() > 2 * shard.entries.size() + kStaleAtMost) {
    std::erase_if(shard.order, [&](uint64_t twin) {
      shard.mutex.AssertHeld();
      return !shard.entries.contains(twin);
    });
  }
}

void RecordCache::Shrink(Shard& shard) {
  while (shard.bytes > shard_bytes_) {
    const uint64_t twin = shard.order.front();
    shard.order.pop_front();
    const auto found = shard.entries.find(twin);
    if (found == shard.entries.end()) {
      continue;
    }
    if (found->second.is_used) {
      found->second.is_used = false;
      shard.order.push_back(twin);
    } else {
      Erase(shard, twin);
    }
  }
}

}  // namespace twingraph::graph

#include "storage/graph/id_map.h"

#include "absl/hash/hash.h"

#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"
#include "storage/key/model_key.h"
#include "storage/key/twin_key.h"
#include "storage/kv/range.h"

namespace twingraph::graph {
namespace {

// The top bits: the table inside a shard uses the low ones.
size_t ShardIndex(absl::string_view id) {
  return absl::Hash<absl::string_view>()(id) >> (sizeof(size_t) * 8 - 6);
}

}  // namespace

std::optional<TwinNumber> IdMap::Find(absl::string_view id) const {
  const Shard& shard = ShardOf(id);
  MutexLock lock(shard.mutex);
  return shard.numbers.Find(id);
}

std::optional<ModelNumber> IdMap::ModelAt(TwinNumber twin,
                                          Revision revision) const {
  const uint32_t model = models_.Get(ToInt(twin));
  if (model == 0 ||
      revision < newest_model_change_.load(std::memory_order_acquire)) {
    return std::nullopt;
  }
  return ModelNumber{model};
}

size_t IdMap::size() const {
  size_t sum = 0;
  for (const Shard& shard : shards_) {
    MutexLock lock(shard.mutex);
    sum += shard.numbers.size();
  }
  return sum;
}

// Rows that cannot be read are not known: the store names them to who asks for
// them, and they can be repaired.
absl::Status IdMap::Load(const Context& ctx, const commit::Reader& reader) {
  newest_change_ = reader.revision();
  newest_deletion_ = reader.revision();
  newest_model_change_ = reader.revision();
  const auto ids = reader.Scan(ctx, key::kTwinIdSpace, kv::Range::All());
  while (ids->Next()) {
    TwinNumber twin{};
    if (key::DecodeTwinIdValue(ids->value(), twin)) {
      SetNumber(ids->key(), twin);
    } else {
      is_whole_ = false;
    }
  }
  RETURN_IF_ERROR(ids->status());
  const auto models = reader.Scan(ctx, key::kModelIndexSpace, kv::Range::All());
  while (models->Next()) {
    ModelNumber model{};
    TwinNumber twin{};
    if (key::DecodeModelIndexKey(models->key(), model, twin)) {
      SetModel(twin, model);
    } else {
      is_whole_ = false;
    }
  }
  return models->status();
}

void IdMap::Apply(const commit::GroupView& group) {
  for (size_t i = 0; i < group.record.commits.size(); ++i) {
    for (const kv::Effect& effect : group.record.commits[i].effects) {
      if (effect.space == key::kTwinIdSpace) {
        ApplyId(group.RevisionOf(i), effect);
      } else if (effect.space == key::kModelIndexSpace) {
        ApplyModel(group.RevisionOf(i), effect);
      }
    }
  }
}

IdMap::Shard& IdMap::ShardOf(absl::string_view id) {
  return shards_[ShardIndex(id)];
}

const IdMap::Shard& IdMap::ShardOf(absl::string_view id) const {
  return shards_[ShardIndex(id)];
}

void IdMap::SetNumber(absl::string_view id, TwinNumber twin) {
  if (bytes() >= limit_) {
    is_whole_.store(false, std::memory_order_release);
    Erase(id);
    return;
  }
  Shard& shard = ShardOf(id);
  MutexLock lock(shard.mutex);
  const size_t before = shard.numbers.bytes();
  shard.numbers.Set(id, twin);
  id_bytes_.fetch_add(shard.numbers.bytes() - before,
                      std::memory_order_relaxed);
}

void IdMap::Erase(absl::string_view id) {
  Shard& shard = ShardOf(id);
  MutexLock lock(shard.mutex);
  const size_t before = shard.numbers.bytes();
  shard.numbers.Erase(id);
  id_bytes_.fetch_add(shard.numbers.bytes() - before,
                      std::memory_order_relaxed);
}

void IdMap::ApplyId(Revision revision, const kv::Effect& effect) {
  newest_change_.store(revision, std::memory_order_release);
  if (Find(effect.key).has_value()) {
    newest_deletion_.store(revision, std::memory_order_release);
  }
  TwinNumber twin{};
  if (effect.op == kv::EffectOp::kDelete) {
    Erase(effect.key);
  } else if (effect.op == kv::EffectOp::kPut &&
             key::DecodeTwinIdValue(effect.value, twin)) {
    SetNumber(effect.key, twin);
  }
}

// A deleted row says nothing: a twin that goes keeps its model for readers of
// older revisions, and one that changes its model has another row put.
void IdMap::ApplyModel(Revision revision, const kv::Effect& effect) {
  ModelNumber model{};
  TwinNumber twin{};
  if (effect.op != kv::EffectOp::kPut ||
      !key::DecodeModelIndexKey(effect.key, model, twin)) {
    return;
  }
  const uint32_t known = models_.Get(ToInt(twin));
  if (known != ToInt(model) && (known != 0 || !is_whole())) {
    newest_model_change_.store(revision, std::memory_order_release);
  }
  SetModel(twin, model);
}

void IdMap::SetModel(TwinNumber twin, ModelNumber model) {
  if (bytes() < limit_ || models_.Find(ToInt(twin)) != nullptr) {
    models_.Set(ToInt(twin), ToInt(model));
  } else {
    is_whole_.store(false, std::memory_order_release);
  }
}

}  // namespace twingraph::graph

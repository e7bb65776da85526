// Covered by tests/storage/graph/graph_model_test.cc.
#include "storage/graph/dictionary.h"

#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"
#include "storage/kv/range.h"

namespace twingraph::graph {

using key::DictKind;

uint32_t Dictionary::Find(DictKind kind, absl::string_view text) const {
  const Table& table = TableOf(kind);
  MutexLock lock(table.mutex);
  const auto found = table.numbers.find(text);
  return found == table.numbers.end() ? 0 : found->second;
}

absl::string_view Dictionary::TextOf(DictKind kind, uint32_t number) const {
  const Table& table = TableOf(kind);
  if (const std::string* text = table.by_number.Get(number); text != nullptr) {
    return *text;
  }
  MutexLock lock(table.mutex);
  const auto found = table.others.find(number);
  return found == table.others.end() ? absl::string_view() : *found->second;
}

size_t Dictionary::size(DictKind kind) const {
  const Table& table = TableOf(kind);
  MutexLock lock(table.mutex);
  return table.numbers.size();
}

absl::Status Dictionary::Load(const Context& ctx,
                              const commit::Reader& reader) {
  for (const DictKind kind : key::kDictKinds) {
    const auto cursor = reader.Scan(
        ctx, key::kDictSpace, kv::Range::Prefix(key::DictNumberPrefix(kind)));
    while (cursor->Next()) {
      Insert(cursor->key(), cursor->value());
    }
    RETURN_IF_ERROR(cursor->status());
  }
  return absl::OkStatus();
}

void Dictionary::Apply(const commit::GroupView& group) {
  for (const kv::Commit& commit : group.record.commits) {
    for (const kv::Effect& effect : commit.effects) {
      if (effect.space == key::kDictSpace && effect.op == kv::EffectOp::kPut) {
        Insert(effect.key, effect.value);
      }
    }
  }
}

Dictionary::Table& Dictionary::TableOf(DictKind kind) {
  switch (kind) {
    case DictKind::kModel:
      return models_;
    case DictKind::kRelationshipName:
      return names_;
    case DictKind::kPath:
      return paths_;
  }
  return paths_;
}

const Dictionary::Table& Dictionary::TableOf(DictKind kind) const {
  return const_cast<Dictionary*>(this)->TableOf(kind);
}

void Dictionary::Insert(absl::string_view key, absl::string_view text) {
  DictKind kind{};
  uint32_t number = 0;
  if (!key::DecodeDictNumberKey(key, kind, number)) {
    return;  // the row of the other direction
  }
  Table& table = TableOf(kind);
  MutexLock lock(table.mutex);
  if (table.numbers.contains(text)) {
    return;
  }
  const std::string& kept = table.texts.emplace_back(text);
  table.numbers.emplace(kept, number);
  if (!table.by_number.Set(number, &kept)) {
    table.others.emplace(number, &kept);
  }
}

}  // namespace twingraph::graph

#include "storage/graph/change_log.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"
#include "storage/key/relationship_key.h"
#include "storage/key/twin_key.h"

namespace twingraph::graph {
namespace {

template <typename T>
void SortOnce(std::vector<T>& list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

void SortAll(ChangedFacts& facts) {
  SortOnce(facts.twins);
  SortOnce(facts.relationships);
  SortOnce(facts.models);
  SortOnce(facts.hubs);
}

template <typename T>
void Append(std::vector<T> from, std::vector<T>& to) {
  for (T& item : from) {
    to.push_back(std::move(item));
  }
}

void AddFact(const kv::Effect& effect, ChangedFacts& facts) {
  if (effect.space == key::kTwinSpace) {
    TwinNumber twin{};
    if (key::DecodeTwinKey(effect.key, twin)) {
      facts.twins.push_back(twin);
    }
  } else if (effect.space == key::kRelationshipSpace) {
    Edge edge;
    if (key::DecodeRelationshipKey(effect.key, edge.source, edge.number)) {
      facts.relationships.push_back(edge);
    }
  } else if (effect.space == key::kModelSpace) {
    facts.models.push_back(effect.key.substr(1));
  } else if (effect.space == key::kHubSpace) {
    facts.hubs.push_back(effect.key);
  }
}

// Effects that change a row.
bool IsWrite(const kv::Effect& effect) {
  return effect.op == kv::EffectOp::kPut || effect.op == kv::EffectOp::kDelete;
}

void Collect(const kv::Commit& commit, ChangedFacts& facts) {
  for (const kv::Effect& effect : commit.effects) {
    if (IsWrite(effect)) {
      AddFact(effect, facts);
    }
  }
}

}  // namespace

ChangedFacts FactsOf(const kv::Commit& commit) {
  ChangedFacts facts;
  Collect(commit, facts);
  SortAll(facts);
  return facts;
}

absl::Status ReadChanges(const Context& ctx, const commit::Store& store,
                         Revision from, Revision to,
                         absl::FunctionRef<bool(const CommitChanges&)> visit) {
  if (from >= to) {
    return absl::OkStatus();
  }
  return store.ReadLog(ctx, from + 1, [&](const commit::GroupView& group) {
    for (size_t i = 0; i < group.record.commits.size(); ++i) {
      const Revision revision = group.RevisionOf(i);
      const kv::Commit& commit = group.record.commits[i];
      if (revision > to) {
        return false;
      }
      if (revision > from && !visit({.revision = revision,
                                     .header = commit.header,
                                     .facts = FactsOf(commit)})) {
        return false;
      }
    }
    return true;
  });
}

absl::StatusOr<ChangedFacts> ChangesBetween(const Context& ctx,
                                            const commit::Store& store,
                                            Revision from, Revision to) {
  ChangedFacts all;
  RETURN_IF_ERROR(
      ReadChanges(ctx, store, from, to, [&](const CommitChanges& changes) {
        Append(changes.facts.twins, all.twins);
        Append(changes.facts.relationships, all.relationships);
        Append(changes.facts.models, all.models);
        Append(changes.facts.hubs, all.hubs);
        return true;
      }));
  SortAll(all);
  return all;
}

}  // namespace twingraph::graph

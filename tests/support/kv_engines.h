#pragma once

// Engines for tests that run on each of them, and groups made by hand.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/kv/engine.h"
#include "storage/kv_memory/store.h"
#include "storage/kv_rocks/store.h"
#include "tests/support/status_matchers.h"

namespace twingraph {

// Spaces of every kind.
inline constexpr kv::SpaceId kFacts = 1;    // keeps history
inline constexpr kv::SpaceId kEdges = 2;    // keeps history, has a prefix
inline constexpr kv::SpaceId kIndex = 3;    // churns, no history
inline constexpr kv::SpaceId kCounter = 4;  // keeps history, counters only
inline constexpr kv::SpaceId kNumber = 5;   // number ranges, no history

inline std::vector<kv::SpaceSpec> TestSpaces() {
  return {{.id = kFacts, .name = "facts", .keeps_history = true},
          {.id = kEdges,
           .name = "edges",
           .keeps_history = true,
           .prefix_length = 2},
          {.id = kIndex, .name = "index", .churning = true},
          {.id = kCounter, .name = "counter", .keeps_history = true},
          {.id = kNumber, .name = "number"}};
}

enum class EngineKind { kMemory, kRocks };

inline std::string EngineName(
    const ::testing::TestParamInfo<EngineKind>& info) {
  return info.param == EngineKind::kMemory ? "Memory" : "Rocks";
}

// Opens an engine with TestSpaces(); `directory` is of no meaning in memory.
inline std::unique_ptr<kv::Engine> OpenTestEngine(
    EngineKind kind, const std::string& directory) {
  if (kind == EngineKind::kMemory) {
    return kv_memory::OpenEngine(TestSpaces());
  }
  auto engine = kv_rocks::OpenEngine(
      TestSpaces(),
      {.directory = directory, .memory_budget_bytes = size_t{16} << 20});
  EXPECT_OK(engine);
  return engine.ok() ? *std::move(engine) : nullptr;
}

inline kv::Effect PutEffect(kv::SpaceId space, std::string key,
                            std::string value) {
  kv::Effect effect;
  effect.space = space;
  effect.op = kv::EffectOp::kPut;
  effect.key = std::move(key);
  effect.value = std::move(value);
  return effect;
}

inline kv::Effect DeleteEffect(kv::SpaceId space, std::string key) {
  kv::Effect effect;
  effect.space = space;
  effect.op = kv::EffectOp::kDelete;
  effect.key = std::move(key);
  return effect;
}

inline kv::Effect TouchEffect(kv::SpaceId space, std::string key) {
  kv::Effect effect = DeleteEffect(space, std::move(key));
  effect.op = kv::EffectOp::kTouch;
  return effect;
}

inline kv::Effect IncrementEffect(kv::SpaceId space, std::string key,
                                  int64_t delta) {
  kv::Effect effect = DeleteEffect(space, std::move(key));
  effect.op = kv::EffectOp::kIncrement;
  effect.delta = delta;
  return effect;
}

// A group behind the engine's head, one commit for each list of effects. Commit
// times are seconds since the epoch equal to the revisions.
inline kv::EncodedGroup MakeGroup(
    const kv::EngineHead& head,
    const std::vector<std::vector<kv::Effect>>& commits, kv::Revision gap = 0) {
  kv::GroupRecord record;
  record.incarnation = head.incarnation;
  record.previous_revision = head.revision;
  record.previous_hash = head.record_hash;
  record.first_revision = head.revision + 1 + gap;
  for (size_t i = 0; i < commits.size(); ++i) {
    kv::Commit& commit = record.commits.emplace_back();
    commit.header.time =
        absl::FromUnixSeconds(static_cast<int64_t>(record.first_revision + i));
    commit.effects = commits[i];
  }
  auto group = kv::EncodeGroup(std::move(record));
  EXPECT_OK(group);
  return *std::move(group);
}

// Applies such a group; returns the last revision.
inline kv::Revision ApplyCommits(
    kv::Engine& engine, const std::vector<std::vector<kv::Effect>>& commits,
    kv::Revision gap = 0) {
  const kv::EncodedGroup group = MakeGroup(engine.head(), commits, gap);
  const auto result = engine.Apply(group, kv::Durability::kOs);
  EXPECT_OK(result);
  EXPECT_EQ(result->outcome, kv::ApplyOutcome::kApplied);
  return group.record.last_revision();
}

// The row on which a cursor stands as "key=value@revision".
inline std::string RowOf(const kv::Cursor& cursor) {
  return std::string(cursor.key()) + "=" + std::string(cursor.value()) + "@" +
         std::to_string(cursor.revision());
}

// What is left of a scan.
inline std::vector<std::string> RowsOf(kv::Cursor& cursor) {
  std::vector<std::string> rows;
  while (cursor.Next()) {
    rows.push_back(RowOf(cursor));
  }
  EXPECT_OK(cursor.status());
  return rows;
}

// The same, each row as "range:key=value@revision".
inline std::vector<std::string> RangedRowsOf(kv::Cursor& cursor) {
  std::vector<std::string> rows;
  while (cursor.Next()) {
    rows.push_back(std::to_string(cursor.range()) + ":" + RowOf(cursor));
  }
  EXPECT_OK(cursor.status());
  return rows;
}

}  // namespace twingraph

#pragma once

// Graphs for tests, on every engine.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/base/status_macros.h"
#include "storage/graph/graph_store.h"
#include "storage/key/key_space.h"
#include "storage/kv_memory/store.h"
#include "storage/kv_rocks/store.h"
#include "storage/value/json.h"
#include "tests/support/damaged_tables.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::graph {

enum class EngineKind { kMemory, kRocks };

// A graph, its clock and, for RocksDB, its directory.
class TestGraph {
 public:
  explicit TestGraph(EngineKind kind, GraphOptions options = {})
      : kind_(kind), options_(std::move(options)) {
    options_.store.durability = kv::Durability::kOs;
    options_.store.maintenance_interval = absl::ZeroDuration();
    options_.store.clock = &clock_;
    Open();
  }

  // Closes and opens it again. Only RocksDB keeps anything.
  void Reopen() {
    store_.reset();
    Open();
  }

  // The same, with bytes overwritten in all tables whose content holds `part`.
  void ReopenDamaged(const std::string& part) {
    store_.reset();
    EXPECT_GT(DamageTables(path(), part), 0);
    Open();
  }

  // Where RocksDB keeps its files.
  std::string path() const { return directory_.path() + "/store"; }

  GraphStore& operator*() { return *store_; }

  GraphStore* operator->() { return store_.get(); }

  FakeClock& clock() { return clock_; }

  // For the next Reopen.
  GraphOptions& options() { return options_; }

  const Context& ctx() const { return ctx_; }

  using EngineWrapper =
      std::function<std::unique_ptr<kv::Engine>(std::unique_ptr<kv::Engine>)>;

  // For the next Reopen: what is put around the engine.
  void SetWrapper(EngineWrapper wrapper) { wrapper_ = std::move(wrapper); }

  // Runs and commits `function`; the commit's revision, or its error.
  absl::StatusOr<Revision> Write(GraphStore::TransactionFunction function) {
    clock_.Advance(absl::Milliseconds(1));
    auto info = store_->RunTransaction(ctx_, {}, function);
    if (!info.ok()) {
      return info.status();
    }
    return info->revision;
  }

  std::unique_ptr<GraphReader> Snapshot() {
    auto reader = store_->OpenSnapshot(ctx_);
    EXPECT_OK(reader);
    return *std::move(reader);
  }

  std::unique_ptr<GraphReader> At(Revision revision) {
    auto reader = store_->ReaderAt(ctx_, revision);
    EXPECT_OK(reader);
    return *std::move(reader);
  }

 private:
  void Open() {
    auto engine = OpenEngine();
    if (wrapper_ != nullptr) {
      engine = wrapper_(std::move(engine));
    }
    auto store = GraphStore::Open(ctx_, std::move(engine), options_);
    ASSERT_OK(store);
    store_ = *std::move(store);
  }

  std::unique_ptr<kv::Engine> OpenEngine() {
    switch (kind_) {
      case EngineKind::kMemory:
        return kv_memory::OpenEngine(key::GraphSpaces());
      case EngineKind::kRocks: {
        auto engine =
            kv_rocks::OpenEngine(key::GraphSpaces(), {.directory = path()});
        EXPECT_OK(engine);
        return *std::move(engine);
      }
    }
    return nullptr;
  }

  const EngineKind kind_;
  TempDir directory_;
  FakeClock clock_;
  Context ctx_;
  GraphOptions options_;
  EngineWrapper wrapper_;
  std::unique_ptr<GraphStore> store_;
};

inline Value Json(absl::string_view text) {
  return *ParseJsonValue(text);
}

inline std::string NameOf(const testing::TestParamInfo<EngineKind>& test) {
  return test.param == EngineKind::kMemory ? "Memory" : "Rocks";
}

}  // namespace twingraph::graph

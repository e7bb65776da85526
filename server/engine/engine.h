#pragma once

// The application without transport: one graph with its store, followers and
// operations. Built once by main, or by tests over the memory engine. Safe from
// any thread; the operations live as long as the engine.

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include "server/engine/admin_ops.h"
#include "server/engine/device_ops.h"
#include "server/engine/hub_ops.h"
#include "server/engine/model_ops.h"
#include "server/engine/query_ops.h"
#include "server/engine/relationship_ops.h"
#include "server/engine/twin_ops.h"
#include "storage/base/clock.h"
#include "storage/base/executor.h"
#include "storage/graph/graph_store.h"
#include "storage/kv/engine.h"

namespace twingraph::engine {

// What one call may ask for. Defaults are generous; each is a setting.
struct Limits {
  int page_size = 1000;                      // items of one page
  size_t page_bytes = size_t{1} << 20;       // of a page, as it is stored
  size_t models_per_upload = 10'000;         // of an upload, ids of a list
  size_t model_bytes = size_t{1} << 20;      // one interface document
  size_t twin_bytes = size_t{480} << 10;     // one stored twin
  size_t string_bytes = size_t{64} << 10;    // one string property, UTF-8
  size_t patch_operations = 10'000;          // of one patch
  absl::Duration lease = absl::Seconds(60);  // a page's revision stays pinned
  size_t leases = 64;                        // revisions pinned at once
};

struct EngineOptions {
  // Where bytes live; opened with the spaces of key/key_space.h.
  std::unique_ptr<kv::Engine> store;
  // What the status calls it: "rocksdb", "memory".
  std::string store_kind = "memory";
  // Where backups go; empty: none can be made.
  std::string backup_directory;
  // Durability, history, indexes. Its clock is the one below.
  graph::GraphOptions graph;
  // Borrowed; outlives the engine. Null: the system's clock.
  const Clock* clock = nullptr;
  // Where writes of twins and relationships go on that waited for their commit.
  // Borrowed; is shut down before the engine ends. Null: they block.
  Executor* executor = nullptr;
  Limits limits;
  // For models; they also get what relationships leave of
  // graph.topology.bytes.
  size_t model_memory_bytes = size_t{64} << 20;
  // What the process may hold; an upload that would need more is not read.
  size_t memory_budget_bytes = SIZE_MAX;
};

class Engine {
 public:
  // Opens the graph in the store: creates it where the store is empty, else
  // reads catalog and counters.
  // Errors: STORE_FORMAT_TOO_NEW, STORE_CORRUPT, STORE_UNAVAILABLE.
  static absl::StatusOr<std::unique_ptr<Engine>> Open(EngineOptions options);

  // Shutdown, then everything is released.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Closes the store so that it reopens cleanly. Idempotent. REQUIRES: no call
  // is running or will come, and no query execution is alive; who serves calls
  // drains them first.
  void Shutdown();

  // The key that seals what clients carry for the server (base/seal.h): made
  // with the store and kept in it, so that tokens outlive the process.
  const std::string& token_key() const;

  ModelOps& models() { return models_; }

  TwinOps& twins() { return twins_; }

  RelationshipOps& relationships() { return relationships_; }

  QueryOps& queries() { return queries_; }

  HubOps& hubs() { return hubs_; }

  DeviceOps& devices() { return devices_; }

  AdminOps& admin() { return admin_; }

  const Clock& clock() const;

 private:
  explicit Engine(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
  ModelOps models_;
  TwinOps twins_;
  RelationshipOps relationships_;
  QueryOps queries_;
  HubOps hubs_;
  DeviceOps devices_;
  AdminOps admin_;
};

}  // namespace twingraph::engine

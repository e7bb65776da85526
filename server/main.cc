// twingraph-server: the composition root. The only file that names an engine
// of the store, and the order in which the parts start and stop.
//
// Covered by tests/e2e/bad_input_test.py and
// tests/e2e/data_directory_test.py.

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <malloc.h>

#include "server/config/config.h"
#include "server/engine/engine.h"
#include "server/hubs/session_registry.h"
#include "server/rpc/admin_service.h"
#include "server/rpc/connector_service.h"
#include "server/rpc/hub_service.h"
#include "server/rpc/library_log.h"
#include "server/rpc/model_service.h"
#include "server/rpc/query_service.h"
#include "server/rpc/server.h"
#include "server/rpc/twin_service.h"
#include "storage/base/executor.h"
#include "storage/base/log.h"
#include "storage/base/resident_memory.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"
#include "storage/kv_memory/store.h"
#include "storage/kv_rocks/store.h"

namespace twingraph {
namespace {

// Signals that stop the server; blocked in every thread and waited for in one.
sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

// One graph for now; each has a store and backups of its own.
constexpr char kGraphs[] = "/graphs/default";
constexpr char kBackups[] = "/default";

absl::Status Restore(const config::Config& config) {
  ASSIGN_OR_RETURN(const kv::Backup backup,
                   kv_rocks::RestoreBackup(config.restore_from + kBackups,
                                           config.restore_backup,
                                           config.data_dir + kGraphs));
  std::cout << "restored backup " << backup.id << " of "
            << absl::FormatTime(backup.time) << "\n"
            << std::flush;
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<kv::Engine>> OpenStore(
    const config::Config& config) {
  if (config.in_memory) {
    return kv_memory::OpenEngine(key::GraphSpaces());
  }
  return kv_rocks::OpenEngine(
      key::GraphSpaces(),
      {.directory = config.data_dir + kGraphs,
       .memory_budget_bytes = config::PlanMemory(config).store,
       .disk_reserve_bytes = config.disk_reserve_bytes,
       .accept_lost_commits = config.accept_lost_commits});
}

// Where the damage is, as far as it is known, and what to do about it.
std::string AboutDamage(const absl::Status& status) {
  const std::string space = MetadataOf(status, "space");
  return absl::StrCat(
      space.empty() || space == "store" ? ""
                                        : " (in the part \"" + space + "\")",
      "; to go back to a backup: twingraph-server --restore-from BACKUP_DIR "
      "--data-dir NEW_DIR");
}

// An error of opening, with the path that it is about.
absl::Status AboutDataDirectory(const config::Config& config,
                                const absl::Status& status) {
  absl::Status about(status.code(),
                     absl::StrCat("cannot open the data directory \"",
                                  config.data_dir, "\": ", status.message(),
                                  absl::IsDataLoss(status) ? AboutDamage(status)
                                  : absl::IsResourceExhausted(status)
                                      ? " and start the server again"
                                      : ""));
  return config.in_memory || status.ok() ? status : about;
}

absl::StatusOr<std::unique_ptr<engine::Engine>> OpenEngine(
    const config::Config& config, Executor& writes) {
  engine::EngineOptions options;
  options.executor = &writes;
  ASSIGN_OR_RETURN(options.store, OpenStore(config));
  options.store_kind = config.in_memory ? "memory" : "rocksdb";
  if (!config.backup_dir.empty()) {
    options.backup_directory = config.backup_dir + kBackups;
  }
  options.graph.store.durability = config.durability == config::Durability::kOs
                                       ? kv::Durability::kOs
                                       : kv::Durability::kFsync;
  options.graph.store.retention.time = config.history_age;
  options.graph.store.retention.bytes = config.history_bytes;
  options.graph.unindexed_paths = config.unindexed_paths;
  options.graph.builds_indexes = true;
  const config::MemoryPlan memory = config::PlanMemory(config);
  options.graph.id_map_bytes = memory.ids;
  options.graph.topology.bytes = memory.topology;
  options.graph.record_cache_bytes = memory.records;
  options.model_memory_bytes = memory.models;
  options.memory_budget_bytes = config.memory_budget_bytes;
  options.limits.page_size = config.max_page_size;
  options.limits.models_per_upload = config.models_per_upload;
  options.limits.model_bytes = config.model_bytes;
  return engine::Engine::Open(std::move(options));
}

// Waits for a signal to stop. The next one ends the process at once.
void WaitForStop() {
  const sigset_t signals = StopSignals();
  int signal = 0;
  sigwait(&signals, &signal);
  LogInfo("stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

// The allocator keeps what threads have freed, for each of its arenas; eight
// for each processor, as is its default, would be a large part of a small
// budget.
void BoundAllocator() {
  // No other thread is there yet. NOLINTNEXTLINE(concurrency-mt-unsafe)
  mallopt(M_ARENA_MAX,
          std::max(2, static_cast<int>(std::thread::hardware_concurrency())));
}

// Debian builds Abseil with its checks for deadlocks, which look at every lock
// that is taken; gRPC's are among them. Our own debug builds keep them.
void SkipLockChecks() {
#ifdef NDEBUG
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
}

absl::Status Serve(const config::Config& config, absl::Time start_time) {
  const MemoryTrimmer trimmer(config.memory_budget_bytes / 8 * 5);
  Executor reads("reads", config.read_threads, config.queued_calls);
  Executor writes("writes", config.write_threads, config.queued_calls);
  absl::StatusOr<std::unique_ptr<engine::Engine>> opened =
      OpenEngine(config, writes);
  RETURN_IF_ERROR(AboutDataDirectory(config, opened.status()));
  const std::unique_ptr<engine::Engine> engine = *std::move(opened);
  hubs::SessionRegistry sessions(*engine);
  std::atomic<bool> ends_streams = false;
  rpc::CallMemory call_memory(config::PlanMemory(config).calls);
  const rpc::CallEnvironment calls{.reads = reads,
                                   .writes = writes,
                                   .memory = &call_memory,
                                   .message_limit_bytes = config.message_bytes,
                                   .call_deadline = config.call_deadline,
                                   .stream_age = config.stream_age,
                                   .ends_streams = &ends_streams};
  const rpc::ServiceParts parts{
      .calls = calls,
      .engine = *engine,
      .sessions = sessions,
      .pages = {.default_size = config.default_page_size,
                .max_size = config.max_page_size},
      .connectors = {},
      .server_version = std::string(config::Version()),
      .start_time = start_time,
      .shutdown_grace = config.shutdown_grace};
  rpc::AdminService admin(parts);
  rpc::ConnectorService connectors(parts);
  rpc::HubService hubs(parts);
  rpc::ModelService models(parts);
  rpc::QueryService queries(parts);
  rpc::TwinService twins(parts);
  ASSIGN_OR_RETURN(
      const std::unique_ptr<rpc::Server> server,
      rpc::Server::Start(
          {.address = config.listen.ToString(),
           .message_limit_bytes = config.message_bytes,
           .reflection = config.reflection},
          {&admin, &connectors, &hubs, &models, &queries, &twins}));
  server->SetServing();
  const config::ListenAddress address{config.listen.host, server->port()};
  std::cout << "listening on " << address.ToString() << "\n" << std::flush;

  WaitForStop();
  server->Drain({.lame_duck = config.lame_duck,
                 .grace = config.shutdown_grace,
                 .end_streams = [&ends_streams, &sessions] {
                   ends_streams = true;
                   sessions.Shutdown();
                 }});
  reads.Shutdown();
  writes.Shutdown();
  engine->Shutdown();
  return absl::OkStatus();
}

int Main(int argc, const char* const* argv) {
  const absl::Time start_time = absl::Now();
  const config::CommandLine command = config::ParseCommandLine(argc, argv);
  if (!command.config.has_value()) {
    (command.exit_code == 0 ? std::cout : std::cerr) << command.text;
    return command.exit_code;
  }
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  BoundAllocator();
  SkipLockChecks();
  SetLogLevel(command.config->log_level);
  rpc::TakeOverLibraryLogs();
  const absl::Status status = command.config->restore_from.empty()
                                  ? Serve(*command.config, start_time)
                                  : Restore(*command.config);
  FlushLog();
  if (!status.ok()) {
    std::cerr << "twingraph-server: " << status.message() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace twingraph

int main(int argc, char** argv) {
  return twingraph::Main(argc, argv);
}

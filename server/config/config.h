#pragma once

// All settings of the server in one validated value: from flags, and from a
// file in INI/TOML form whose keys are the names of the flags. Made once at
// start; immutable after that.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/config/listen_address.h"
#include "server/config/memory_plan.h"
#include "storage/base/log.h"

namespace twingraph::config {

// When a write is acknowledged.
enum class Durability {
  kFsync,  // after it is on the disk: survives power loss
  kOs,     // after the system has it: survives a crash of the server
};

struct Config {
  // --- Where it listens ---
  ListenAddress listen = {"127.0.0.1", 50051};
  // Allows an address that is not loopback although calls are not encrypted.
  bool insecure = false;

  // --- Where the graph lives: exactly one of the two ---
  std::string data_dir;
  bool in_memory = false;
  Durability durability = Durability::kFsync;
  // What the process may hold (its resident set): itself, with the messages of
  // its calls, models, the relationships in memory, caches and write buffers.
  // See PlanMemory for the shares.
  size_t memory_budget_bytes = size_t{512} << 20;
  // Of that, for the relationships of all twins: about 24 bytes each, and 16
  // for each twin. Where they do not fit, queries read the store instead, which
  // is slower. Absent: see PlanMemory; 0: never in memory.
  std::optional<size_t> topology_memory_bytes;
  // Writes are refused while less than this is free on the disk of data_dir.
  uint64_t disk_reserve_bytes = uint64_t{64} << 20;
  // Where AdminService.CreateBackup puts backups; empty: it is refused.
  std::string backup_dir;
  // Not to serve but to restore a backup from this directory of backups into
  // data_dir: the one of this number, 0 for the newest.
  std::string restore_from;
  uint32_t restore_backup = 0;
  // Opens a store whose log is damaged without the commits that are lost.
  bool accept_lost_commits = false;
  // Properties, with all below them, that queries find without an index: JSON
  // Pointers. Every other one has an index, which each write of it pays for.
  // None: see graph::GraphOptions.
  std::optional<std::vector<std::string>> unindexed_paths;
  // Old revisions stay readable as long as both allow it; infinite and 0: no
  // limit.
  absl::Duration history_age = absl::Hours(1);
  uint64_t history_bytes = uint64_t{1} << 30;

  // --- Calls ---
  size_t message_bytes = size_t{4} << 20;           // of one request
  absl::Duration call_deadline = absl::Minutes(1);  // the longest for a call
  absl::Duration stream_age = absl::Minutes(10);    // the longest for a stream
  int default_page_size = 100;                      // items
  int max_page_size = 1000;                         // items
  size_t models_per_upload = 10'000;                // of one request
  size_t model_bytes = size_t{1} << 20;             // of one model
  size_t read_threads = 2;
  size_t write_threads = 2;
  size_t queued_calls = 1024;  // waiting for a thread, reads and writes apart

  // --- Stopping ---
  // Between "not serving" in health checks and the refusal of calls.
  absl::Duration lame_duck = absl::ZeroDuration();
  // For calls that run; then they are cancelled.
  absl::Duration shutdown_grace = absl::Seconds(10);

  bool reflection = true;
  LogLevel log_level = LogLevel::kInfo;
};

// What the command line asks for: a configuration, or a text to print (help,
// version) and an exit code.
struct CommandLine {
  std::optional<Config> config;
  std::string text;
  int exit_code = 0;
};

// Reads flags and the file that --config names. A wrong flag gives a text that
// says what is wrong and a non-zero exit code.
CommandLine ParseCommandLine(int argc, const char* const* argv);

// The shares of the memory budget.
MemoryPlan PlanMemory(const Config& config);

// Checks what single flags cannot show.
// Errors: INVALID_ARGUMENT / INVALID_FIELD naming the flag and the rule.
absl::Status Validate(const Config& config);

// The version of the program, "0.1.0".
absl::string_view Version();

}  // namespace twingraph::config

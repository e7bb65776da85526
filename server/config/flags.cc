// Covered by tests/server/config/config_test.cc.

#include "server/config/flags.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"

#include "server/config/number_option.h"

namespace twingraph::config {
namespace {

constexpr uint64_t kKilobyte = 1024;
constexpr uint64_t kMegabyte = uint64_t{1} << 20;
constexpr uint64_t kTerabyte = uint64_t{1} << 40;
// More than any disk that a graph fits on.
constexpr uint64_t kMostDisk = 1000 * kTerabyte;
// No request is larger, and so nothing in one.
constexpr uint64_t kLargestMessage = 64 * kMegabyte;
// The shortest and longest time of a call that may be asked for, and the
// longest that stopping may wait.
constexpr double kLeastCallSeconds = 0.001;
constexpr double kDay = 24 * 3600;
constexpr double kHour = 3600;
constexpr uint32_t kLargestPage = 100'000;

auto IntoSeconds(absl::Duration& setting) {
  return [&setting](double seconds) { setting = absl::Seconds(seconds); };
}

constexpr std::pair<const char*, Durability> kDurabilities[] = {
    {"fsync", Durability::kFsync}, {"os", Durability::kOs}};
constexpr std::pair<const char*, LogLevel> kLogLevels[] = {
    {"debug", LogLevel::kDebug},
    {"info", LogLevel::kInfo},
    {"warning", LogLevel::kWarning},
    {"error", LogLevel::kError}};

// A flag that is one of some names. The library's own way shows numbers too.
template <typename Choices, typename T>
CLI::Option* AddChoice(CLI::App& app, const char* flag, const Choices& choices,
                       T& value, const char* what) {
  std::vector<std::string> names;
  const char* initial = "";
  for (const auto& [name, choice] : choices) {
    names.emplace_back(name);
    initial = choice == value ? name : initial;
  }
  const std::string type = absl::StrJoin(names, "|");
  return app
      .add_option_function<std::string>(
          flag,
          [&choices, &value](const std::string& text) {
            for (const auto& [name, choice] : choices) {
              value = text == name ? choice : value;
            }
          },
          what)
      ->check(CLI::IsMember(names).description(""))
      ->type_name(type)
      ->default_str(initial);
}

void AddBackupFlags(CLI::App& app, Config& config) {
  app.add_option("--backup-dir", config.backup_dir,
                 "directory for backups, on another disk if possible")
      ->type_name("DIR");
  app.add_flag("--accept-lost-commits", config.accept_lost_commits,
               "open a store whose log, or mark of an orderly stop, is damaged "
               "with what is left of it, as after a restore");
  auto* restore =
      app.add_option("--restore-from", config.restore_from,
                     "do not serve: put a backup of this --backup-dir into "
                     "--data-dir, which must hold no graph, and end")
          ->type_name("DIR");
  AddCount(app, {.flag = "--restore-backup",
                 .what = "number of the backup to restore; 0: the newest",
                 .least = 0,
                 .initial = config.restore_backup,
                 .set = Into(config.restore_backup)})
      ->needs(restore);
}

void AddMemoryFlags(CLI::App& app, Config& config) {
  AddSize(app, {.flag = "--memory-budget",
                .what = "what the process may hold in memory: itself with its "
                        "calls, models, relationships, caches and write "
                        "buffers",
                .least = kLeastMemoryBudget,
                .most = kMostMemoryBudget,
                .initial = config.memory_budget_bytes,
                .set = Into(config.memory_budget_bytes)});
  AddSize(app, {.flag = "--topology-memory",
                .what = "of that, for the relationships of all twins (about 24 "
                        "bytes each); where they do not fit, queries read the "
                        "store; 0: always; at most half of --memory-budget",
                .least = 0,
                .most = kMostMemoryBudget / 2,
                .initial = PlanMemory(config).topology,
                .set = Into(config.topology_memory_bytes)})
      ->default_str(
          "a third of --memory-budget above 88MB, at most a quarter of it");
}

void AddHistoryFlags(CLI::App& app, Config& config) {
  AddSeconds(app, {.flag = "--history-age",
                   .what = "how long old revisions stay readable; inf: for "
                           "ever",
                   .least = 60,
                   .initial = absl::ToDoubleSeconds(config.history_age),
                   .set = IntoSeconds(config.history_age)});
  AddSize(app, {.flag = "--history-bytes",
                .what = "how much history, its log among it, is kept at most; "
                        "that of the last minute always stays; 0: any",
                .least = 0,
                .most = kMostDisk,
                .initial = config.history_bytes,
                .set = Into(config.history_bytes)});
}

void AddStoreFlags(CLI::App& app, Config& config, RawFlags& raw) {
  auto* data_dir = app.add_option("--data-dir", config.data_dir,
                                  "directory of the graph; made if absent")
                       ->type_name("DIR");
  app.add_flag("--in-memory", config.in_memory,
               "keep the graph in memory only: it is gone at the end")
      ->excludes(data_dir);
  AddChoice(app, "--durability", kDurabilities, config.durability,
            "a write is acknowledged when it is on the disk (fsync) or when "
            "the system has it (os)");
  AddMemoryFlags(app, config);
  AddSize(app, {.flag = "--disk-reserve",
                .what = "writes, deletions too, are refused while less than "
                        "this is free on the disk, and until a quarter more "
                        "is free again; what is left is for flushing, "
                        "compacting and giving up history",
                .least = 0,
                .most = kMostDisk,
                .initial = config.disk_reserve_bytes,
                .set = Into(config.disk_reserve_bytes)});
  app.add_option("--unindexed-paths", raw.unindexed_paths,
                 "properties without an index, as JSON Pointers; for values "
                 "that change all the time and are seldom looked for; \"\": "
                 "none. A graph that exists keeps its list without this flag; "
                 "with it, indexes that it lacks are built while it serves, "
                 "and those that it has stay")
      ->type_name("PATH,...")
      ->delimiter(',')
      ->each(
          [&config](const std::string&) { config.unindexed_paths.emplace(); })
      ->default_str(
          "of a new graph: /$device/connection,/$device/lastActivity");
  AddBackupFlags(app, config);
  AddHistoryFlags(app, config);
}

void AddLimitFlags(CLI::App& app, Config& config) {
  AddSize(app, {.flag = "--message-bytes",
                .what = "largest request message",
                .least = kKilobyte,
                .most = kLargestMessage,
                .initial = config.message_bytes,
                .set = Into(config.message_bytes)});
  AddSeconds(app, {.flag = "--call-deadline",
                   .what = "longest time of a unary call",
                   .least = kLeastCallSeconds,
                   .most = kDay,
                   .initial = absl::ToDoubleSeconds(config.call_deadline),
                   .set = IntoSeconds(config.call_deadline)});
  AddSeconds(app, {.flag = "--stream-age",
                   .what = "longest time of a query stream",
                   .least = kLeastCallSeconds,
                   .most = 7 * kDay,
                   .initial = absl::ToDoubleSeconds(config.stream_age),
                   .set = IntoSeconds(config.stream_age)});
  AddCount(app, {.flag = "--default-page-size",
                 .what = "items of a page where the request names no size, at "
                         "most --max-page-size",
                 .least = 1,
                 .most = kLargestPage,
                 .initial = static_cast<uint32_t>(config.default_page_size),
                 .set = Into(config.default_page_size)});
  AddCount(app, {.flag = "--max-page-size",
                 .what = "items of a page at most",
                 .least = 1,
                 .most = kLargestPage,
                 .initial = static_cast<uint32_t>(config.max_page_size),
                 .set = Into(config.max_page_size)});
  AddCount(app, {.flag = "--models-per-upload",
                 .what = "models that one upload may have",
                 .least = 1,
                 .most = 1'000'000,
                 .initial = static_cast<uint32_t>(config.models_per_upload),
                 .set = Into(config.models_per_upload)});
  AddSize(app, {.flag = "--model-bytes",
                .what = "largest document of one model",
                .least = kKilobyte,
                .most = kLargestMessage,
                .initial = config.model_bytes,
                .set = Into(config.model_bytes)});
}

void AddThreadFlags(CLI::App& app, Config& config) {
  constexpr uint32_t kMostThreads = 1024;
  AddCount(app, {.flag = "--read-threads",
                 .what = "threads for reads that may wait for a disk",
                 .least = 1,
                 .most = kMostThreads,
                 .initial = static_cast<uint32_t>(config.read_threads),
                 .set = Into(config.read_threads)});
  AddCount(app, {.flag = "--write-threads",
                 .what = "threads for writes",
                 .least = 1,
                 .most = kMostThreads,
                 .initial = static_cast<uint32_t>(config.write_threads),
                 .set = Into(config.write_threads)});
  AddCount(app, {.flag = "--queued-calls",
                 .what = "calls that may wait for a thread; more are refused",
                 .least = 1,
                 .most = 1'000'000,
                 .initial = static_cast<uint32_t>(config.queued_calls),
                 .set = Into(config.queued_calls)});
}

void AddStopFlags(CLI::App& app, Config& config) {
  AddSeconds(app, {.flag = "--lame-duck",
                   .what = "between \"not serving\" in health checks and the "
                           "refusal of calls when stopping",
                   .least = 0,
                   .most = kHour,
                   .initial = absl::ToDoubleSeconds(config.lame_duck),
                   .set = IntoSeconds(config.lame_duck)});
  AddSeconds(app, {.flag = "--shutdown-grace",
                   .what = "that running calls get when stopping",
                   .least = 0,
                   .most = kHour,
                   .initial = absl::ToDoubleSeconds(config.shutdown_grace),
                   .set = IntoSeconds(config.shutdown_grace)});
}

}  // namespace

void AddFlags(CLI::App& app, Config& config, RawFlags& raw) {
  app.add_option("--listen", raw.listen,
                 "address to serve on; port 0 lets the system choose")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_flag("--insecure", config.insecure,
               "allow an address that other machines can reach, although "
               "calls are neither encrypted nor authenticated");
  AddStoreFlags(app, config, raw);
  AddLimitFlags(app, config);
  AddThreadFlags(app, config);
  app.add_flag_function(
      "--no-reflection",
      [&config](int64_t count) { config.reflection = count <= 0; },
      "do not describe the services to clients");
  AddStopFlags(app, config);
  AddChoice(app, "--log-level", kLogLevels, config.log_level,
            "lines to write: these and worse ones");
  app.footer(
      "SIZE is a whole number of bytes, or of KB, MB, GB or TB, each 1024 "
      "times "
      "the one before;\nSECONDS may have a fraction.");
}

}  // namespace twingraph::config

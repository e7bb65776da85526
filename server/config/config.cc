#include "server/config/config.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::config {
namespace {

// Flags whose form differs from that of the setting.
struct RawFlags {
  std::string listen;
  std::vector<std::string> unindexed_paths;
  double history_seconds = 0;
  double call_deadline_seconds = 0;
  double stream_age_seconds = 0;
  double lame_duck_seconds = 0;
  double shutdown_grace_seconds = 0;
};

RawFlags RawFrom(const Config& config) {
  return {config.listen.ToString(),
          {},
          absl::ToDoubleSeconds(config.history_age),
          absl::ToDoubleSeconds(config.call_deadline),
          absl::ToDoubleSeconds(config.stream_age),
          absl::ToDoubleSeconds(config.lame_duck),
          absl::ToDoubleSeconds(config.shutdown_grace)};
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

// The library would take -1 for the largest number there is, and cut what does
// not fit.
std::string CheckSize(const std::string& text) {
  double number = -1;
  const size_t digits = text.find_first_not_of("0123456789.");
  const bool is_size =
      absl::SimpleAtod(absl::string_view(text).substr(0, digits), &number) &&
      number >= 0 && number < 1e12;
  return is_size ? std::string()
                 : text + " is no size, such as 500KB, 64MB or 2GB";
}

std::string CheckCount(const std::string& text) {
  size_t number = 0;
  return absl::SimpleAtoi(text, &number) ? std::string()
                                         : text + " is no number of things";
}

template <typename T>
CLI::Option* AddSize(CLI::App& app, const char* flag, T& value,
                     const char* what) {
  return app.add_option(flag, value, what)
      ->check(CheckSize)
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/false).description(""))
      ->type_name("SIZE");
}

CLI::Option* AddSeconds(CLI::App& app, const char* flag, double& value,
                        const char* what) {
  return app.add_option(flag, value, what)
      ->check([](const std::string& text) {
        double seconds = -1;
        const bool is_time = absl::SimpleAtod(text, &seconds) && seconds >= 0;
        return is_time ? std::string() : text + " is no number of seconds";
      })
      ->type_name("SECONDS")
      ->capture_default_str();
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
  app.add_option("--restore-backup", config.restore_backup,
                 "number of the backup to restore; 0: the newest")
      ->needs(restore)
      ->capture_default_str();
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
  AddSize(app, "--memory-budget", config.memory_budget_bytes,
          "what the process may hold in memory: itself with its calls, models, "
          "relationships, caches and write buffers; at least 128MB")
      ->default_str("512MB");
  AddSize(app, "--topology-memory", config.topology_memory_bytes,
          "of that, for the relationships of all twins (about 24 bytes each); "
          "where they do not fit, queries read the store; 0: always")
      ->default_str(
          "a third of --memory-budget above 88MB, at most a quarter of it");
  AddSize(app, "--disk-reserve", config.disk_reserve_bytes,
          "writes, deletions too, are refused while less than this is free on "
          "the disk; what is left is for flushing, compacting and giving up "
          "history")
      ->default_str("64MB");
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
  AddSeconds(app, "--history-age", raw.history_seconds,
             "how long old revisions stay readable; inf: for ever");
  AddSize(app, "--history-bytes", config.history_bytes,
          "how much history is kept at most; 0: any")
      ->default_str("1GB");
}

void AddCallFlags(CLI::App& app, Config& config, RawFlags& raw) {
  AddSize(app, "--message-bytes", config.message_bytes,
          "largest request message")
      ->default_str("4MB");
  AddSeconds(app, "--call-deadline", raw.call_deadline_seconds,
             "longest time of a unary call");
  AddSeconds(app, "--stream-age", raw.stream_age_seconds,
             "longest time of a query stream");
  app.add_option("--default-page-size", config.default_page_size,
                 "items of a page where the request names no size")
      ->capture_default_str();
  app.add_option("--max-page-size", config.max_page_size,
                 "items of a page at most")
      ->capture_default_str();
  app.add_option("--models-per-upload", config.models_per_upload,
                 "models that one upload may have")
      ->check(CheckCount)
      ->capture_default_str();
  AddSize(app, "--model-bytes", config.model_bytes,
          "largest document of one model")
      ->default_str("1MB");
  app.add_option("--read-threads", config.read_threads,
                 "threads for reads that may wait for a disk")
      ->check(CheckCount)
      ->capture_default_str();
  app.add_option("--write-threads", config.write_threads, "threads for writes")
      ->check(CheckCount)
      ->capture_default_str();
  app.add_option("--queued-calls", config.queued_calls,
                 "calls that may wait for a thread; more are refused")
      ->check(CheckCount)
      ->capture_default_str();
  app.add_flag_function(
      "--no-reflection",
      [&config](int64_t count) { config.reflection = count <= 0; },
      "do not describe the services to clients");
}

void AddFlags(CLI::App& app, Config& config, RawFlags& raw) {
  app.add_option("--listen", raw.listen,
                 "address to serve on; port 0 lets the system choose")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_flag("--insecure", config.insecure,
               "allow an address that other machines can reach, although "
               "calls are neither encrypted nor authenticated");
  AddStoreFlags(app, config, raw);
  AddCallFlags(app, config, raw);
  AddSeconds(app, "--lame-duck", raw.lame_duck_seconds,
             "between \"not serving\" in health checks and the refusal of "
             "calls when stopping");
  AddSeconds(app, "--shutdown-grace", raw.shutdown_grace_seconds,
             "that running calls get when stopping");
  AddChoice(app, "--log-level", kLogLevels, config.log_level,
            "lines to write: these and worse ones");
}

absl::StatusOr<Config> Finish(Config config, const RawFlags& raw) {
  ASSIGN_OR_RETURN(config.listen, ParseListenAddress(raw.listen));
  if (config.unindexed_paths.has_value()) {
    config.unindexed_paths = raw.unindexed_paths;
    std::erase(*config.unindexed_paths, "");
  }
  config.history_age = absl::Seconds(raw.history_seconds);
  config.call_deadline = absl::Seconds(raw.call_deadline_seconds);
  config.stream_age = absl::Seconds(raw.stream_age_seconds);
  config.lame_duck = absl::Seconds(raw.lame_duck_seconds);
  config.shutdown_grace = absl::Seconds(raw.shutdown_grace_seconds);
  RETURN_IF_ERROR(Validate(config));
  return config;
}

// Exit code for a command line that is wrong.
constexpr int kUsageError = 2;

bool IsPointer(const std::string& path) {
  return path.size() > 1 && path[0] == '/' && path.back() != '/';
}

// A check of one flag.
struct Rule {
  bool holds;
  const char* flag;
  const char* text;
};

}  // namespace

MemoryPlan PlanMemory(const Config& config) {
  return PlanMemory(config.memory_budget_bytes, config.topology_memory_bytes);
}

absl::Status Validate(const Config& config) {
  constexpr size_t kMessageLimit = size_t{64} << 20;
  const Rule rules[] = {
      {config.data_dir.empty() == config.in_memory, "data-dir",
       "name either --data-dir DIR or --in-memory"},
      {config.backup_dir.empty() || !config.in_memory, "backup-dir",
       "a graph in memory has no backups"},
      {config.restore_from.empty() || !config.in_memory, "restore-from",
       "a backup is restored into --data-dir DIR"},
      {config.listen.is_loopback() || config.insecure, "listen",
       "other machines can reach this address, but calls are neither "
       "encrypted nor authenticated; name --insecure to allow it"},
      {config.memory_budget_bytes >= kLeastMemoryBudget, "memory-budget",
       "at least 128MB"},
      {PlanMemory(config).topology <= config.memory_budget_bytes / 2,
       "topology-memory", "at most half of --memory-budget"},
      {std::ranges::all_of(
           config.unindexed_paths.value_or(std::vector<std::string>()),
           IsPointer),
       "unindexed-paths", "JSON Pointers, such as /temperature"},
      {config.call_deadline > absl::ZeroDuration(), "call-deadline",
       "more than 0"},
      {config.stream_age > absl::ZeroDuration(), "stream-age", "more than 0"},
      {config.history_age >= absl::Minutes(1), "history-age",
       "at least 60 seconds"},
      {config.message_bytes >= 1024 && config.message_bytes <= kMessageLimit,
       "message-bytes", "from 1KB to 64MB"},
      {config.max_page_size >= 1 && config.max_page_size <= 100'000,
       "max-page-size", "from 1 to 100000"},
      {config.default_page_size >= 1 &&
           config.default_page_size <= config.max_page_size,
       "default-page-size", "from 1 to --max-page-size"},
      {config.models_per_upload >= 1, "models-per-upload", "at least 1"},
      {config.model_bytes >= 1024, "model-bytes", "at least 1KB"},
      {config.read_threads >= 1 && config.read_threads <= 1024, "read-threads",
       "from 1 to 1024"},
      {config.write_threads >= 1 && config.write_threads <= 1024,
       "write-threads", "from 1 to 1024"},
      {config.queued_calls >= 1, "queued-calls", "at least 1"},
  };
  for (const Rule& rule : rules) {
    if (!rule.holds) {
      return InvalidField(absl::StrCat("--", rule.flag), rule.text);
    }
  }
  return absl::OkStatus();
}

CommandLine ParseCommandLine(int argc, const char* const* argv) {
  Config config;
  const size_t cores = std::max(1U, std::thread::hardware_concurrency());
  config.read_threads = std::max<size_t>(2, cores);
  config.write_threads = std::max<size_t>(4, cores);
  RawFlags raw = RawFrom(config);
  CLI::App app("TwinGraph: a self-hosted digital twin graph",
               "twingraph-server");
  app.set_version_flag("--version", std::string(Version()));
  app.set_config("--config", "",
                 "file of settings: a line NAME=VALUE for each flag, without "
                 "its dashes")
      ->type_name("FILE");
  app.allow_config_extras(CLI::config_extras_mode::error);
  AddFlags(app, config, raw);
  CommandLine result;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    result.exit_code = app.exit(error, out, out) == 0 ? 0 : kUsageError;
    result.text = out.str();
    return result;
  }
  absl::StatusOr<Config> finished = Finish(config, raw);
  if (finished.ok()) {
    result.config = *std::move(finished);
  } else {
    result.text = absl::StrCat(finished.status().message(),
                               "\nRun with --help for more information.\n");
    result.exit_code = kUsageError;
  }
  return result;
}

absl::string_view Version() {
  return TWINGRAPH_VERSION;
}

}  // namespace twingraph::config

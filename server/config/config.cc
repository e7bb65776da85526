#include "server/config/config.h"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "server/config/flags.h"
#include "server/config/number_option.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::config {
namespace {

absl::StatusOr<Config> Finish(Config config, const RawFlags& raw) {
  ASSIGN_OR_RETURN(config.listen, ParseListenAddress(raw.listen));
  if (config.unindexed_paths.has_value()) {
    config.unindexed_paths = raw.unindexed_paths;
    std::erase(*config.unindexed_paths, "");
  }
  RETURN_IF_ERROR(Validate(config));
  return config;
}

// Exit code for a command line that is wrong.
constexpr int kUsageError = 2;

bool IsPointer(const std::string& path) {
  return path.size() > 1 && path[0] == '/' && path.back() != '/';
}

// A check of flags together, or of one that is no number.
struct Rule {
  bool holds;
  const char* flag;
  std::string text;
};

// By their names; links are not followed.
bool IsInside(const std::string& directory, const std::string& other) {
  if (directory.empty() || other.empty()) {
    return false;
  }
  const auto full = [](const std::string& name) {
    return (std::filesystem::absolute(name) / "").lexically_normal().string();
  };
  return absl::StartsWith(full(directory), full(other));
}

}  // namespace

MemoryPlan PlanMemory(const Config& config) {
  return PlanMemory(config.memory_budget_bytes, config.topology_memory_bytes);
}

absl::Status Validate(const Config& config) {
  const std::vector<std::string> paths =
      config.unindexed_paths.value_or(std::vector<std::string>());
  const auto wrong_path = std::ranges::find_if_not(paths, IsPointer);
  const size_t topology = PlanMemory(config).topology;
  const size_t most_topology = config.memory_budget_bytes / 2;
  const Rule rules[] = {
      {config.data_dir.empty() == config.in_memory, "data-dir",
       "name either --data-dir DIR or --in-memory"},
      {config.backup_dir.empty() || !config.in_memory, "backup-dir",
       "a graph in memory has no backups"},
      {!IsInside(config.backup_dir, config.data_dir), "backup-dir",
       absl::StrCat("\"", config.backup_dir,
                    "\" is in --data-dir, and would be lost with it")},
      {config.restore_from.empty() || !config.in_memory, "restore-from",
       "a backup is restored into --data-dir DIR"},
      {config.listen.is_loopback() || config.insecure, "listen",
       absl::StrCat("other machines can reach ", config.listen.ToString(),
                    ", but calls are neither encrypted nor authenticated; name "
                    "--insecure to allow it")},
      {topology <= most_topology, "topology-memory",
       absl::StrCat("\"", FormatSize(topology),
                    "\" is more than half of --memory-budget, ",
                    FormatSize(most_topology))},
      {wrong_path == paths.end(), "unindexed-paths",
       absl::StrCat("\"", wrong_path == paths.end() ? "" : *wrong_path,
                    "\" is no JSON Pointer, such as /temperature")},
      {config.default_page_size <= config.max_page_size, "default-page-size",
       absl::StrCat("\"", config.default_page_size,
                    "\" is more than --max-page-size, ", config.max_page_size)},
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
  RawFlags raw{.listen = config.listen.ToString(), .unindexed_paths = {}};
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

// `scripts/check crash`: a child process commits from several threads, with
// flushes, compactions, trims, backups and checkpoints beside them, and writes
// down what it was promised; it is killed at a random moment. Of its files and
// names only what it synced is sure to be left (tests/support/power_loss_disk),
// so the kill is a power loss. Then the store is opened and compared. The last
// line says PASS or FAIL.
//
//   twingraph_check_storage_crash [--rounds N] [--seed N] [--self-check]
//
// With durability fsync every acknowledged commit is there, at its revision;
// with os a prefix of the commits is there, and no revision of an epoch is
// given twice. In both no commit is half there, log, history, rows and counters
// agree, and backups and checkpoints that were promised are whole. A graph
// beside it, whose indexes are cleared and built again, is sound by CheckGraph
// when indexes that it knows as unbuilt are, with what was acknowledged of its
// twins.

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "tests/checks/crash_checker.h"
#include "tests/checks/crash_child.h"
#include "tests/support/power_loss_disk.h"
#include "tests/support/temp_dir.h"

namespace twingraph {
namespace {

constexpr int kRoundsOnOneStore = 20;

const char* NameOf(kv::Durability durability) {
  return durability == kv::Durability::kOs ? "os" : "fsync";
}

// Becomes this program, as a child that writes to `output`.
[[noreturn]] void BecomeChild(const ChildOptions& options, int output) {
  dup2(output, STDOUT_FILENO);
  const std::string seed = absl::StrCat(options.seed);
  execl("/proc/self/exe", "crash-child", "--child", options.directory.c_str(),
        "--record", options.record.c_str(), "--durability",
        NameOf(options.durability), "--seed", seed.c_str(), "--syncs",
        absl::StrCat(static_cast<int>(options.syncs)).c_str(), nullptr);
  _exit(127);
}

// How long a child lives: a little of its start, or some of its work.
struct Life {
  bool begins_open = true;
  std::chrono::microseconds length;
};

Life RandomLife(std::mt19937_64& random) {
  return {.begins_open = random() % 5 != 0,
          .length = std::chrono::microseconds(random() % 300'000)};
}

// Reads what a child says until it has said `line`, or all it says.
void ReadOutput(int pipe_end, std::string& text, absl::string_view line = "") {
  char buffer[65536];
  while (line.empty() || !absl::StrContains(text, line)) {
    const ssize_t size = read(pipe_end, buffer, sizeof(buffer));
    if (size <= 0) {
      return;
    }
    text.append(buffer, static_cast<size_t>(size));
  }
}

// Runs a child for a while and kills it; what it was promised.
// Errors: INTERNAL where it ended by itself.
absl::StatusOr<Promises> RunAndKill(const ChildOptions& options, Life life) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
    std::abort();
  }
  const pid_t child = fork();
  if (child == 0) {
    BecomeChild(options, pipe_ends[1]);
  }
  close(pipe_ends[1]);
  std::string text;
  ReadOutput(pipe_ends[0], text, life.begins_open ? kOpenLine : kWatchedLine);
  std::thread killer([&] {
    std::this_thread::sleep_for(life.length);
    kill(child, SIGKILL);
  });
  ReadOutput(pipe_ends[0], text);
  killer.join();
  int ending = 0;
  waitpid(child, &ending, 0);
  close(pipe_ends[0]);
  if (!WIFSIGNALED(ending) || WTERMSIG(ending) != SIGKILL) {
    return absl::InternalError("the child ended by itself");
  }
  return ReadPromises(text);
}

// A store that is killed again and again.
class Victim {
 public:
  Victim(kv::Durability durability, Syncs syncs)
      : checker_(durability, directory_.path() + "/disk"),
        options_{.directory = directory_.path() + "/disk",
                 .record = directory_.path() + "/record",
                 .syncs = syncs,
                 .durability = durability} {
    std::filesystem::create_directories(options_.directory + kCopiesName);
  }

  // One life and its end; returns what it was promised.
  absl::StatusOr<Promises> Live(std::mt19937_64& random) {
    options_.seed = random() % 1'000'000'000;
    if (options_.syncs != Syncs::kFilesOnly) {
      options_.syncs = random() % 2 == 0 ? Syncs::kAll : Syncs::kAllAndMore;
    }
    ASSIGN_OR_RETURN(Promises promises,
                     RunAndKill(options_, RandomLife(random)));
    LosePower(options_.directory, options_.record,
              std::array{Loss::kAll, Loss::kNames, Loss::kBytes}[random() % 3],
              options_.seed);
    return promises;
  }

  // Is what is left as it was promised?
  absl::Status Check(const Promises& promises, std::mt19937_64& random) {
    return checker_.Check(promises, /*in_place=*/random() % 2 == 0);
  }

  const CrashChecker& checker() const { return checker_; }

 private:
  const TempDir directory_;
  CrashChecker checker_;
  ChildOptions options_;
};

// Of all stores.
struct Totals {
  void Add(const Victim* victim) {
    if (victim != nullptr) {
      lost += victim->checker().lost();
      unbuilt += victim->checker().graph_losses().unbuilt;
      cleared += victim->checker().graph_losses().cleared;
    }
  }

  int64_t lost = 0;
  int64_t unbuilt = 0;
  int64_t cleared = 0;
};

int RunRounds(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  int64_t commits = 0;
  for (const auto durability : {kv::Durability::kFsync, kv::Durability::kOs}) {
    Totals totals;
    std::unique_ptr<Victim> victim;
    for (int round = 0; round < rounds / 2; ++round) {
      if (round % kRoundsOnOneStore == 0) {
        totals.Add(victim.get());
        victim = std::make_unique<Victim>(durability, Syncs::kAll);
      }
      const auto promises = victim->Live(random);
      const absl::Status status =
          promises.ok() ? victim->Check(*promises, random) : promises.status();
      if (!status.ok()) {
        std::printf("FAIL crash: round %d, %s, seed %llu: %s\n", round,
                    NameOf(durability), static_cast<unsigned long long>(seed),
                    status.ToString().c_str());
        return 1;
      }
      commits += static_cast<int64_t>(promises->commits.size() +
                                      promises->graph.size());
    }
    totals.Add(victim.get());
    std::printf(
        "%s: %d rounds, %lld commits lost as allowed, indexes unbuilt after "
        "%lld and without a place after %lld\n",
        NameOf(durability), rounds / 2, static_cast<long long>(totals.lost),
        static_cast<long long>(totals.unbuilt),
        static_cast<long long>(totals.cleared));
    std::fflush(stdout);
  }
  std::printf("PASS crash: %d rounds, %lld acknowledged commits, seed %llu\n",
              rounds, static_cast<long long>(commits),
              static_cast<unsigned long long>(seed));
  return 0;
}

// The check must notice a store that does not sync its directories.
int RunSelfCheck(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Victim victim(kv::Durability::kFsync, Syncs::kFilesOnly);
  for (int round = 0; round < rounds; ++round) {
    const auto promises = victim.Live(random);
    if (!promises.ok()) {
      std::printf("FAIL crash self-check: %s\n",
                  promises.status().ToString().c_str());
      return 1;
    }
    if (const absl::Status loss = victim.Check(*promises, random); !loss.ok()) {
      std::printf("PASS crash self-check: noticed in round %d: %s\n", round,
                  loss.ToString().c_str());
      return 0;
    }
  }
  std::printf("FAIL crash self-check: nothing noticed in %d rounds\n", rounds);
  return 1;
}

}  // namespace
}  // namespace twingraph

int main(int argc, char** argv) {
  using twingraph::ChildOptions;
  CLI::App app("Kills a store at random moments and looks what is left.");
  int rounds = 500;
  bool is_self_check = false;
  std::string durability = "fsync";
  int syncs = 0;
  ChildOptions child;
  app.add_option("--rounds", rounds, "How many kills")->capture_default_str();
  app.add_option("--seed", child.seed, "Repeats the moments; 0: by the clock")
      ->capture_default_str();
  app.add_flag("--self-check", is_self_check,
               "Passes when a store that does not sync directories is noticed");
  app.add_option("--child", child.directory,
                 "Used by the program for itself, as all below");
  app.add_option("--record", child.record, "");
  app.add_option("--durability", durability, "");
  app.add_option("--syncs", syncs, "");
  CLI11_PARSE(app, argc, argv);
  twingraph::SetLogLevel(twingraph::LogLevel::kError);
  if (!child.directory.empty()) {
    child.durability = durability == "os" ? twingraph::kv::Durability::kOs
                                          : twingraph::kv::Durability::kFsync;
    child.syncs = static_cast<twingraph::Syncs>(syncs);
    return twingraph::RunChild(child);
  }
  if (child.seed == 0) {
    child.seed = static_cast<uint64_t>(
        std::chrono::system_clock::now().time_since_epoch().count());
  }
  return is_self_check ? twingraph::RunSelfCheck(rounds, child.seed)
                       : twingraph::RunRounds(rounds, child.seed);
}

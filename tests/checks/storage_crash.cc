// `scripts/check crash`: a child process commits from several threads and
// writes down each acknowledgement; it is killed at a random moment over a file
// system that keeps unsynced data in its memory, so the kill is a power loss.
// Then the store is opened and compared. The last line says PASS or FAIL.
//
//   twingraph_check_storage_crash [--rounds N] [--seed N]
//
// With durability fsync every acknowledged commit is there, at its revision;
// with os a prefix of the commits is there, and no revision of an epoch is
// given twice. In both no commit is half there, and log, rows and counters
// agree.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "storage/commit/store.h"
#include "storage/kv/counter.h"
#include "tests/support/kv_engines.h"
#include "tests/support/power_loss_env.h"
#include "tests/support/temp_dir.h"

namespace twingraph {
namespace {

constexpr int kThreads = 4;

absl::StatusOr<std::unique_ptr<commit::Store>> OpenStore(
    const std::string& directory, kv::Durability durability,
    rocksdb::Env* env) {
  ASSIGN_OR_RETURN(auto engine,
                   kv_rocks::OpenEngine(
                       TestSpaces(), {.directory = directory,
                                      .memory_budget_bytes = size_t{16} << 20,
                                      .env = env}));
  commit::StoreOptions options;
  options.durability = durability;
  options.maintenance_interval = absl::ZeroDuration();
  return commit::Store::Open(Context(), std::move(engine), options, {});
}

// One commit: the same row in two spaces, a counter, an index entry.
absl::StatusOr<commit::CommitInfo> CommitOne(commit::Store& store,
                                             const std::string& key,
                                             uint64_t* number) {
  const Context ctx;
  return store.RunTransaction(
      ctx, {}, [&](commit::Transaction& tx) -> absl::Status {
        ASSIGN_OR_RETURN(*number, tx.ReserveNumbers(ctx, kNumber, "ids", 1));
        RETURN_IF_ERROR(tx.Put(kFacts, key, key));
        RETURN_IF_ERROR(tx.Put(kEdges, key, std::string(300, 'e')));
        RETURN_IF_ERROR(tx.Put(kIndex, key, ""));
        return tx.Increment(kCounter, "total", 1);
      });
}

// Commits until it is killed; a line for each acknowledgement:
// epoch revision number key.
int RunChild(const std::string& directory, kv::Durability durability,
             uint64_t seed) {
  const std::unique_ptr<rocksdb::Env> env = NewPowerLossEnv();
  auto store = OpenStore(directory, durability, env.get());
  if (!store.ok()) {
    std::fprintf(stderr, "child: %s\n", store.status().ToString().c_str());
    return 1;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      std::mt19937_64 random(seed + static_cast<uint64_t>(i));
      for (int n = 0;; ++n) {
        const std::string key = absl::StrCat("k", seed, "/", i, "/", n);
        uint64_t number = 0;
        const auto info = CommitOne(**store, key, &number);
        if (!info.ok()) {
          std::abort();
        }
        const std::string line =
            absl::StrCat((*store)->head()->incarnation.epoch, " ",
                         info->revision, " ", number, " ", key, "\n");
        if (write(STDOUT_FILENO, line.data(), line.size()) < 0) {
          return;
        }
        if (random() % 500 == 0) {
          (*store)->engine().Flush().IgnoreError();
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  return 0;
}

struct Acknowledged {
  uint64_t epoch = 0;
  kv::Revision revision = 0;
  uint64_t number = 0;
};

// By key.
using Acknowledgements = std::map<std::string, Acknowledged>;

// Runs a child for a while and kills it; what it acknowledged.
Acknowledgements RunAndKill(const std::string& program,
                            const std::string& directory,
                            kv::Durability durability, uint64_t seed,
                            std::chrono::microseconds life) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) {
    std::abort();
  }
  const std::string mode = durability == kv::Durability::kOs ? "os" : "fsync";
  const std::string seed_text = absl::StrCat(seed);
  const pid_t child = fork();
  if (child == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    execl(program.c_str(), program.c_str(), "--child", directory.c_str(),
          "--durability", mode.c_str(), "--seed", seed_text.c_str(), nullptr);
    _exit(127);
  }
  close(pipe_ends[1]);
  std::thread killer([&] {
    std::this_thread::sleep_for(life);
    kill(child, SIGKILL);
  });
  std::string text;
  char buffer[65536];
  for (ssize_t size = 0;
       (size = read(pipe_ends[0], buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<size_t>(size));
  }
  killer.join();
  waitpid(child, nullptr, 0);
  close(pipe_ends[0]);
  Acknowledgements acknowledged;
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  lines.pop_back();  // empty, or cut by the kill
  for (const std::string& line : lines) {
    const std::vector<std::string> parts = absl::StrSplit(line, ' ');
    Acknowledged& entry = acknowledged[parts.at(3)];
    if (!absl::SimpleAtoi(parts[0], &entry.epoch) ||
        !absl::SimpleAtoi(parts[1], &entry.revision) ||
        !absl::SimpleAtoi(parts[2], &entry.number)) {
      std::abort();
    }
  }
  return acknowledged;
}

// What the checker knows of all rounds on one store.
struct Known {
  // Acknowledged and found in the store by the last check, or new.
  Acknowledgements commits;
  std::set<std::pair<uint64_t, kv::Revision>> revisions;
  std::set<uint64_t> numbers;
  // Acknowledged and gone, as os allows.
  int64_t lost = 0;
};

absl::StatusOr<std::map<std::string, kv::Row>> ReadSpace(
    const commit::Reader& reader, kv::SpaceId space) {
  std::map<std::string, kv::Row> rows;
  const auto cursor = reader.Scan(Context(), space, kv::Range::All());
  while (cursor->Next()) {
    rows[std::string(cursor->key())] = {std::string(cursor->value()),
                                        cursor->revision()};
  }
  RETURN_IF_ERROR(cursor->status());
  return rows;
}

// No commit is half there, and the log follows itself from its start.
absl::StatusOr<std::map<std::string, kv::Row>> CheckWhole(
    const commit::Store& store) {
  ASSIGN_OR_RETURN(const auto reader, store.OpenSnapshot(Context()));
  ASSIGN_OR_RETURN(auto facts, ReadSpace(*reader, kFacts));
  for (const kv::SpaceId space : {kEdges, kIndex}) {
    ASSIGN_OR_RETURN(const auto others, ReadSpace(*reader, space));
    if (others.size() != facts.size()) {
      return absl::InternalError("a commit is half there");
    }
    for (const auto& [key, row] : facts) {
      const auto other = others.find(key);
      if (other == others.end() || other->second.revision != row.revision) {
        return absl::InternalError(absl::StrCat(key, " is half there"));
      }
    }
  }
  ASSIGN_OR_RETURN(const auto total, reader->Get(Context(), kCounter, "total"));
  const int64_t count =
      total.has_value() ? *kv::DecodeCounter(total->value) : 0;
  if (count != static_cast<int64_t>(facts.size())) {
    return absl::InternalError(
        absl::StrCat("the counter says ", count, ", there are ", facts.size()));
  }
  uint64_t hash = 0;
  kv::Revision last = 0;
  absl::Status status;
  RETURN_IF_ERROR(
      store.engine().ReadLog(Context(), 0, [&](absl::string_view record) {
        const auto header = kv::DecodeGroupHeader(record);
        status = header.status();
        if (status.ok() && (header->previous_hash != hash ||
                            header->previous_revision != last)) {
          status = absl::InternalError("the log does not follow itself");
        }
        if (status.ok()) {
          hash = header->hash;
          last = header->last_revision();
        }
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  return facts;
}

absl::Status CheckRound(const std::string& directory, kv::Durability durability,
                        const Acknowledgements& fresh, Known& known) {
  for (const auto& [key, entry] : fresh) {
    if (!known.revisions.insert({entry.epoch, entry.revision}).second) {
      return absl::InternalError(
          absl::StrCat("revision ", entry.revision, " was given twice"));
    }
    if (durability == kv::Durability::kFsync &&
        !known.numbers.insert(entry.number).second) {
      return absl::InternalError(
          absl::StrCat("number ", entry.number, " was given twice"));
    }
    known.commits[key] = entry;
  }
  ASSIGN_OR_RETURN(const auto store, OpenStore(directory, durability, nullptr));
  ASSIGN_OR_RETURN(const auto facts, CheckWhole(*store));
  // With os, what is there must be a prefix: nothing missing below something
  // that is there.
  kv::Revision newest = 0;
  for (const auto& [key, row] : facts) {
    newest = std::max(newest, row.revision);
  }
  for (auto it = known.commits.begin(); it != known.commits.end();) {
    const auto found = facts.find(it->first);
    if (found != facts.end()) {
      if (found->second.revision != it->second.revision) {
        return absl::InternalError(absl::StrCat(it->first, " has moved"));
      }
      ++it;
      continue;
    }
    if (durability == kv::Durability::kFsync || it->second.revision <= newest) {
      return absl::InternalError(absl::StrCat(
          it->first, " of revision ", it->second.revision, " is missing"));
    }
    it = known.commits.erase(it);
    ++known.lost;
  }
  return absl::OkStatus();
}

int RunRounds(const std::string& program, int rounds, uint64_t seed) {
  constexpr int kRoundsOnOneStore = 20;
  std::mt19937_64 random(seed);
  int64_t commits = 0;
  for (const auto durability : {kv::Durability::kFsync, kv::Durability::kOs}) {
    const char* mode = durability == kv::Durability::kOs ? "os" : "fsync";
    auto directory = std::make_unique<TempDir>();
    Known known;
    int64_t lost = 0;
    for (int round = 0; round < rounds / 2; ++round) {
      if (round % kRoundsOnOneStore == 0) {
        directory = std::make_unique<TempDir>();
        lost += known.lost;
        known = Known();
      }
      const std::string path = directory->path() + "/store";
      const auto fresh =
          RunAndKill(program, path, durability, random() % 1'000'000'000,
                     std::chrono::microseconds(20'000 + random() % 380'000));
      commits += static_cast<int64_t>(fresh.size());
      if (const absl::Status status =
              CheckRound(path, durability, fresh, known);
          !status.ok()) {
        std::printf("FAIL crash: round %d, %s, seed %llu: %s\n", round, mode,
                    static_cast<unsigned long long>(seed),
                    status.ToString().c_str());
        return 1;
      }
    }
    std::printf("%s: %d rounds, %lld commits lost as allowed\n", mode,
                rounds / 2, static_cast<long long>(lost + known.lost));
    std::fflush(stdout);
  }
  std::printf("PASS crash: %d rounds, %lld acknowledged commits, seed %llu\n",
              rounds, static_cast<long long>(commits),
              static_cast<unsigned long long>(seed));
  return 0;
}

}  // namespace
}  // namespace twingraph

int main(int argc, char** argv) {
  CLI::App app("Kills a store at random moments and looks what is left.");
  int rounds = 500;
  uint64_t seed = 0;
  std::string child;
  std::string durability = "fsync";
  app.add_option("--rounds", rounds, "How many kills")->capture_default_str();
  app.add_option("--seed", seed, "Repeats the moments; 0: by the clock")
      ->capture_default_str();
  app.add_option("--child", child, "Used by the program for itself");
  app.add_option("--durability", durability, "Used by the program for itself");
  CLI11_PARSE(app, argc, argv);
  twingraph::SetLogLevel(twingraph::LogLevel::kError);
  if (!child.empty()) {
    return twingraph::RunChild(child,
                               durability == "os"
                                   ? twingraph::kv::Durability::kOs
                                   : twingraph::kv::Durability::kFsync,
                               seed);
  }
  if (seed == 0) {
    seed = static_cast<uint64_t>(
        std::chrono::system_clock::now().time_since_epoch().count());
  }
  return twingraph::RunRounds("/proc/self/exe", rounds, seed);
}

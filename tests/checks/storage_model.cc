// `scripts/check storage-model`: random operations on a store in a temporary
// directory beside a model of it. The last line says PASS or FAIL; a failure
// names the seed and operation that repeat it.
//
//   twingraph_check_storage_model [--operations N] [--seed N] [--memory]

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include "CLI/CLI.hpp"

#include "storage/base/log.h"
#include "tests/support/store_model.h"
#include "tests/support/temp_dir.h"

int main(int argc, char** argv) {
  CLI::App app("Random operations on a store beside a model of it.");
  int64_t operations = 1'000'000;
  uint64_t seed = 0;
  bool in_memory = false;
  app.add_option("--operations", operations, "How many operations")
      ->capture_default_str();
  app.add_option("--seed", seed, "Repeats a run; 0: by the clock")
      ->capture_default_str();
  app.add_flag("--memory", in_memory,
               "The reference engine instead of RocksDB");
  CLI11_PARSE(app, argc, argv);
  if (seed == 0) {
    seed = static_cast<uint64_t>(
        std::chrono::system_clock::now().time_since_epoch().count());
  }
  twingraph::SetLogLevel(twingraph::LogLevel::kError);
  const twingraph::TempDir directory;
  twingraph::StoreModel model({.seed = seed,
                               .engine = in_memory
                                             ? twingraph::EngineKind::kMemory
                                             : twingraph::EngineKind::kRocks,
                               .directory = directory.path() + "/store"});
  constexpr int64_t kReportEvery = 100'000;
  for (int64_t done = 0; done < operations;) {
    const int64_t count = std::min(kReportEvery, operations - done);
    const absl::Status status = model.Run(count);
    if (!status.ok()) {
      std::printf("FAIL storage-model after %lld operations: %s\n",
                  static_cast<long long>(done), status.ToString().c_str());
      return 1;
    }
    done += count;
    std::printf("%lld operations\n", static_cast<long long>(done));
    std::fflush(stdout);
  }
  std::printf("PASS storage-model: %lld operations, seed %llu\n",
              static_cast<long long>(operations),
              static_cast<unsigned long long>(seed));
  return 0;
}

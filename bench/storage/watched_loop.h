#pragma once

// The loop of a benchmark whose callers compete: does one of them starve?

#include <atomic>
#include <cstdint>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "benchmark/benchmark.h"

namespace twingraph::bench {

// Runs `work` in the loop and reports as `longest_waits` the longest time that
// one call of any thread took, in mean calls of a thread.
template <typename Work>
void RunWatched(benchmark::State& state, Work work) {
  // The loop begins and ends when all threads have come to it.
  static std::atomic<int64_t> longest_ns;
  if (state.thread_index() == 0) {
    longest_ns = 0;
  }
  const absl::Time begin = absl::Now();
  for (auto _ : state) {
    const absl::Time start = absl::Now();
    work();
    const int64_t took = absl::ToInt64Nanoseconds(absl::Now() - start);
    int64_t known = longest_ns;
    while (took > known && !longest_ns.compare_exchange_weak(known, took)) {
    }
  }
  if (state.thread_index() == 0) {
    const double mean_ns = absl::ToDoubleNanoseconds(absl::Now() - begin) /
                           static_cast<double>(state.iterations());
    state.counters["longest_waits"] = static_cast<double>(longest_ns) / mean_ns;
  }
}

}  // namespace twingraph::bench

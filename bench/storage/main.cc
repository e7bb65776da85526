// Benchmarks of the storage layers, each beside its floor; scripts/bench
// storage runs them and prints the ratios of bench/storage/ratios.json.

#include "benchmark/benchmark.h"

BENCHMARK_MAIN();

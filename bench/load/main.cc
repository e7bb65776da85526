// twingraph_load: compares the rate of real calls with that of an empty one on
// the same server, in interleaved rounds, and prints ratios with the server's
// processor time per call. Any call that is not OK fails the run.
//
// Run by scripts/bench rpc, which starts the server and gives each side a core.

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/grpcpp.h"

#include "bench/load/call_loop.h"
#include "bench/load/process_cpu.h"
#include "bench/load/workload.h"
#include "storage/base/status_macros.h"

namespace twingraph::bench {
namespace {

struct Options {
  std::string server;
  int server_pid = 0;
  int twins = 10'000;
  int in_flight = 64;
  int rounds = 5;
  double seconds = 2;
};

struct Row {
  std::string name;
  CallPlan plan;
  std::vector<double> rates = {};
  std::vector<double> cpu_micros = {};  // of the server, per call
  std::vector<absl::Duration> latencies = {};
};

template <typename T>
T Quantile(std::vector<T> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(part *
                                    static_cast<double>(values.size() - 1))];
}

absl::Status RunOnce(grpc::GenericStub& stub, const Options& options,
                     absl::Duration length, Row& row) {
  ASSIGN_OR_RETURN(const absl::Duration before, CpuTimeOf(options.server_pid));
  ASSIGN_OR_RETURN(const LoopResult result,
                   RunCalls(stub, row.plan, options.in_flight, length));
  ASSIGN_OR_RETURN(const absl::Duration after, CpuTimeOf(options.server_pid));
  row.rates.push_back(result.rate());
  row.cpu_micros.push_back(absl::ToDoubleMicroseconds(after - before) /
                           static_cast<double>(result.calls));
  row.latencies.insert(row.latencies.end(), result.latencies.begin(),
                       result.latencies.end());
  return absl::OkStatus();
}

void Print(const std::vector<Row>& rows, const Options& options) {
  std::printf("%d twins, %d calls in flight, %d rounds of %.1f s each\n",
              options.twins, options.in_flight, options.rounds,
              options.seconds);
  std::printf("%-18s %10s %9s %14s %9s %9s\n", "call", "calls/s", "of empty",
              "server us/call", "p50 ms", "p99 ms");
  for (const Row& row : rows) {
    std::vector<double> ratios;
    for (size_t i = 0; i < row.rates.size(); ++i) {
      ratios.push_back(row.rates[i] / rows[0].rates[i]);
    }
    std::printf("%-18s %10.0f %9.2f %14.1f %9.2f %9.2f\n", row.name.c_str(),
                Quantile(row.rates, 0.5), Quantile(ratios, 0.5),
                Quantile(row.cpu_micros, 0.5),
                absl::ToDoubleMilliseconds(Quantile(row.latencies, 0.5)),
                absl::ToDoubleMilliseconds(Quantile(row.latencies, 0.99)));
  }
}

absl::Status Run(const Options& options) {
  const auto channel =
      grpc::CreateChannel(options.server, grpc::InsecureChannelCredentials());
  RETURN_IF_ERROR(MakeWorld(channel, options.twins));
  grpc::GenericStub stub(channel);
  std::vector<Row> rows = {{"empty", EmptyCalls()},
                           {"GetTwin", GetCalls(options.twins)},
                           {"PatchTwin", PatchCalls(options.twins)},
                           {"PatchTwin, one twin", HotPatchCalls()}};
  for (Row& row : rows) {  // warm up, not counted
    RETURN_IF_ERROR(RunOnce(stub, options, absl::Milliseconds(300), row));
    row.rates.clear();
    row.cpu_micros.clear();
    row.latencies.clear();
  }
  for (int round = 0; round < options.rounds; ++round) {
    for (Row& row : rows) {
      RETURN_IF_ERROR(
          RunOnce(stub, options, absl::Seconds(options.seconds), row));
    }
  }
  Print(rows, options);
  return absl::OkStatus();
}

}  // namespace
}  // namespace twingraph::bench

int main(int argc, char** argv) {
  twingraph::bench::Options options;
  CLI::App app("Compares the rate of calls with that of an empty call.");
  app.add_option("--server", options.server, "HOST:PORT")->required();
  app.add_option("--server-pid", options.server_pid, "process of the server")
      ->required();
  app.add_option("--twins", options.twins, "twins in the graph")
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--in-flight", options.in_flight, "calls at a time")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--rounds", options.rounds, "rounds of all calls")
      ->check(CLI::Range(1, 1000));
  app.add_option("--seconds", options.seconds, "length of one run")
      ->check(CLI::Range(0.01, 600.0));
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = twingraph::bench::Run(options);
  if (!status.ok()) {
    std::fprintf(stderr, "twingraph_load: %s\n", status.ToString().c_str());
    return 1;
  }
  return 0;
}

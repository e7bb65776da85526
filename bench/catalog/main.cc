// twingraph_bench_catalog: what a large model set costs, from its text to a
// catalog that checks and queries use, beside a JSON library that only reads
// the text. Prints the best of some rounds; a step that fails ends the run.
//
// Run by scripts/bench catalog.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include <malloc.h>

#include "bench/catalog/model_world.h"
#include "server/catalog/catalog.h"
#include "server/dtdl/parser.h"
#include "storage/base/json.h"

namespace twingraph::bench {
namespace {

struct Options {
  int models = 10'000;
  int rounds = 3;
  std::string write;
};

// Takes every event and does nothing.
class NoEvents final : public JsonEvents {
 public:
  bool Null(size_t /*end*/) override { return true; }

  bool Bool(bool /*value*/, size_t /*end*/) override { return true; }

  bool Number(absl::string_view /*token*/, size_t /*end*/) override {
    return true;
  }

  bool String(absl::string_view /*text*/, size_t /*end*/) override {
    return true;
  }

  bool BeginObject(size_t /*end*/) override { return true; }

  bool Key(absl::string_view /*name*/, size_t /*end*/) override { return true; }

  bool EndObject(size_t /*end*/) override { return true; }

  bool BeginArray(size_t /*end*/) override { return true; }

  bool EndArray(size_t /*end*/) override { return true; }
};

void Require(bool is_right, const std::string& what) {
  if (!is_right) {
    fprintf(stderr, "error: %s\n", what.c_str());
    std::exit(1);
  }
}

void Require(const absl::Status& status) {
  Require(status.ok(), std::string(status.message()));
}

std::shared_ptr<const dtdl::Interface> NoInterface(absl::string_view /*id*/) {
  return nullptr;
}

// Processor time of this process: other work on the machine does not count.
absl::Duration CpuTime() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

// Prints rows: processor time, and its ratio to the first one's.
class Report {
 public:
  explicit Report(int rounds) : rounds_(rounds) {}

  // The best of some rounds of `work`; `units` of the work are one row.
  template <typename Work>
  void Add(const char* name, int units, Work work) {
    absl::Duration best = absl::InfiniteDuration();
    for (int i = 0; i < rounds_; ++i) {
      const absl::Duration begin = CpuTime();
      work();
      best = std::min(best, CpuTime() - begin);
    }
    best /= units;
    if (floor_ == absl::ZeroDuration()) {
      floor_ = best;
    }
    printf("%-46s %12s %9.2f\n", name, absl::FormatDuration(best).c_str(),
           absl::FDivDuration(best, floor_));
  }

 private:
  const int rounds_;
  absl::Duration floor_;
};

catalog::CatalogChange ChangeOf(const dtdl::ParsedModels& set) {
  catalog::CatalogChange change;
  uint32_t number = 0;
  for (const auto& interface : set.interfaces) {
    change.added.push_back(
        {.number = graph::ModelNumber{++number}, .interface = interface});
  }
  return change;
}

void MeasureMemory(const std::vector<std::string>& models, size_t bytes) {
  const size_t before = mallinfo2().uordblks;
  auto set = std::make_unique<dtdl::ParsedModels>(
      dtdl::ParseModels(models, NoInterface));
  const size_t parsed = mallinfo2().uordblks;
  const catalog::Catalog full = catalog::Catalog().After(ChangeOf(*set));
  const size_t made = mallinfo2().uordblks;
  printf("memory per byte of text: interfaces %.2f, catalog %.2f\n",
         static_cast<double>(parsed - before) / static_cast<double>(bytes),
         static_cast<double>(made - parsed) / static_cast<double>(bytes));
}

// One model a line.
void Write(const Options& options) {
  std::ofstream file(options.write);
  for (const std::string& model : MakeModels(options.models)) {
    file << model << '\n';
  }
  Require(file.flush().good(), "the models can be written");
}

void Run(const Options& options) {
  const std::vector<std::string> models = MakeModels(options.models);
  size_t bytes = 0;
  for (const std::string& model : models) {
    bytes += model.size();
  }
  printf("%zu models, %.1f MB of text\n", models.size(),
         static_cast<double>(bytes) / 1e6);
  MeasureMemory(models, bytes);
  printf("%-46s %12s %9s\n", "STEP", "CPU TIME", "RATIO");
  Report report(options.rounds);
  report.Add("a JSON library reads the text", 1, [&] {
    NoEvents events;
    for (const std::string& model : models) {
      Require(ParseJson(model, events));
    }
  });
  dtdl::ParsedModels set;
  report.Add("models parsed and validated", 1,
             [&] { set = dtdl::ParseModels(models, NoInterface); });
  Require(set.ok(), "the models are valid");
  const catalog::CatalogChange change = ChangeOf(set);
  catalog::Catalog full;
  report.Add("catalog made of parsed models", 1,
             [&] { full = catalog::Catalog().After(change); });
  Require(full.size() == models.size(), "the catalog has all models");
  const std::string one = MakeModels(options.models + 1).back();
  const dtdl::ParsedModels next =
      dtdl::ParseModels({&one, 1}, [&](absl::string_view id) {
        const auto model = full.Find(id);
        return model == nullptr ? nullptr : model->interface;
      });
  catalog::CatalogChange more = ChangeOf(next);
  more.added[0].number =
      graph::ModelNumber{static_cast<uint32_t>(options.models) + 1};
  report.Add("next catalog after one more model", 1,
             [&] { Require(full.After(more).size() > full.size(), "grows"); });
  report.Add("models of the root's kind, for a query", 1, [&] {
    Require(
        full.ModelsOf(ModelId(0), false).Members().size() + 2 == models.size(),
        "all kinds are of the root's");
  });
  constexpr int kTests = 100'000;
  report.Add("is one model of another's kind", kTests, [&] {
    int count = 0;
    for (int i = 0; i < kTests; ++i) {
      count += full.IsA(ModelId(options.models - 3), ModelId(0)) ? 1 : 0;
    }
    Require(count == kTests, "the last kind is of the root's");
  });
}

}  // namespace
}  // namespace twingraph::bench

int main(int argc, char** argv) {
  twingraph::bench::Options options;
  CLI::App app("What a large model set costs", "twingraph_bench_catalog");
  app.add_option("--models", options.models, "models of the set")
      ->check(CLI::Range(200, 100'000))
      ->capture_default_str();
  app.add_option("--rounds", options.rounds, "rounds; the best one counts")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--write", options.write,
                 "only write the models into this file, one a line");
  CLI11_PARSE(app, argc, argv);
  if (options.write.empty()) {
    twingraph::bench::Run(options);
  } else {
    twingraph::bench::Write(options);
  }
  return 0;
}

// What it costs to parse and validate whole ontologies, beside a JSON library
// that merely parses the same texts ten times.
//
//   twingraph_bench_dtdl [--rounds N] FILE.jsonl...
//
// The two are measured in turns; the table shows the medians, their ratio, and
// the peak of the heap in multiples of the text. Ends with 1 where an ontology
// is not valid.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "rapidjson/document.h"

#include "bench/dtdl/heap_peak.h"
#include "server/dtdl/parser.h"

namespace twingraph::bench {
namespace {

constexpr int kLibraryParses = 10;

struct Ontology {
  std::string name;
  std::vector<std::string> documents;
  size_t bytes = 0;
};

Ontology Read(const std::string& path) {
  Ontology ontology;
  const std::string folder = path.substr(0, path.rfind('/'));
  ontology.name = folder.substr(folder.rfind('/') + 1);
  std::ifstream input(path);
  std::string line;
  while (std::getline(input, line)) {
    ontology.bytes += line.size();
    ontology.documents.push_back(line);
  }
  return ontology;
}

// Processor time of this thread: other work on the machine counts less.
double Seconds(const std::function<void()>& work) {
  const auto now = [] {
    timespec time = {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) +
           static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double begin = now();
  work();
  return now() - begin;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void ParseByLibrary(const Ontology& ontology) {
  for (int i = 0; i < kLibraryParses; ++i) {
    for (const std::string& text : ontology.documents) {
      rapidjson::Document document;
      document.Parse(text.data(), text.size());
      if (document.HasParseError()) {
        std::abort();
      }
    }
  }
}

dtdl::ParsedModels ParseByUs(const Ontology& ontology) {
  return dtdl::ParseModels(
      ontology.documents,
      [](absl::string_view /*id*/) -> std::shared_ptr<const dtdl::Interface> {
        return nullptr;
      });
}

// False where the ontology is not valid.
bool Measure(const Ontology& ontology, int rounds) {
  ParseByUs(ontology);  // Makes the tables of the language, once.
  std::vector<double> ours;
  std::vector<double> library;
  bool is_valid = true;
  for (int i = 0; i < rounds; ++i) {
    library.push_back(Seconds([&] { ParseByLibrary(ontology); }));
    dtdl::ParsedModels set;
    ours.push_back(Seconds([&] { set = ParseByUs(ontology); }));
    is_valid = is_valid && set.ok() && !set.interfaces.empty();
  }
  const HeapCount heap;
  const dtdl::ParsedModels kept = ParseByUs(ontology);
  const double text = static_cast<double>(ontology.bytes);
  std::printf(
      "%-28s %6zu %7.0f %8.2f %8.2f %6.2f %6.1f %6.1f%s\n",
      ontology.name.c_str(), ontology.documents.size(), text / 1024,
      Median(ours) * 1e3, Median(library) * 1e3, Median(ours) / Median(library),
      static_cast<double>(heap.peak()) / text,
      static_cast<double>(heap.bytes()) / text, is_valid ? "" : " NOT VALID");
  return is_valid;
}

int Main(int argc, char** argv) {
  int rounds = 9;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
      rounds = std::max(1, std::atoi(argv[++i]));
    } else {
      paths.emplace_back(argv[i]);
    }
  }
  std::printf("%-28s %6s %7s %8s %8s %6s %6s %6s\n", "ontology", "models",
              "KiB", "ms", "json*10", "ratio", "peak", "kept");
  bool are_valid = !paths.empty();
  for (const std::string& path : paths) {
    are_valid = Measure(Read(path), rounds) && are_valid;
  }
  return are_valid ? 0 : 1;
}

}  // namespace
}  // namespace twingraph::bench

int main(int argc, char** argv) {
  return twingraph::bench::Main(argc, argv);
}

// The public DTDL cases and ontologies, which nobody of this project wrote.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "server/dtdl/dtmi.h"
#include "server/dtdl/parser.h"
#include "storage/value/json.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_data.h"

namespace twingraph::dtdl {
namespace {

std::shared_ptr<const Interface> Nothing(absl::string_view /*id*/) {
  return nullptr;
}

struct Counts {
  int run = 0;
  int right = 0;
  int left_out = 0;
};

// Options of the reference parser that this one has no setting for.
bool NeedsOtherParser(const Value& line) {
  for (const char* input : {"quirks", "resolution", "partialResolution",
                            "acceptableLimits", "maxDtdlVersion"}) {
    if (line.Find(input) != nullptr) {
      return true;
    }
  }
  return false;
}

Counts RunCases(const std::string& path) {
  Counts counts;
  std::map<std::string, int> wrong;
  for (const std::string& text : ReadLinesOrDie(path)) {
    const auto line = ParseJsonValue(text);
    if (!line.ok() || NeedsOtherParser(*line)) {
      ++counts.left_out;
      continue;
    }
    std::vector<std::string> documents = {FormatJson(*line->Find("dtdl"))};
    const ParsedModels set = ParseModels(documents, Nothing);
    const bool expected = line->Find("valid")->as_bool();
    ++counts.run;
    if (set.ok() == expected) {
      ++counts.right;
      continue;
    }
    std::string why = expected ? "accept" : "refuse";
    if (!expected && line->Find("errors") != nullptr) {
      absl::StrAppend(&why, " ", FormatJson(*line->Find("errors")));
    }
    if (expected) {
      absl::StrAppend(
          &why, " but ",
          set.diagnostics.empty() ? "missing" : set.diagnostics[0].rule);
    }
    if (++wrong[why] == 1 && getenv("SHOW")) {
      std::cout << why << ": " << line->Find("id")->as_string() << " "
                << (set.diagnostics.empty() ? "" : set.diagnostics[0].message)
                << "\n";
    }
  }
  if (getenv("SHOW")) {
    std::multimap<int, std::string, std::greater<>> sorted;
    for (const auto& [why, count] : wrong) {
      sorted.emplace(count, why);
    }
    for (const auto& [count, why] : sorted) {
      std::cout << count << " " << why << "\n";
    }
  }
  return counts;
}

class CasesTest : public testing::TestWithParam<const char*> {};

TEST_P(CasesTest, Verdicts) {
  REQUIRE_TEST_DATA(path, absl::StrCat("dtdl-cases/", GetParam()));
  const Counts counts = RunCases(path);
  std::cout << GetParam() << ": " << counts.right << " of " << counts.run
            << " verdicts right, " << counts.left_out << " left out\n";
}

INSTANTIATE_TEST_SUITE_P(Versions, CasesTest,
                         testing::Values("v2.jsonl", "v3.jsonl", "v4.jsonl"));

class OntologyTest : public testing::TestWithParam<const char*> {};

TEST_P(OntologyTest, IsValidAsAWhole) {
  REQUIRE_TEST_DATA(path,
                    absl::StrCat("ontologies/", GetParam(), "/models.jsonl"));
  const std::vector<std::string> documents = ReadLinesOrDie(path);
  const ParsedModels set = ParseModels(documents, Nothing);
  EXPECT_EQ(set.interfaces.size(), documents.size());
  EXPECT_TRUE(set.missing.empty());
  for (size_t i = 0; i < set.diagnostics.size() && i < 5; ++i) {
    const Diagnostic& d = set.diagnostics[i];
    ADD_FAILURE() << d.rule << " " << d.element << " " << d.path << " "
                  << d.message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Ontologies, OntologyTest,
    testing::Values("cli-bulk-import", "digital-twins-samples", "docs-models",
                    "explorer-examples", "home-basic", "iot-plugandplay-sample",
                    "manufacturing-isa95", "realestatecore-building-v3",
                    "realestatecore-rec4-v2", "rec-guide-sensor",
                    "smartcities"));

}  // namespace
}  // namespace twingraph::dtdl

// The public DTDL cases and ontologies, which nobody of this project wrote.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "server/dtdl/dtmi.h"
#include "server/dtdl/instance.h"
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
  for (const std::string& text : ReadLinesOrDie(path)) {
    const auto line = ParseJsonValue(text);
    if (!line.ok() || NeedsOtherParser(*line)) {
      ++counts.left_out;
      continue;
    }
    const std::vector<std::string> documents = {
        FormatJson(*line->Find("dtdl"))};
    const ParsedModels set = ParseModels(documents, Nothing);
    ++counts.run;
    counts.right += set.ok() == line->Find("valid")->as_bool() ? 1 : 0;
  }
  return counts;
}

struct CasesFile {
  const char* name;
  // Share of right verdicts that must not be lost again.
  double floor;
};

class CasesTest : public testing::TestWithParam<CasesFile> {};

TEST_P(CasesTest, VerdictsDoNotGetWorse) {
  REQUIRE_TEST_DATA(path, absl::StrCat("dtdl-cases/", GetParam().name));
  const Counts counts = RunCases(path);
  std::cout << GetParam().name << ": " << counts.right << " of " << counts.run
            << " verdicts right, " << counts.left_out << " left out\n";
  EXPECT_GE(counts.right, GetParam().floor * counts.run);
}

INSTANTIATE_TEST_SUITE_P(Versions, CasesTest,
                         testing::Values(CasesFile{"v2.jsonl", 0.77},
                                         CasesFile{"v3.jsonl", 0.77},
                                         CasesFile{"v4.jsonl", 0.76}));

TEST(DtmiCasesTest, StringsWithoutFragment) {
  REQUIRE_TEST_DATA(path, "dtdl-cases/dtmi-strings.jsonl");
  int checked = 0;
  for (const std::string& text : ReadLinesOrDie(path)) {
    ASSERT_OK_AND_ASSIGN(const Value line, ParseJsonValue(text));
    const std::string& dtmi = line.Find("text")->as_string();
    // A fragment is of the grammar, but no id of a model.
    if (dtmi.find('#') == std::string::npos) {
      EXPECT_EQ(ParseDtmi(dtmi).has_value(), line.Find("valid")->as_bool())
          << dtmi;
      ++checked;
    }
  }
  EXPECT_GT(checked, 10);
}

// The schema that a case is about: by its id, or the content of that name.
const Schema* SubjectOf(const Interface& interface,
                        const std::string& subject) {
  for (const auto& schema : interface.schemas) {
    if (schema->id == subject) {
      return schema.get();
    }
  }
  return nullptr;
}

class InstanceCasesTest : public testing::TestWithParam<const char*> {};

TEST_P(InstanceCasesTest, NamedSchemas) {
  REQUIRE_TEST_DATA(path, absl::StrCat("dtdl-cases/", GetParam()));
  int checked = 0;
  for (const std::string& text : ReadLinesOrDie(path)) {
    ASSERT_OK_AND_ASSIGN(const Value line, ParseJsonValue(text));
    const std::vector<std::string> documents = {FormatJson(*line.Find("dtdl"))};
    const ParsedModels set = ParseModels(documents, Nothing);
    const Schema* schema =
        set.interfaces.empty()
            ? nullptr
            : SubjectOf(*set.interfaces[0], line.Find("subject")->as_string());
    if (schema == nullptr || line.Find("conforms") == nullptr) {
      continue;
    }
    const std::string& submit = line.Find("submit")->as_string();
    auto value = ParseJsonValue(submit);
    std::vector<FieldViolation> violations;
    const bool conforms =
        value.ok() &&
        CheckInstance(*schema, NumberForm::kJson, "value", *value, violations);
    EXPECT_EQ(conforms, line.Find("conforms")->as_bool())
        << line.Find("id")->as_string() << " " << submit;
    ++checked;
  }
  std::cout << GetParam() << ": " << checked << " instances checked\n";
  EXPECT_GT(checked, 30);
}

INSTANTIATE_TEST_SUITE_P(Versions, InstanceCasesTest,
                         testing::Values("instances-v2.jsonl",
                                         "instances-v3.jsonl",
                                         "instances-v4.jsonl"));

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

// The public DTDL cases and ontologies, which nobody of this project wrote.

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
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

// Why a case cannot be run here; empty for one that can. They need inputs of
// the reference parser that this one does not have: a resolver that is asked
// for missing models, layers of a model in parts, and leniency towards
// ill-formed JSON-LD. Versions and limits are options here too.
std::string WhyLeftOut(const Value& line) {
  if (line.Find("resolution") != nullptr) {
    return "needs a resolver of missing models";
  }
  if (line.Find("partialResolution") != nullptr) {
    return "needs a resolver of model layers";
  }
  if (line.Find("quirks") != nullptr) {
    return "asks the parser to tolerate solecisms";
  }
  return "";
}

ParseOptions OptionsOf(const Value& line) {
  ParseOptions options;
  options.allow_inline_interfaces = true;
  if (const Value* names = line.Find("options")) {
    for (const Value& name : names->as_list()) {
      options.undefined_extensions =
          name.as_string() == "AllowUndefinedExtensions"
              ? UndefinedExtensions::kAllow
              : UndefinedExtensions::kDisallow;
    }
  }
  if (const Value* version = line.Find("maxDtdlVersion")) {
    options.max_dtdl_version = static_cast<int>(version->as_int());
  }
  if (const Value* limits = line.Find("acceptableLimits")) {
    for (const Value& limit : limits->as_list()) {
      options.acceptable_limits.push_back(limit.as_string());
    }
  }
  return options;
}

// The texts that a case hands to the parser.
std::vector<std::string> DocumentsOf(const Value& line) {
  std::vector<std::string> documents;
  for (const Value& document : line.Find("dtdl")->as_list()) {
    documents.push_back(FormatJson(document));
  }
  return documents;
}

// Does the set show one of the error ids that the case states, if it states
// any?
bool ShowsOneOf(const Value* errors, const ParsedModels& set) {
  if (errors == nullptr) {
    return true;
  }
  return std::any_of(set.diagnostics.begin(), set.diagnostics.end(),
                     [errors](const Diagnostic& diagnostic) {
                       const auto& ids = errors->as_list();
                       return std::find(ids.begin(), ids.end(),
                                        Value::String(diagnostic.rule)) !=
                              ids.end();
                     });
}

std::string RulesOf(const ParsedModels& set) {
  std::string rules;
  for (const Diagnostic& diagnostic : set.diagnostics) {
    absl::StrAppend(&rules, " ", diagnostic.rule);
  }
  for (const MissingReference& missing : set.missing) {
    absl::StrAppend(&rules, " missing ", missing.missing);
  }
  return rules;
}

class Tally {
 public:
  void Run(const Value& line) {
    if (const std::string why = WhyLeftOut(line); !why.empty()) {
      left_out_[why].push_back(line.Find("id")->as_string());
      return;
    }
    const bool is_valid = line.Find("valid")->as_bool();
    const ParsedModels set =
        ParseModels(DocumentsOf(line), Nothing, OptionsOf(line));
    ++run_;
    const Value* errors = line.Find("errors");
    if (set.ok() != is_valid) {
      wrong_.push_back(absl::StrCat(line.Find("id")->as_string(),
                                    is_valid ? " is valid" : " is invalid",
                                    "; found:", RulesOf(set)));
      return;
    }
    with_errors_ += !is_valid && errors != nullptr ? 1 : 0;
    if (!is_valid && !ShowsOneOf(errors, set)) {
      unnamed_.push_back(absl::StrCat(line.Find("id")->as_string(), " states ",
                                      FormatJson(*errors),
                                      "; found:", RulesOf(set)));
    }
  }

  void Print(const char* name) const {
    std::cout << name << ": " << run_ - wrong_.size() << " of " << run_
              << " verdicts right, " << with_errors_ - unnamed_.size() << " of "
              << with_errors_ << " stated errors named\n";
    for (const auto& [why, ids] : left_out_) {
      std::cout << name << ": " << ids.size() << " left out: " << why << "\n";
      for (const std::string& id : ids) {
        std::cout << "  " << id << "\n";
      }
    }
  }

  size_t run() const { return run_; }

  const std::vector<std::string>& wrong() const { return wrong_; }

  const std::vector<std::string>& unnamed() const { return unnamed_; }

 private:
  size_t run_ = 0;
  size_t with_errors_ = 0;
  std::vector<std::string> wrong_;
  std::vector<std::string> unnamed_;
  std::map<std::string, std::vector<std::string>> left_out_;
};

class CasesTest : public testing::TestWithParam<const char*> {};

TEST_P(CasesTest, AllVerdictsAreRight) {
  REQUIRE_TEST_DATA(path, absl::StrCat("dtdl-cases/", GetParam()));
  Tally tally;
  for (const std::string& text : ReadLinesOrDie(path)) {
    ASSERT_OK_AND_ASSIGN(const Value line, ParseJsonValue(text));
    tally.Run(line);
  }
  tally.Print(GetParam());
  EXPECT_GT(tally.run(), 1000U);
  EXPECT_THAT(tally.wrong(), testing::IsEmpty());
  EXPECT_THAT(tally.unnamed(), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Versions, CasesTest,
                         testing::Values("v2.jsonl", "v3.jsonl", "v4.jsonl"));

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

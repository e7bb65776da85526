// The public DTDL cases and ontologies, which nobody of this project wrote.

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "server/dtdl/dtmi.h"
#include "server/dtdl/model_index.h"
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

bool Holds(const Value::List& list, absl::string_view text) {
  return std::find(list.begin(), list.end(), Value::String(text)) != list.end();
}

// The error ids that a case states, or else those that the reference parser
// gave; null where neither is there. That parser ran with its default options:
// a case that allows unknown extensions, which it refused, says nothing.
const Value* ErrorsOf(const Value& line) {
  if (const Value* errors = line.Find("errors")) {
    return errors;
  }
  const Value* parser = line.Find("parser");
  const Value* errors = parser == nullptr ? nullptr : parser->Find("errors");
  const Value* options = line.Find("options");
  const bool allows = options != nullptr &&
                      Holds(options->as_list(), "AllowUndefinedExtensions");
  return errors != nullptr && allows &&
                 Holds(errors->as_list(), "unresolvableContextSpecifier")
             ? nullptr
             : errors;
}

// Does the set show one of the error ids, if there are any?
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
    const Value* errors = ErrorsOf(line);
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
              << with_errors_ << " with error ids show one of them\n";
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

TEST(DtmiCasesTest, AllStringsAreRight) {
  REQUIRE_TEST_DATA(path, "dtdl-cases/dtmi-strings.jsonl");
  int checked = 0;
  for (const std::string& text : ReadLinesOrDie(path)) {
    ASSERT_OK_AND_ASSIGN(const Value line, ParseJsonValue(text));
    const std::string& dtmi = line.Find("text")->as_string();
    EXPECT_EQ(IsDtmiText(dtmi), line.Find("valid")->as_bool()) << dtmi;
    ++checked;
    if (const Value* expected = line.Find("expect")) {
      const auto parts = ParseDtmi(dtmi.substr(0, dtmi.find('#')));
      ASSERT_TRUE(parts.has_value()) << dtmi;
      EXPECT_EQ(parts->version.major, expected->Find("MajorVersion")->as_int());
      EXPECT_EQ(parts->version.minor, expected->Find("MinorVersion")->as_int());
    }
  }
  std::cout << "dtmi-strings.jsonl: " << checked << " strings checked\n";
  EXPECT_GT(checked, 20);
}

// Does the text conform to the subject? Nothing where the subject has no values
// or is not there.
std::optional<bool> Conforms(const Value& line) {
  ParseOptions options;
  options.allow_inline_interfaces = true;
  const ParsedModels set = ParseModels(DocumentsOf(line), Nothing, options);
  EXPECT_TRUE(set.ok()) << RulesOf(set);
  const ModelIndex models(set.interfaces);
  const auto subject = models.FindSubject(line.Find("subject")->as_string());
  if (!subject.has_value()) {
    return std::nullopt;
  }
  std::vector<FieldViolation> violations;
  return models.Check(*subject, line.Find("submit")->as_string(), violations);
}

class InstanceCasesTest : public testing::TestWithParam<const char*> {};

// The reference parser throws where the subject is no schema: a command, its
// request or response, a relationship, a property, telemetry, component or
// interface. Those lines state nothing about values and are left out; here
// properties, telemetry, components and interfaces take values.
TEST_P(InstanceCasesTest, AllAnswersAreRight) {
  REQUIRE_TEST_DATA(path, absl::StrCat("dtdl-cases/", GetParam()));
  int checked = 0;
  int left_out = 0;
  for (const std::string& text : ReadLinesOrDie(path)) {
    ASSERT_OK_AND_ASSIGN(const Value line, ParseJsonValue(text));
    const Value* expected = line.Find("conforms");
    if (expected == nullptr) {
      ++left_out;
      continue;
    }
    EXPECT_EQ(Conforms(line), std::optional(expected->as_bool()))
        << line.Find("id")->as_string() << " "
        << line.Find("submit")->as_string();
    ++checked;
  }
  std::cout << GetParam() << ": " << checked << " instances checked, "
            << left_out << " left out: the subject is no schema\n";
  EXPECT_GT(checked, 200);
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

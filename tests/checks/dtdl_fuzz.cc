// Proves that no text makes the DTDL parser or the instance checker crash, read
// past its memory or contradict itself: changed cases, for as long as asked.
// Laws: the same text gives the same diagnostics; each names a rule, a document
// and a place that is there; the models of a valid set are valid again beside
// each other; a value that conforms conforms again in its own form.
//
//   twingraph_check_dtdl_fuzz [--minutes M] [--seed N] [--cases FOLDER]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/instance.h"
#include "server/dtdl/json_tree.h"
#include "server/dtdl/model_index.h"
#include "server/dtdl/parser.h"
#include "storage/value/json.h"
#include "tests/checks/json_mutator.h"

namespace twingraph {
namespace {

using dtdl::ParsedModels;

// What the check starts from where there are no cases.
constexpr char kSmallSeed[] = R"([
 {"@context": ["dtmi:dtdl:context;4", "dtmi:dtdl:extension:quantitativeTypes;2",
   "dtmi:dtdl:extension:annotation;2", "dtmi:dtdl:extension:overriding;2",
   "dtmi:dtdl:extension:requirement;2", "dtmi:dtdl:extension:mqtt;4"],
  "@id": "dtmi:t:A;1", "@type": ["Interface", "Mqtt"], "payloadFormat": "json",
  "displayName": {"en": "A"}, "extends": "dtmi:t:B;1",
  "schemas": [{"@id": "dtmi:t:S;1", "@type": "Object", "fields": [
    {"@type": ["Field", "Required"], "name": "x", "schema": "decimal"},
    {"name": "next", "schema": "dtmi:t:S;1"}]}],
  "contents": [
   {"@type": ["Property", "Temperature"], "name": "t", "schema": "double",
    "unit": "kelvin", "writable": true},
   {"@type": ["Property", "ValueAnnotation", "Override"], "name": "u",
    "annotates": "t", "overrides": "unit", "schema": "TemperatureUnit"},
   {"@type": "Telemetry", "name": "e", "schema": {"@type": "Enum",
    "valueSchema": "integer", "enumValues": [{"name": "a", "enumValue": 1}]}},
   {"@type": "Command", "name": "c", "request": {"name": "r",
    "schema": {"@type": "Map", "mapKey": {"name": "k", "schema": "string"},
    "mapValue": {"name": "v", "schema": "dtmi:t:S;1"}}}},
   {"@type": "Relationship", "name": "r", "target": "dtmi:t:B;1",
    "maxMultiplicity": 2, "properties": {"@type": "Property", "name": "p",
    "schema": {"@type": "Array", "elementSchema": "unsignedByte"}}},
   {"@type": "Component", "name": "k", "schema": "dtmi:t:B;1"}]},
 {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:t:B;1",
  "@type": "Interface", "description": ["text", {"@value": "Text",
  "@language": "de"}], "contents": [
   {"@type": "Property", "name": "b", "schema": "point"}]}])";

ParsedModels Parse(const std::vector<std::string>& documents,
                   const dtdl::ParseOptions& options) {
  return dtdl::ParseModels(
      documents,
      [](absl::string_view /*id*/) -> std::shared_ptr<const dtdl::Interface> {
        return nullptr;
      },
      options);
}

class Fuzz {
 public:
  explicit Fuzz(uint64_t seed) : mutator_(seed), random_(seed + 1) {}

  void AddSeeds(const std::string& folder) {
    mutator_.AddSeed(kSmallSeed);
    for (const char* name : {"v2", "v3", "v4", "instances-v4"}) {
      std::ifstream file(absl::StrCat(folder, "/", name, ".jsonl"));
      std::string line;
      while (std::getline(file, line)) {
        AddCase(line);
      }
    }
  }

  size_t seeds() const { return mutator_.seeds(); }

  void Round() {
    std::vector<std::string> documents;
    for (size_t left = 1 + random_() % 2; left > 0; --left) {
      documents.push_back(mutator_.Next());
    }
    dtdl::ParseOptions options;
    options.allow_inline_interfaces = random_() % 2 == 0;
    options.undefined_extensions =
        static_cast<dtdl::UndefinedExtensions>(random_() % 3);
    options.acceptable_limits = {"dtmi:dtdl:limits:onvif"};
    const ParsedModels set = Parse(documents, options);
    CheckDiagnostics(documents, set);
    CheckSame(documents, set, Parse(documents, options));
    ++texts_;
    if (set.ok()) {
      ++valid_;
      CheckAgain(set, options);
      CheckValues(set);
    }
  }

  std::string Summary() const {
    return absl::StrCat(texts_, " texts, ", valid_, " of them valid, ", values_,
                        " values, ", conforming_, " conform; nothing found");
  }

 private:
  void AddCase(const std::string& line) {
    const absl::StatusOr<Value> value = ParseJsonValue(line);
    const Value* models = value.ok() ? value->Find("dtdl") : nullptr;
    if (models != nullptr) {
      mutator_.AddSeed(FormatJson(*models));
    }
    const Value* submit = value.ok() ? value->Find("submit") : nullptr;
    if (submit != nullptr) {
      mutator_.AddSeed(submit->as_string());
    }
  }

  void Require(bool holds, const char* law,
               const std::vector<std::string>& texts) const {
    if (holds) {
      return;
    }
    std::cout << "broken: " << law << "\n";
    for (const std::string& text : texts) {
      std::cout << text << "\n";
    }
    std::exit(1);
  }

  void CheckDiagnostics(const std::vector<std::string>& documents,
                        const ParsedModels& set) const {
    for (const dtdl::Diagnostic& each : set.diagnostics) {
      Require(!each.rule.empty() && !each.message.empty() && each.line >= 1 &&
                  each.column >= 1 && each.document >= 0 &&
                  static_cast<size_t>(each.document) < documents.size(),
              "a diagnostic names rule and place", documents);
    }
  }

  void CheckSame(const std::vector<std::string>& documents,
                 const ParsedModels& a, const ParsedModels& b) const {
    bool is_same = a.diagnostics.size() == b.diagnostics.size() &&
                   a.missing.size() == b.missing.size();
    for (size_t i = 0; is_same && i < a.diagnostics.size(); ++i) {
      is_same = a.diagnostics[i].rule == b.diagnostics[i].rule &&
                a.diagnostics[i].path == b.diagnostics[i].path;
    }
    Require(is_same, "the same text gives the same diagnostics", documents);
  }

  // Each model by itself, with the others as stored ones.
  void CheckAgain(const ParsedModels& set,
                  const dtdl::ParseOptions& options) const {
    absl::flat_hash_map<std::string, std::shared_ptr<const dtdl::Interface>>
        models;
    for (const auto& interface : set.interfaces) {
      models[interface->id] = interface;
    }
    if (options.allow_inline_interfaces) {
      return;  // An inner interface has its context from the outer one.
    }
    for (const auto& interface : set.interfaces) {
      const std::vector<std::string> texts = {interface->text};
      const ParsedModels again = dtdl::ParseModels(
          texts,
          [&models](absl::string_view id) {
            const auto found = models.find(id);
            return found == models.end() ? nullptr : found->second;
          },
          options);
      Require(again.ok(), "a valid model is valid beside the others", texts);
    }
  }

  void CheckValues(const ParsedModels& set) {
    const dtdl::ModelIndex index(set.interfaces);
    for (const auto& interface : set.interfaces) {
      for (const auto& schema : interface->schemas) {
        CheckValue(*schema);
      }
      for (const dtdl::Content& content : interface->contents) {
        if (content.schema != nullptr) {
          CheckValue(*content.schema);
        }
      }
      const auto subject = index.FindSubject(interface->id);
      std::vector<FieldViolation> violations;
      if (subject.has_value()) {
        index.Check(*subject, mutator_.NextValue(), violations);
      }
    }
  }

  void CheckValue(const dtdl::Schema& schema) {
    const std::string text = mutator_.NextValue();
    absl::StatusOr<Value> value = ParseJsonValue(text);
    if (!value.ok()) {
      return;
    }
    ++values_;
    const auto form = random_() % 2 == 0 ? dtdl::NumberForm::kJson
                                         : dtdl::NumberForm::kStruct;
    std::vector<FieldViolation> violations;
    if (!dtdl::CheckInstance(schema, form, "value", *value, violations)) {
      Require(!violations.empty(), "a refusal has a reason", {text});
      return;
    }
    ++conforming_;
    Value again = *value;
    Require(dtdl::CheckInstance(schema, form, "value", again, violations) &&
                FormatJson(again) == FormatJson(*value),
            "a value that conforms conforms in its own form", {text});
  }

  JsonMutator mutator_;
  std::mt19937_64 random_;
  size_t texts_ = 0;
  size_t valid_ = 0;
  size_t values_ = 0;
  size_t conforming_ = 0;
};

int Main(int argc, char** argv) {
  double minutes = 60;
  uint64_t seed = 1;
  std::string cases;
  CLI::App app("Changes DTDL cases and looks for contradictions.");
  app.add_option("--minutes", minutes, "how long; default: an hour");
  app.add_option("--seed", seed, "of the changes");
  app.add_option("--cases", cases, "folder of v2.jsonl, v3.jsonl, v4.jsonl");
  CLI11_PARSE(app, argc, argv);
  Fuzz fuzz(seed);
  fuzz.AddSeeds(cases);
  const auto end = std::chrono::steady_clock::now() +
                   std::chrono::duration<double>(minutes * 60);
  while (std::chrono::steady_clock::now() < end) {
    fuzz.Round();
  }
  std::cout << "seed " << seed << ", " << fuzz.seeds()
            << " seed texts: " << fuzz.Summary() << "\n";
  return 0;
}

}  // namespace
}  // namespace twingraph

int main(int argc, char** argv) {
  return twingraph::Main(argc, argv);
}

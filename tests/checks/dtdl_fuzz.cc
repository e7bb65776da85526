// Proves that no text makes the DTDL parser or the instance checker crash, read
// past its memory or contradict itself: changed cases, for as long as asked.
// Most changes know the metamodel and leave a set valid; what came out valid is
// changed further. Others damage it. The laws: model_laws.h, instance_laws.h.
//
//   twingraph_check_dtdl_fuzz [--minutes M] [--seed N] [--cases FOLDER]

#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"

#include "server/dtdl/model_index.h"
#include "storage/value/json.h"
#include "tests/checks/instance_laws.h"
#include "tests/checks/json_mutator.h"
#include "tests/checks/json_shape.h"
#include "tests/checks/model_laws.h"
#include "tests/checks/model_mutator.h"

namespace twingraph {
namespace {

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

constexpr size_t kMostTextBytes = 8'000;

// The set as a list of interfaces.
Value AsList(const Value& models) {
  Value::List list;
  const Value::List given =
      models.is_list() ? models.as_list() : Value::List{models};
  for (const Value& each : given) {
    if (each.is_list()) {
      list.insert(list.end(), each.as_list().begin(), each.as_list().end());
    } else {
      list.push_back(each);
    }
  }
  return Value::MakeList(std::move(list));
}

class Fuzz {
 public:
  explicit Fuzz(uint64_t seed)
      : random_(seed),
        damage_(random_),
        mutator_(random_),
        instances_(random_, damage_) {}

  void AddSeeds(const std::string& folder) {
    AddSeed(*ParseJsonValue(kSmallSeed), true);
    for (const char* name : {"v2", "v3", "v4", "instances-v4"}) {
      std::ifstream file(absl::StrCat(folder, "/", name, ".jsonl"));
      std::string line;
      while (std::getline(file, line)) {
        AddCase(line);
      }
    }
  }

  // One set: nine times of ten from a valid one, half of these only by changes
  // that keep it so.
  void Round() {
    const bool is_damaged = random_.OneIn(2);
    Value set = random_.OneIn(10) ? random_.Of(seeds_) : random_.Of(valid_);
    for (size_t left = 1 + random_.Below(6); left > 0; --left) {
      mutator_.Change(set);
    }
    for (size_t left = is_damaged ? 1 + random_.Below(3) : 0; left > 0;
         --left) {
      damage_.Change(set);
    }
    const dtdl::ParseOptions options = AnyOptions();
    const ParsedTexts parsed = ParseTexts(Print(set), options);
    ++texts_;
    CheckPlaces(parsed);
    switch (random_.Below(4)) {
      case 0:
        CheckRepeats(parsed);
        break;
      case 1:
        CheckBytes(parsed);
        break;
      default:
        CheckReshaped(parsed, ParseTexts(PrintApart(set), options));
        break;
    }
    if (parsed.set.ok() && !parsed.set.interfaces.empty()) {
      CheckValid(std::move(set), parsed);
    }
  }

  std::string Summary() const {
    const size_t checks = std::max<size_t>(instances_.checks(), 1);
    return absl::StrCat(
        seeds_.size(), " seed texts: ", texts_, " sets, ", valid_sets_, " (",
        valid_sets_ * 100 / std::max<size_t>(texts_, 1), " %) of them valid, ",
        instances_.checks(), " instances, ", instances_.conforming(), " (",
        instances_.conforming() * 100 / checks, " %) conform; nothing found");
  }

 private:
  void AddCase(const std::string& line) {
    const absl::StatusOr<Value> value = ParseJsonValue(line);
    const Value* models = value.ok() ? value->Find("dtdl") : nullptr;
    if (models != nullptr) {
      const Value* valid = value->Find("valid");
      const bool is_plain = value->Find("quirks") == nullptr &&
                            value->Find("resolution") == nullptr;
      AddSeed(*models,
              is_plain && valid != nullptr && valid->kind() == ValueKind::kBool
                  ? valid->as_bool()
                  : false);
    }
  }

  void AddSeed(const Value& models, bool is_valid) {
    seeds_.push_back(AsList(models));
    damage_.AddSeed(seeds_.back());
    if (is_valid) {
      valid_.push_back(seeds_.back());
      mutator_.AddSeed(seeds_.back());
    }
  }

  dtdl::ParseOptions AnyOptions() {
    dtdl::ParseOptions options;
    options.allow_inline_interfaces = !random_.OneIn(4);
    options.undefined_extensions =
        random_.OneIn(2)
            ? dtdl::UndefinedExtensions::kAllow
            : static_cast<dtdl::UndefinedExtensions>(random_.Below(3));
    options.acceptable_limits = {"dtmi:dtdl:limits:onvif"};
    return options;
  }

  // The whole set as one text.
  std::vector<std::string> Print(const Value& set) {
    return {random_.OneIn(2) ? FormatJson(set) : ReshapeJson(set, random_)};
  }

  // One text for each model, in any order.
  std::vector<std::string> PrintApart(const Value& set) {
    if (!set.is_list()) {
      return {ReshapeJson(set, random_)};
    }
    std::vector<std::string> texts;
    for (const Value& model : set.as_list()) {
      // An array is a document, but no element of one.
      texts.push_back(ReshapeJson(
          model.is_list() ? Value::MakeList({model}) : model, random_));
      std::swap(texts.back(), random_.Of(texts));
    }
    return texts;
  }

  // What is hardly JSON any more.
  void CheckBytes(const ParsedTexts& parsed) {
    std::vector<std::string> texts = parsed.texts;
    damage_.ChangeBytes(texts.front());
    CheckPlaces(ParseTexts(std::move(texts), parsed.options));
  }

  void CheckValid(Value set, const ParsedTexts& parsed) {
    ++valid_sets_;
    if (!parsed.options.allow_inline_interfaces) {
      CheckAlone(parsed);  // An inner one has its context from the outer one.
    }
    const dtdl::ModelIndex index(parsed.set.interfaces);
    CheckPages(parsed, index);
    instances_.Check(index);
    if (parsed.texts.front().size() < kMostTextBytes && set.is_list()) {
      mutator_.AddSeed(set);
      random_.Of(valid_) = std::move(set);
    }
  }

  RandomChoice random_;
  JsonMutator damage_;
  ModelMutator mutator_;
  InstanceLaws instances_;
  std::deque<Value> seeds_;  // each a list of interfaces
  std::vector<Value> valid_;
  size_t texts_ = 0;
  size_t valid_sets_ = 0;
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
  std::cout << "seed " << seed << ", " << fuzz.Summary() << "\n";
  return 0;
}

}  // namespace
}  // namespace twingraph

int main(int argc, char** argv) {
  return twingraph::Main(argc, argv);
}

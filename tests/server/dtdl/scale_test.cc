// What reading a set costs grows with its size, whatever is wrong with it; and
// it ends when the caller has gone.

#include <algorithm>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "server/dtdl/parser.h"

namespace twingraph::dtdl {
namespace {

std::shared_ptr<const Interface> Nothing(absl::string_view /*id*/) {
  return nullptr;
}

std::string Id(int number) {
  return absl::StrCat("\"dtmi:test:m", number, ";1\"");
}

std::string Model(int number, const std::vector<std::string>& extends,
                  const std::string& contents = "") {
  return absl::StrCat(R"({"@context": "dtmi:dtdl:context;3", "@id": )",
                      Id(number), R"(, "@type": "Interface", "extends": [)",
                      absl::StrJoin(extends, ","), R"(], "contents": [)",
                      contents, "]}");
}

std::string Property(absl::string_view name, absl::string_view schema) {
  return absl::StrCat(R"({"@type": "Property", "name": ")", name,
                      R"(", "schema": ")", schema, "\"}");
}

std::vector<std::string> OneDocument(const std::vector<std::string>& models) {
  return {absl::StrCat("[", absl::StrJoin(models, ","), "]")};
}

// Each model extends the next one, the last one nothing.
std::vector<std::string> Chain(int size) {
  std::vector<std::string> models;
  for (int i = 0; i < size; ++i) {
    models.push_back(i + 1 < size ? Model(i, {Id(i + 1)}) : Model(i, {}));
  }
  return OneDocument(models);
}

// Each model extends the next two, around a circle.
std::vector<std::string> Ring(int size) {
  std::vector<std::string> models;
  for (int i = 0; i < size; ++i) {
    models.push_back(Model(i, {Id((i + 1) % size), Id((i + 2) % size)},
                           Property(absl::StrCat("p", i), "double")));
  }
  return OneDocument(models);
}

// One model; all its properties have one name.
std::vector<std::string> EqualNames(int size) {
  const std::vector<std::string> contents(static_cast<size_t>(size),
                                          Property("same", "double"));
  return {Model(0, {}, absl::StrJoin(contents, ","))};
}

// One line with a problem in each property.
std::vector<std::string> WrongSchemas(int size) {
  std::vector<std::string> contents;
  for (int i = 0; i < size; ++i) {
    contents.push_back(Property(absl::StrCat("p", i), "real"));
  }
  return {Model(0, {}, absl::StrJoin(contents, ","))};
}

// Components of one interface with as many properties.
std::vector<std::string> Components(int size) {
  std::vector<std::string> properties;
  std::vector<std::string> components;
  for (int i = 0; i < size; ++i) {
    properties.push_back(Property(absl::StrCat("p", i), "double"));
    components.push_back(absl::StrCat(R"({"@type": "Component", "name": "c)", i,
                                      R"(", "schema": )", Id(1), "}"));
  }
  return OneDocument({Model(0, {}, absl::StrJoin(components, ",")),
                      Model(1, {}, absl::StrJoin(properties, ","))});
}

struct ScaleCase {
  std::string name;
  std::vector<std::string> (*make)(int size);
  std::string rule;  // of a problem that there is; empty for none
};

class ScaleTest : public testing::TestWithParam<ScaleCase> {};

// Processor time of reading a set of that size; the least of a few.
double CostOf(const ScaleCase& scale, int size) {
  const std::vector<std::string> documents = scale.make(size);
  double least = 0;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t start = std::clock();
    const ParsedModels set = ParseModels(documents, Nothing);
    const auto cost = static_cast<double>(std::clock() - start);
    least = i == 0 ? cost : std::min(least, cost);
  }
  return least;
}

TEST_P(ScaleTest, CostsInProportionToTheSize) {
  constexpr int kSize = 250;
  const double small = CostOf(GetParam(), kSize);
  const double large = CostOf(GetParam(), 8 * kSize);
  EXPECT_LT(large, 30 * small);  // 8 is linear, 64 quadratic
}

TEST_P(ScaleTest, FindsWhatIsWrong) {
  const ParsedModels set = ParseModels(GetParam().make(250), Nothing);
  if (GetParam().rule.empty()) {
    EXPECT_TRUE(set.ok());
    return;
  }
  EXPECT_THAT(set.diagnostics, testing::Contains(testing::Field(
                                   &Diagnostic::rule, GetParam().rule)));
}

INSTANTIATE_TEST_SUITE_P(
    Sets, ScaleTest,
    testing::Values(ScaleCase{"Chain", Chain, "excessiveDepthNarrow"},
                    ScaleCase{"Ring", Ring, "recursiveStructureNarrow"},
                    ScaleCase{"EqualNames", EqualNames,
                              "nonUniquePropertyValue"},
                    ScaleCase{"WrongSchemas", WrongSchemas, "badDtmiOrTerm"},
                    ScaleCase{"Components", Components, ""}),
    [](const auto& scale) { return scale.param.name; });

TEST(ParseModelsTest, NamesEachModelThatIsTooDeepOrInACircle) {
  const auto count = [](const std::vector<std::string>& documents,
                        absl::string_view rule) {
    const ParsedModels set = ParseModels(documents, Nothing);
    return std::ranges::count(set.diagnostics, rule, &Diagnostic::rule);
  };
  // DTDL 3 allows chains of 10.
  EXPECT_EQ(count(Chain(1000), "excessiveDepthNarrow"), 1000 - 11);
  EXPECT_EQ(count(Ring(1000), "recursiveStructureNarrow"), 1000);
}

TEST(ParseModelsTest, KeepsOnlySoManyProblems) {
  EXPECT_EQ(ParseModels(EqualNames(20'100), Nothing).diagnostics.size(),
            20'000U);
}

TEST(ParseModelsTest, EndsWhereTheCallerHasGone) {
  int asked = 0;
  ParseOptions options;
  for (const int allowed : {0, 1, 30, 100}) {
    asked = 0;
    options.keep_going = [&] { return asked++ < allowed; };
    const ParsedModels set = ParseModels(Ring(4000), Nothing, options);
    EXPECT_FALSE(set.is_complete);
    EXPECT_FALSE(set.ok());
    EXPECT_TRUE(set.diagnostics.empty());
    EXPECT_EQ(asked, allowed + 1);
  }
  options.keep_going = [] { return true; };
  EXPECT_TRUE(ParseModels(Chain(5), Nothing, options).ok());
}

}  // namespace
}  // namespace twingraph::dtdl

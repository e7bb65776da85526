#include "server/catalog/catalog.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"

#include "tests/server/catalog/small_catalog.h"

namespace twingraph::catalog {
namespace {

// Numbers: 1 A;1, 2 A;2, 3 B;1 (extends A;1), 4 C;1 (extends B;1 and D;1),
// 5 D;1.
Catalog Versions() {
  const std::string property =
      R"(,"contents":[{"@type":"Property","name":"x","schema":"double"}])";
  return MakeCatalog(
      {Interface("dtmi:t:A;1", property), Interface("dtmi:t:A;2"),
       Interface("dtmi:t:B;1", R"(,"extends":"dtmi:t:A;1")"),
       Interface("dtmi:t:C;1", R"(,"extends":["dtmi:t:B;1","dtmi:t:D;1"])"),
       Interface(
           "dtmi:t:D;1",
           R"(,"contents":[{"@type":"Telemetry","name":"y","schema":"long"}])")});
}

TEST(CatalogTest, ContentsAreInheritedFromAllAncestors) {
  const Catalog catalog = Versions();
  const auto model = catalog.Find("dtmi:t:C;1");
  ASSERT_NE(model, nullptr);
  ASSERT_NE(model->Find("x"), nullptr);
  EXPECT_EQ(model->Find("x")->kind, dtdl::ContentKind::kProperty);
  ASSERT_NE(model->Find("y"), nullptr);
  EXPECT_EQ(model->Find("y")->kind, dtdl::ContentKind::kTelemetry);
  EXPECT_EQ(model->Find("z"), nullptr);
  EXPECT_EQ(catalog.Find("dtmi:t:A;2")->Find("x"), nullptr);
  EXPECT_EQ(catalog.Find("dtmi:t:A;3"), nullptr);
}

TEST(CatalogTest, KnowsWhatAModelIs) {
  const Catalog catalog = Versions();
  for (const char* id :
       {"dtmi:t:C;1", "dtmi:t:B;1", "dtmi:t:A;1", "dtmi:t:D;1"}) {
    EXPECT_TRUE(catalog.IsA("dtmi:t:C;1", id)) << id;
  }
  EXPECT_FALSE(catalog.IsA("dtmi:t:C;1", "dtmi:t:A;2"));
  EXPECT_FALSE(catalog.IsA("dtmi:t:A;1", "dtmi:t:B;1"));
  EXPECT_FALSE(catalog.IsA("dtmi:t:A;1", "dtmi:t:Nowhere;1"));
  EXPECT_TRUE(catalog.IsA("dtmi:t:Nowhere;1", "dtmi:t:Nowhere;1"));
}

TEST(CatalogTest, ModelsOfFollowsSubtypesAndNewerVersions) {
  using testing::ElementsAre;
  const Catalog catalog = Versions();
  const auto of = [&](const char* dtmi, bool is_exact) {
    return catalog.ModelsOf(dtmi, is_exact).Members();
  };
  EXPECT_THAT(of("dtmi:t:A;1", false), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(of("dtmi:t:A;2", false), ElementsAre(2));
  EXPECT_THAT(of("dtmi:t:B;1", false), ElementsAre(3, 4));
  EXPECT_THAT(of("dtmi:t:D;1", false), ElementsAre(4, 5));
  EXPECT_THAT(of("dtmi:t:A;1", true), ElementsAre(1));
  EXPECT_THAT(of("dtmi:t:E;1", false), ElementsAre());
  EXPECT_THAT(of("dtmi:t:E;1", true), ElementsAre());
  EXPECT_THAT(of("no dtmi", false), ElementsAre());
}

TEST(CatalogTest, AChangeLeavesTheCatalogBefore) {
  const Catalog before = Versions();
  const Catalog after = before.After({.removed = {graph::ModelNumber{4}}});
  EXPECT_NE(before.Find("dtmi:t:C;1"), nullptr);
  EXPECT_EQ(after.Find("dtmi:t:C;1"), nullptr);
  EXPECT_EQ(after.size(), 4U);
  // What stays is shared.
  EXPECT_EQ(after.Find("dtmi:t:B;1"), before.Find("dtmi:t:B;1"));
  using testing::ElementsAre;
  EXPECT_THAT(before.ModelsOf("dtmi:t:D;1", false).Members(),
              ElementsAre(4, 5));
  EXPECT_THAT(after.ModelsOf("dtmi:t:D;1", false).Members(), ElementsAre(5));
  EXPECT_THAT(after.ModelsOf("dtmi:t:A;1", false).Members(),
              ElementsAre(1, 2, 3));
}

TEST(CatalogTest, AModelMayTakeThePlaceOfAnother) {
  const Catalog before = Versions();
  const std::string document = Interface("dtmi:t:C;1");
  const auto set = dtdl::ParseModels({&document, 1},
                                     [](absl::string_view) { return nullptr; });
  const Catalog after =
      before.After({.added = {{.number = graph::ModelNumber{4},
                               .interface = set.interfaces[0]}}});
  EXPECT_EQ(after.size(), before.size());
  EXPECT_FALSE(after.IsA("dtmi:t:C;1", "dtmi:t:B;1"));
  EXPECT_TRUE(before.IsA("dtmi:t:C;1", "dtmi:t:B;1"));
  EXPECT_THAT(after.ModelsOf("dtmi:t:B;1", false).Members(),
              testing::ElementsAre(3));
  EXPECT_THAT(after.ModelsOf("dtmi:t:C;1", false).Members(),
              testing::ElementsAre(4));
}

TEST(CatalogTest, AStateIsThatOfOneModel) {
  const Catalog before = Versions();
  const Catalog after = before.After(
      {.states = {{"dtmi:t:A;1", true}, {"dtmi:t:Nowhere;1", true}}});
  EXPECT_TRUE(after.Find("dtmi:t:A;1")->is_decommissioned);
  EXPECT_FALSE(before.Find("dtmi:t:A;1")->is_decommissioned);
  EXPECT_FALSE(after.Find("dtmi:t:B;1")->is_decommissioned);
  const Catalog again = after.After({.states = {{"dtmi:t:A;1", false}}});
  EXPECT_FALSE(again.Find("dtmi:t:A;1")->is_decommissioned);
  EXPECT_EQ(again.size(), 5U);
}

}  // namespace
}  // namespace twingraph::catalog

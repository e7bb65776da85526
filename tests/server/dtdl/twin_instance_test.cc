#include "server/dtdl/twin_instance.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "server/dtdl/model_index.h"
#include "storage/value/json.h"

namespace twingraph::dtdl {
namespace {

// A thermostat with a sensor as component, and what it inherits.
ModelIndex Models() {
  const std::vector<std::string> documents = {R"([
    {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:t:Sensor;1",
     "@type": "Interface", "contents": [
       {"@type": "Property", "name": "level", "schema": "integer"}]},
    {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:t:Device;1",
     "@type": "Interface", "contents": [
       {"@type": "Property", "name": "serial", "schema": "string"}]},
    {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:t:Thermostat;1",
     "@type": "Interface", "extends": "dtmi:t:Device;1", "contents": [
       {"@type": "Telemetry", "name": "temperature", "schema": "double"},
       {"@type": "Component", "name": "sensor", "schema": "dtmi:t:Sensor;1"}]}
  ])"};
  const ParsedModels set =
      ParseModels(documents, [](absl::string_view /*id*/) { return nullptr; });
  EXPECT_TRUE(set.ok());
  return ModelIndex(set.interfaces);
}

std::vector<std::string> FieldsOf(
    const std::vector<FieldViolation>& violations) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations) {
    EXPECT_NE(violation.description, "");
    fields.push_back(violation.field);
  }
  return fields;
}

TEST(EffectiveModelTest, JoinsWhatItInherits) {
  const ModelIndex models = Models();
  const auto model = models.Find("dtmi:t:Thermostat;1");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->contents.size(), 3U);
  EXPECT_EQ(model->Find("serial")->kind, ContentKind::kProperty);
  EXPECT_EQ(model->Find("nothing"), nullptr);
  EXPECT_TRUE(model->IsA("dtmi:t:Device;1"));
  EXPECT_FALSE(model->IsA("dtmi:t:Sensor;1"));
}

class TwinCheckerTest : public testing::Test {
 protected:
  std::vector<std::string> Check(const std::string& json,
                                 MissingComponent missing) {
    contents_ = *ParseJsonValue(json);
    std::vector<FieldViolation> violations;
    const auto lookup = [this](absl::string_view id) {
      return models_.Find(id);
    };
    TwinChecker(lookup, NumberForm::kStruct, violations)
        .CheckContents(*models_.Find("dtmi:t:Thermostat;1"), missing, "twin",
                       contents_);
    return FieldsOf(violations);
  }

  const ModelIndex models_ = Models();
  Value contents_;
};

TEST_F(TwinCheckerTest, CanonicalisesWhatConforms) {
  EXPECT_THAT(Check(R"({"serial": "7", "sensor": {"level": 4.0}})",
                    MissingComponent::kRefuse),
              testing::IsEmpty());
  EXPECT_EQ(*contents_.Find("sensor")->Find("level"), Value::Int(4));
}

TEST_F(TwinCheckerTest, NamesEveryWrongPlace) {
  EXPECT_THAT(
      Check(R"({"serial": 7, "temperature": 1, "x": 2, "sensor": {"y": 1}})",
            MissingComponent::kRefuse),
      testing::UnorderedElementsAre("twin.serial", "twin.temperature", "twin.x",
                                    "twin.sensor.y"));
  EXPECT_THAT(Check(R"({"sensor": 1})", MissingComponent::kRefuse),
              testing::ElementsAre("twin.sensor"));
}

TEST_F(TwinCheckerTest, ComponentsThatLackAreRefusedOrAdded) {
  EXPECT_THAT(Check("{}", MissingComponent::kRefuse),
              testing::ElementsAre("twin.sensor"));
  EXPECT_THAT(Check("{}", MissingComponent::kAdd), testing::IsEmpty());
  EXPECT_EQ(*contents_.Find("sensor"), Value::MakeMap());
}

}  // namespace
}  // namespace twingraph::dtdl

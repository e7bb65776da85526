#include "server/dtdl/instance.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "server/dtdl/standard_schema.h"
#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::dtdl {
namespace {

struct Case {
  const char* schema;
  const char* json;
  NumberForm form;
  bool conforms;
};

class ScalarTest : public testing::TestWithParam<Case> {};

TEST_P(ScalarTest, Conforms) {
  ASSERT_OK_AND_ASSIGN(Value value, ParseJsonValue(GetParam().json));
  std::vector<FieldViolation> violations;
  EXPECT_EQ(CheckInstance(*FindStandardSchema(GetParam().schema, 4),
                          GetParam().form, "p", value, violations),
            GetParam().conforms)
      << GetParam().schema << " " << GetParam().json;
  EXPECT_EQ(violations.empty(), GetParam().conforms);
}

constexpr NumberForm kJson = NumberForm::kJson;
constexpr NumberForm kStruct = NumberForm::kStruct;

INSTANTIATE_TEST_SUITE_P(
    Cases, ScalarTest,
    testing::Values(
        Case{"integer", "2147483647", kJson, true},
        Case{"integer", "2147483648", kJson, false},
        Case{"integer", "3.0", kJson, false},
        Case{"integer", "3.0", kStruct, true},
        Case{"integer", "3.5", kStruct, false},
        Case{"integer", "\"3\"", kStruct, false},
        Case{"long", "\"9223372036854775807\"", kStruct, true},
        Case{"long", "\"9223372036854775808\"", kStruct, false},
        Case{"long", "\"7\"", kJson, false},
        Case{"long", "9007199254740992.0", kStruct, true},
        Case{"long", "9007199254740994.0", kStruct, false},
        Case{"long", "\" 7\"", kStruct, false},
        Case{"unsignedLong", "18446744073709551615", kJson, true},
        Case{"unsignedLong", "\"18446744073709551615\"", kStruct, true},
        Case{"unsignedByte", "-1", kJson, false},
        Case{"unsignedByte", "256", kJson, false},
        Case{"double", "1", kJson, true}, Case{"double", "\"1\"", kJson, false},
        Case{"double", "null", kJson, false},
        Case{"float", "3.402823E+38", kJson, true},
        Case{"float", "3.402824E+38", kJson, false},
        Case{"boolean", "true", kJson, true},
        Case{"boolean", "1", kJson, false}, Case{"string", "\"\"", kJson, true},
        Case{"string", "null", kJson, false},
        Case{"decimal", "1.5", kJson, false},
        Case{"decimal", "\"1.5\"", kJson, true},
        Case{"scaledDecimal", "{\"scale\": 2, \"value\": \"1\"}", kJson, true},
        Case{"scaledDecimal", "{\"scale\": 2, \"more\": 1}", kJson, false},
        Case{"point", "{\"type\": \"Point\", \"coordinates\": [1, 2.5]}", kJson,
             true},
        Case{"point", "{\"type\": \"Line\", \"coordinates\": [1]}", kJson,
             false}));

TEST(CheckInstanceTest, BringsValuesIntoTheirStoredForm) {
  std::vector<FieldViolation> violations;
  Value integer = Value::Double(21);
  EXPECT_TRUE(CheckInstance(*FindStandardSchema("integer", 2), kStruct, "p",
                            integer, violations));
  EXPECT_EQ(integer, Value::Int(21));
  Value wide = Value::String("-9007199254740993");
  EXPECT_TRUE(CheckInstance(*FindStandardSchema("long", 2), kStruct, "p", wide,
                            violations));
  EXPECT_EQ(wide, Value::Long(-9007199254740993));
  Value real = Value::Int(3);
  EXPECT_TRUE(CheckInstance(*FindStandardSchema("double", 2), kStruct, "p",
                            real, violations));
  EXPECT_EQ(real, Value::Double(3));
}

TEST(CheckInstanceTest, NamesEveryWrongPlace) {
  Schema object;
  object.kind = SchemaKind::kObject;
  Schema list;
  list.kind = SchemaKind::kArray;
  list.element = FindStandardSchema("integer", 3);
  object.fields = {{"levels", &list}};
  ASSERT_OK_AND_ASSIGN(Value value,
                       ParseJsonValue(R"({"levels": [1, "x", 2.5], "no": 1})"));
  std::vector<FieldViolation> violations;
  EXPECT_FALSE(CheckInstance(object, kStruct, "contents.o", value, violations));
  std::vector<std::string> places;
  for (const FieldViolation& violation : violations) {
    places.push_back(violation.field);
  }
  EXPECT_THAT(places,
              testing::ElementsAre("contents.o.levels[1]",
                                   "contents.o.levels[2]", "contents.o.no"));
}

}  // namespace
}  // namespace twingraph::dtdl

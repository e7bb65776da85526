#include "client/cli/output/effective_model.h"

#include <sstream>
#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace twingraph::cli {
namespace {

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

struct Case {
  std::string name;
  std::string content;
  std::string text;
};

class FormatContentTest : public testing::TestWithParam<Case> {};

TEST_P(FormatContentTest, SaysWhatItIs) {
  EXPECT_EQ(FormatContent(Parse<v1::ModelContent>(GetParam().content)),
            GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, FormatContentTest,
    testing::Values(
        Case{"Property",
             R"pb(kind: KIND_PROPERTY
                  schema { type: "double" }
                  unit: "degreeCelsius"
                  semantic_types: "Temperature"
                  writable: true
                  required: true)pb",
             "double degreeCelsius (Temperature), writable, required"},
        Case{"Enum",
             R"pb(kind: KIND_TELEMETRY
                  schema {
                    type: "Enum"
                    enum_values { name: "on" integer_value: 1 }
                    enum_values { name: "off" integer_value: 0 }
                  })pb",
             "Enum on=1, off=0"},
        Case{"Nested",
             R"pb(kind: KIND_PROPERTY
                  schema {
                    type: "Object"
                    fields {
                      name: "w"
                      schema {
                        type: "Array"
                        element { type: "double" }
                      }
                    }
                    fields {
                      name: "h"
                      schema { type: "Map" id: "dtmi:t:m;1" }
                    }
                  })pb",
             "Object {w: Array of double, h: Map dtmi:t:m;1}"},
        Case{"Component", R"pb(kind: KIND_COMPONENT
                               component_model_id: "dtmi:t:C;1")pb",
             "dtmi:t:C;1"},
        Case{"Relationship",
             R"pb(kind: KIND_RELATIONSHIP
                  target_model_id: "dtmi:t:X;1"
                  max_multiplicity: 2
                  properties {
                    kind: KIND_PROPERTY
                    name: "since"
                    schema { type: "date" }
                  })pb",
             "to dtmi:t:X;1, at most 2 {since: date}"},
        Case{"AnyTarget", "kind: KIND_RELATIONSHIP", "to any twin"},
        Case{"Command",
             R"pb(kind: KIND_COMMAND
                  request {
                    name: "s"
                    schema { type: "long" }
                  }
                  response {
                    name: "ok"
                    schema { type: "boolean" }
                  })pb",
             "(s: long) -> ok: boolean"},
        Case{"PlainCommand", "kind: KIND_COMMAND", "()"}),
    [](const auto& test) { return test.param.name; });

TEST(PrintEffectiveModelTest, PrintsAPage) {
  std::ostringstream out;
  PrintEffectiveModel(
      Parse<v1::EffectiveModel>(R"pb(
        model {
          id: "dtmi:t:Lab;1"
          display_name { key: "en" value: "Lab" }
          description { key: "en" value: "A lab" }
          dtdl_version: 3
          state: MODEL_STATE_DECOMMISSIONED
        }
        bases: "dtmi:t:Room;1"
        contents {
          kind: KIND_PROPERTY
          name: "mode"
          declared_in: "dtmi:t:Room;1"
          schema { type: "Enum" id: "dtmi:t:m;1" }
        }
        contents { kind: KIND_COMMAND name: "go" declared_in: "dtmi:t:Lab;1" }
        schemas {
          type: "Enum"
          id: "dtmi:t:m;1"
          enum_values { name: "on" string_value: "ON" }
        })pb"),
      out);
  EXPECT_EQ(out.str(),
            "model    dtmi:t:Lab;1\n"
            "name     Lab [en]\n"
            "about    A lab [en]\n"
            "dtdl     3\n"
            "state    decommissioned\n"
            "extends  dtmi:t:Room;1\n"
            "NAME  KIND      WHAT             FROM\n"
            "mode  property  Enum dtmi:t:m;1  dtmi:t:Room;1\n"
            "go    command   ()\n"
            "schema   dtmi:t:m;1 = Enum on=\"ON\"\n");
}

}  // namespace
}  // namespace twingraph::cli

#include "server/rpc/convert/effective_model.h"

#include <string>
#include <utility>

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "twingraph/v1/model.pb.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::TextFormat;
using google::protobuf::util::MessageDifferencer;

// The last interface of a DTDL array, flattened and written.
v1::EffectiveModel Written(const std::string& document) {
  const dtdl::ParsedModels set = dtdl::ParseModels(
      {&document, 1}, [](absl::string_view) { return nullptr; });
  EXPECT_TRUE(set.ok()) << (set.diagnostics.empty()
                                ? "missing"
                                : set.diagnostics[0].message);
  catalog::CatalogChange change;
  uint32_t number = 0;
  for (const auto& interface : set.interfaces) {
    change.added.push_back(
        {.number = graph::ModelNumber{++number}, .interface = interface});
  }
  const std::string& id = set.interfaces.back()->id;
  engine::EffectiveModel model;
  model.model.id = id;
  model.effective = catalog::Catalog().After(change).Find(id);
  std::string bytes;
  WireWriter writer(bytes);
  EXPECT_OK(WriteEffectiveModel(model, writer));
  v1::EffectiveModel written;
  EXPECT_TRUE(written.ParseFromString(bytes));
  written.clear_model();
  return written;
}

void ExpectWritten(const std::string& document, const std::string& text) {
  v1::EffectiveModel wanted;
  ASSERT_TRUE(TextFormat::ParseFromString(text, &wanted));
  const v1::EffectiveModel written = Written(document);
  EXPECT_TRUE(MessageDifferencer::Equals(written, wanted))
      << written.DebugString();
}

// `contents` of an interface of DTDL v3.
std::string Interface(const std::string& contents) {
  return R"({"@context":"dtmi:dtdl:context;3","@id":"dtmi:t:A;1",)"
         R"("@type":"Interface","contents":[)" +
         contents + "]}";
}

TEST(EffectiveModelTest, WritesWhatAPropertyIs) {
  ExpectWritten(R"([{"@context": "dtmi:dtdl:context;2", "@id": "dtmi:t:A;1",
                     "@type": "Interface", "contents": [
                      {"@type": ["Property", "Temperature"], "name": "t",
                       "schema": "double", "unit": "degreeCelsius",
                       "displayName": "T", "writable": true,
                       "description": {"de": "Luft", "en": "Air"}}]},
                    {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:t:B;1",
                     "@type": "Interface", "extends": "dtmi:t:A;1"}])",
                R"pb(
                  bases: "dtmi:t:A;1"
                  contents {
                    kind: KIND_PROPERTY
                    name: "t"
                    declared_in: "dtmi:t:A;1"
                    display_name { key: "en" value: "T" }
                    description { key: "de" value: "Luft" }
                    description { key: "en" value: "Air" }
                    semantic_types: "Temperature"
                    unit: "degreeCelsius"
                    schema { type: "double" }
                    writable: true
                  })pb");
}

TEST(EffectiveModelTest, WritesSchemasWithoutIdWhereTheyAreUsed) {
  ExpectWritten(Interface(R"({"@type": "Telemetry", "name": "x", "schema":
        {"@type": "Array", "elementSchema": {"@type": "Object", "fields": [
          {"name": "m", "schema": {"@type": "Map",
            "mapKey": {"name": "k", "schema": "string"},
            "mapValue": {"name": "v", "schema": {"@type": "Enum",
              "valueSchema": "string", "enumValues": [
                {"name": "a", "enumValue": "A"}]}}}}]}}})"),
                R"pb(
                  contents {
                    kind: KIND_TELEMETRY
                    name: "x"
                    declared_in: "dtmi:t:A;1"
                    schema {
                      type: "Array"
                      element {
                        type: "Object"
                        fields {
                          name: "m"
                          schema {
                            type: "Map"
                            element {
                              type: "Enum"
                              enum_values { name: "a" string_value: "A" }
                            }
                          }
                        }
                      }
                    }
                  })pb");
}

TEST(EffectiveModelTest, WritesASchemaThatHoldsItselfOnce) {
  ExpectWritten(
      R"({"@context": "dtmi:dtdl:context;4", "@id": "dtmi:t:A;1",
          "@type": "Interface",
          "schemas": [
            {"@id": "dtmi:t:tree;1", "@type": "Object", "fields": [
              {"name": "level", "schema": "dtmi:t:level;1"},
              {"name": "sub", "schema": "dtmi:t:trees;1"}]},
            {"@id": "dtmi:t:level;1", "@type": "Enum", "valueSchema": "integer",
             "enumValues": [{"name": "zero", "enumValue": 0}]},
            {"@id": "dtmi:t:trees;1", "@type": "Array",
             "elementSchema": "dtmi:t:tree;1"}],
          "contents": [{"@type": "Property", "name": "p",
                        "schema": "dtmi:t:tree;1"}]})",
      R"pb(
        contents {
          kind: KIND_PROPERTY
          name: "p"
          declared_in: "dtmi:t:A;1"
          schema { type: "Object" id: "dtmi:t:tree;1" }
        }
        schemas {
          type: "Enum"
          id: "dtmi:t:level;1"
          enum_values { name: "zero" integer_value: 0 }
        }
        schemas {
          type: "Object"
          id: "dtmi:t:tree;1"
          fields {
            name: "level"
            schema { type: "Enum" id: "dtmi:t:level;1" }
          }
          fields {
            name: "sub"
            schema { type: "Array" id: "dtmi:t:trees;1" }
          }
        }
        schemas {
          type: "Array"
          id: "dtmi:t:trees;1"
          element { type: "Object" id: "dtmi:t:tree;1" }
        })pb");
}

TEST(EffectiveModelTest, WritesRelationshipsComponentsAndCommands) {
  ExpectWritten(
      "[" + std::string(R"({"@context":"dtmi:dtdl:context;3",
            "@id":"dtmi:t:Part;1","@type":"Interface"},)") +
          Interface(R"(
            {"@type": "Relationship", "name": "r", "target": "dtmi:t:X;1",
             "maxMultiplicity": 2, "properties": [
               {"@type": "Property", "name": "w", "schema": "long"}]},
            {"@type": "Component", "name": "c", "schema": "dtmi:t:Part;1"},
            {"@type": "Command", "name": "go",
             "request": {"name": "in", "schema": "string"}},
            {"@type": "Command", "name": "stop"},
            {"@type": "Relationship", "name": "s"})") +
          "]",
      R"pb(
        contents {
          kind: KIND_COMPONENT
          name: "c"
          declared_in: "dtmi:t:A;1"
          component_model_id: "dtmi:t:Part;1"
        }
        contents {
          kind: KIND_COMMAND
          name: "go"
          declared_in: "dtmi:t:A;1"
          request {
            name: "in"
            schema { type: "string" }
          }
        }
        contents {
          kind: KIND_RELATIONSHIP
          name: "r"
          declared_in: "dtmi:t:A;1"
          target_model_id: "dtmi:t:X;1"
          max_multiplicity: 2
          properties {
            kind: KIND_PROPERTY
            name: "w"
            declared_in: "dtmi:t:A;1"
            schema { type: "long" }
          }
        }
        contents { kind: KIND_RELATIONSHIP name: "s" declared_in: "dtmi:t:A;1" }
        contents { kind: KIND_COMMAND name: "stop" declared_in: "dtmi:t:A;1" }
      )pb");
}

}  // namespace
}  // namespace twingraph::rpc

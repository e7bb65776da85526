#include "client/cli/offline/model_page.h"

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "server/dtdl/model_index.h"
#include "server/dtdl/parser.h"

namespace twingraph::cli {
namespace {

std::string Page(const std::string& document, const std::string& id) {
  const std::vector<std::string> documents = {document};
  const dtdl::ParsedModels set = dtdl::ParseModels(
      documents, [](absl::string_view /*id*/) { return nullptr; });
  EXPECT_TRUE(set.ok());
  std::ostringstream out;
  PrintModel(*dtdl::ModelIndex(set.interfaces).Find(id), out);
  return out.str();
}

constexpr char kModels[] = R"([
 {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:t:Base;1",
  "@type": "Interface", "contents": [
   {"@type": ["Property", "Temperature"], "name": "target", "unit": "kelvin",
    "schema": "double", "writable": true, "description": "Wanted"}]},
 {"@context": "dtmi:dtdl:context;2", "@id": "dtmi:t:Thing;1",
  "@type": "Interface", "displayName": "A thing", "comment": "Old",
  "extends": "dtmi:t:Base;1", "contents": [
   {"@type": "Telemetry", "name": "state", "schema": {"@type": "Enum",
    "valueSchema": "integer", "enumValues": [{"name": "off", "enumValue": 0},
    {"name": "on", "enumValue": 1}]}},
   {"@type": "Property", "name": "tags", "schema": {"@type": "Map",
    "mapKey": {"name": "k", "schema": "string"},
    "mapValue": {"name": "v", "schema": {"@type": "Object", "fields": [
     {"name": "x", "schema": "long"}]}}}},
   {"@type": "Command", "name": "reset", "request":
    {"name": "at", "schema": "dateTime"}},
   {"@type": "Relationship", "name": "next", "target": "dtmi:t:Thing;1",
    "maxMultiplicity": 2, "properties": [
    {"@type": "Property", "name": "since", "schema": "date"}]},
   {"@type": "Component", "name": "part", "schema": "dtmi:t:Base;1"}]}])";

TEST(ModelPageTest, ShowsAllThatAModelHas) {
  EXPECT_EQ(Page(kModels, "dtmi:t:Thing;1"),
            R"(dtmi:t:Thing;1  DTDL 2
A thing
Old
extends dtmi:t:Base;1

Property  schema                   unit    type         writable  from           description
tags      Map to Object {x: long}
target    double                   kelvin  Temperature  yes       dtmi:t:Base;1  Wanted

Telemetry  schema            unit  type  from  description
state      Enum off=0, on=1

Command  request       response  from  description
reset    at: dateTime

Relationship  target          at most  properties   from  description
next          dtmi:t:Thing;1  2        since: date

Component  model          from  description
part       dtmi:t:Base;1
)");
}

TEST(ModelPageTest, SchemasThatHoldThemselvesEnd) {
  const std::string page = Page(R"({"@context": "dtmi:dtdl:context;4",
   "@id": "dtmi:t:Tree;1", "@type": "Interface",
   "contents": [{"@type": "Property", "name": "root",
                 "schema": "dtmi:t:Node;1"}],
   "schemas": [{"@id": "dtmi:t:Node;1", "@type": "Object", "fields": [
     {"name": "left", "schema": "dtmi:t:Node;1"}]}]})",
                                "dtmi:t:Tree;1");
  EXPECT_THAT(page, testing::HasSubstr("Object {left: Object {left: "));
}

}  // namespace
}  // namespace twingraph::cli

#pragma once

// A small building as models, for tests of the operations.

#include <string>
#include <vector>

namespace twingraph::engine {

// Space <- Floor, Room (component Thermostat); Room -contains-> Device and
// -hasHead-> Person (at most one); Device <- Sensor.
inline std::vector<std::string> BuildingModels() {
  return {R"json([
    {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:demo:Space;1",
     "@type": "Interface", "displayName": {"en": "Space", "de": "Raum"},
     "contents": [
       {"@type": "Property", "name": "label", "schema": "string"},
       {"@type": "Relationship", "name": "contains",
        "target": "dtmi:demo:Space;1"},
       {"@type": "Relationship", "name": "near"}]},
    {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:demo:Floor;1",
     "@type": "Interface", "extends": "dtmi:demo:Space;1",
     "contents": [
       {"@type": "Property", "name": "level", "schema": "integer"}]},
    {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:demo:Room;1",
     "@type": "Interface", "extends": "dtmi:demo:Space;1",
     "displayName": "Room", "description": "A room",
     "contents": [
       {"@type": "Property", "name": "temperature", "schema": "double"},
       {"@type": "Property", "name": "serial", "schema": "long"},
       {"@type": "Property", "name": "installed", "schema": "dateTime"},
       {"@type": "Property", "name": "use", "schema": {"@type": "Enum",
         "valueSchema": "string", "enumValues": [
           {"name": "office", "enumValue": "office"},
           {"name": "lab", "enumValue": "lab"}]}},
       {"@type": "Property", "name": "tags", "schema": {"@type": "Map",
         "mapKey": {"name": "tag", "schema": "string"},
         "mapValue": {"name": "on", "schema": "boolean"}}},
       {"@type": "Property", "name": "size", "schema": {"@type": "Object",
         "fields": [{"name": "w", "schema": "double"},
                    {"name": "h", "schema": "double"}]}},
       {"@type": "Telemetry", "name": "alarm", "schema": "string"},
       {"@type": "Component", "name": "thermostat",
        "schema": "dtmi:demo:Thermostat;1"},
       {"@type": "Relationship", "name": "hasDevice",
        "target": "dtmi:demo:Device;1", "properties": [
          {"@type": "Property", "name": "since", "schema": "integer"}]},
       {"@type": "Relationship", "name": "hasHead", "maxMultiplicity": 1,
        "target": "dtmi:demo:Person;1"}]}])json",
          R"json({"@context": "dtmi:dtdl:context;3",
     "@id": "dtmi:demo:Thermostat;1", "@type": "Interface",
     "contents": [
       {"@type": "Property", "name": "target", "schema": "double",
        "writable": true},
       {"@type": "Property", "name": "mode", "schema": "integer"}]})json",
          R"json([{"@context": "dtmi:dtdl:context;3",
     "@id": "dtmi:demo:Device;1", "@type": "Interface",
     "contents": [
       {"@type": "Property", "name": "firmware", "schema": "string"}]},
    {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:demo:Sensor;1",
     "@type": "Interface", "extends": "dtmi:demo:Device;1",
     "contents": [
       {"@type": "Property", "name": "temperature", "schema": "double"},
       {"@type": "Property", "name": "setting", "schema": {"@type": "Object",
         "fields": [{"name": "rate", "schema": "integer"},
                    {"name": "unit", "schema": "string"}]}},
       {"@type": "Telemetry", "name": "vibration", "schema": "double"},
       {"@type": "Component", "name": "thermostat",
        "schema": "dtmi:demo:Thermostat;1"}]},
    {"@context": "dtmi:dtdl:context;3", "@id": "dtmi:demo:Person;1",
     "@type": "Interface",
     "contents": [
       {"@type": "Property", "name": "name", "schema": "string"}]}])json"};
}

}  // namespace twingraph::engine

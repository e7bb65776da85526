#pragma once

// Models as parsed: interfaces with their contents and schemas. Immutable once
// made and shared by pointer; an Interface owns everything that its contents
// point to. Any thread may read.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "server/dtdl/dtmi.h"
#include "storage/value/value.h"

namespace twingraph::dtdl {

// What a schema is. Primitive kinds first.
enum class SchemaKind {
  kBoolean,
  kByte,
  kBytes,
  kDate,
  kDateTime,
  kDecimal,
  kDouble,
  kDuration,
  kFloat,
  kInteger,
  kLong,
  kScaledDecimal,
  kShort,
  kString,
  kTime,
  kUnsignedByte,
  kUnsignedInteger,
  kUnsignedLong,
  kUnsignedShort,
  kUuid,
  kArray,
  kEnum,
  kMap,
  kObject,
};

// The DTDL term of a kind, "dateTime", "Array".
absl::string_view SchemaName(SchemaKind kind);

struct Schema;

// Texts by language tag; a plain string stands under "en".
using LanguageMap = std::map<std::string, std::string>;

// A member of an Object schema.
struct Field {
  std::string name;
  const Schema* schema = nullptr;
  bool is_required = false;  // co-type Required
};

// A value of an Enum schema: what instances hold, and its name in the model.
struct EnumValue {
  std::string name;
  Value value;  // an integer or a string, as the Enum's valueSchema says
};

// A schema. Pointers are owned by the interface that the schema stands in, or
// live for ever (primitives, geospatial schemas).
struct Schema {
  SchemaKind kind = SchemaKind::kBoolean;
  std::string id;                      // where the model names it
  const Schema* element = nullptr;     // of an Array, the value of a Map
  std::vector<Field> fields;           // of an Object
  std::vector<EnumValue> enum_values;  // of an Enum
  bool is_integer_enum = false;
};

// What a content of an interface is.
enum class ContentKind {
  kProperty,
  kTelemetry,
  kCommand,
  kRelationship,
  kComponent,
};

// The DTDL class of a kind, "Property".
absl::string_view ContentName(ContentKind kind);

// The request or response of a command.
struct CommandPayload {
  std::string name;
  const Schema* schema = nullptr;
  bool is_nullable = false;
};

// A property, telemetry, command, relationship or component.
struct Content {
  ContentKind kind = ContentKind::kProperty;
  std::string id;  // its @id; empty where the document gives none
  std::string name;
  const Schema* schema = nullptr;  // of a property or telemetry
  bool is_writable = false;
  bool is_required = false;  // co-type Required
  std::string unit;          // term, "degreeCelsius"; empty for none
  // All terms of @type as the document has them: the class, semantic types,
  // other co-types.
  std::vector<std::string> types;
  LanguageMap display_name;
  LanguageMap description;
  // Of a command.
  std::optional<CommandPayload> request;
  std::optional<CommandPayload> response;
  // Of a component: the id of its interface.
  std::string component_model;
  // Of a relationship: the id of the interface that targets have or extend;
  // empty for any.
  std::string target_model;
  std::optional<int64_t> max_multiplicity;
  std::vector<Content> properties;  // of a relationship
};

struct Interface {
  std::string id;
  Dtmi dtmi;
  int dtdl_version = 0;  // 2, 3 or 4
  LanguageMap display_name;
  LanguageMap description;
  std::string comment;
  std::vector<std::string> extends;  // ids, in the order of the document
  std::vector<Content> contents;     // its own, sorted by name
  std::string text;                  // the JSON object as it was given

  // Its own content of a name; null if there is none.
  const Content* Find(absl::string_view name) const;

  // Ids of the interfaces that must be known for this one to mean something:
  // those it extends and those of its components, each once.
  std::vector<std::string> Dependencies() const;

  // Owns the schemas that contents point to.
  std::vector<std::unique_ptr<Schema>> schemas;
};

}  // namespace twingraph::dtdl

// Covered by tests/server/dtdl/instance_test.cc.
#include "server/dtdl/standard_schema.h"

#include <deque>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace twingraph::dtdl {
namespace {

using enum SchemaKind;

struct Primitive {
  SchemaKind kind;
  int first_version;
};

constexpr Primitive kPrimitives[] = {
    {kBoolean, 2},
    {kDate, 2},
    {kDateTime, 2},
    {kDouble, 2},
    {kDuration, 2},
    {kFloat, 2},
    {kInteger, 2},
    {kLong, 2},
    {kString, 2},
    {kTime, 2},
    {kByte, 4},
    {kBytes, 4},
    {kDecimal, 4},
    {kScaledDecimal, 4},
    {kShort, 4},
    {kUnsignedByte, 4},
    {kUnsignedInteger, 4},
    {kUnsignedLong, 4},
    {kUnsignedShort, 4},
    {kUuid, 4},
};

// How often a GeoJSON shape's positions are nested in arrays.
struct Shape {
  const char* term;
  const char* type;
  int nesting;
};

constexpr Shape kShapes[] = {
    {"point", "Point", 1},           {"multiPoint", "MultiPoint", 2},
    {"lineString", "LineString", 2}, {"multiLineString", "MultiLineString", 3},
    {"polygon", "Polygon", 3},       {"multiPolygon", "MultiPolygon", 4},
};

struct Entry {
  const Schema* schema;
  int first_version;
};

class Table {
 public:
  Table() {
    for (const Primitive& primitive : kPrimitives) {
      Schema schema;
      schema.kind = primitive.kind;
      const Schema* kept = Keep(std::move(schema));
      by_name_[SchemaName(primitive.kind)] = {kept, primitive.first_version};
    }
    for (const Shape& shape : kShapes) {
      by_name_[shape.term] = {MakeShape(shape), 2};
    }
    for (const Quantity& quantity : Quantities()) {
      by_name_[quantity.unit_type] = {MakeUnits(quantity), 3};
    }
    // The one alias of a unit type.
    by_name_["EnergyRateUnit"] = by_name_["PowerUnit"];
    by_name_["iotcentral:vector"] = {MakeTriple("x", "y", "z"), 2};
    by_name_["iotcentral:geopoint"] = {MakeTriple("lat", "lon", "alt"), 2};
  }

  const Schema* FindUnits(absl::string_view unit_type,
                          QuantityEdition edition) const {
    if (!IsUnitType(unit_type, edition)) {
      return nullptr;
    }
    return Find(unit_type, 3);
  }

  const Schema* Find(absl::string_view term, int version) const {
    const auto found = by_name_.find(term);
    return found != by_name_.end() && found->second.first_version <= version
               ? found->second.schema
               : nullptr;
  }

 private:
  const Schema* Keep(Schema schema) {
    schemas_.push_back(std::move(schema));
    return &schemas_.back();
  }

  // An object of three doubles.
  const Schema* MakeTriple(const char* a, const char* b, const char* c) {
    Schema object;
    object.kind = kObject;
    for (const char* name : {a, b, c}) {
      object.fields.push_back({name, by_name_["double"].schema});
    }
    return Keep(std::move(object));
  }

  const Schema* MakeUnits(const Quantity& quantity) {
    Schema units;
    units.kind = kEnum;
    units.id = std::string(quantity.unit_type);
    for (const absl::string_view unit : absl::StrSplit(quantity.units, ' ')) {
      units.enum_values.push_back({std::string(unit), Value::String(unit)});
    }
    return Keep(std::move(units));
  }

  // {"type": "Point", "coordinates": [..., ...]}, nested as the shape says.
  const Schema* MakeShape(const Shape& shape) {
    Schema type;
    type.kind = kEnum;
    type.enum_values.push_back({shape.type, Value::String(shape.type)});
    const Schema* coordinates = by_name_["double"].schema;
    for (int i = 0; i < shape.nesting; ++i) {
      Schema array;
      array.kind = kArray;
      array.element = coordinates;
      coordinates = Keep(std::move(array));
    }
    Schema object;
    object.kind = kObject;
    object.fields = {{"type", Keep(std::move(type))},
                     {"coordinates", coordinates}};
    return Keep(std::move(object));
  }

  std::deque<Schema> schemas_;
  absl::flat_hash_map<std::string, Entry> by_name_;
};

const Table& Schemas() {
  static const auto* const table = new Table();
  return *table;
}

}  // namespace

const Schema* FindPartnerSchema(absl::string_view term, int version) {
  return Schemas().Find(absl::StrCat("iotcentral:", term), version);
}

const Schema* FindUnitSchema(absl::string_view unit_type,
                             QuantityEdition edition) {
  return Schemas().FindUnits(unit_type, edition);
}

const Schema* FindStandardSchema(absl::string_view name, int version) {
  const std::string suffix = absl::StrCat(";", version);
  for (const absl::string_view prefix :
       {"dtmi:dtdl:instance:Schema:", "dtmi:standard:schema:geospatial:",
        "dtmi:standard:schema:"}) {
    absl::string_view term = name;
    if (absl::ConsumePrefix(&term, prefix)) {
      return absl::ConsumeSuffix(&term, suffix) ? Schemas().Find(term, version)
                                                : nullptr;
    }
  }
  return IsUnitType(name, QuantityEdition::kExtension3)
             ? nullptr
             : Schemas().Find(name, version);
}

}  // namespace twingraph::dtdl

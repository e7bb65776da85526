#pragma once

// Twins and relationships as the operations take and give them. Plain values;
// a const object may be read from many threads.

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"

#include "server/engine/device.h"
#include "storage/value/value.h"
#include "storage/value/value_codec.h"

namespace twingraph::engine {

// How much of a twin an answer holds.
enum class TwinView {
  kBasic,  // all but the metadata of single properties
  kFull,
};

// What is known of one property beside its value, or of a component as a whole
// (`property` empty).
struct PropertyMetadata {
  std::string component = {};  // empty: a property of the twin itself
  std::string property = {};
  absl::Time update_time;
  // When the value was measured, as its writer said; InfinitePast: never said.
  absl::Time source_time = absl::InfinitePast();
};

struct Twin {
  std::string id = {};
  std::string model = {};  // DTMI
  // Properties by name, components as maps: an encoded map, ready to be
  // written into an answer without being built as objects.
  std::string contents = {};
  std::string etag = {};
  absl::Time create_time;
  absl::Time update_time;
  // With TwinView::kFull only; in order of component, then property.
  std::vector<PropertyMetadata> metadata = {};
  // For a proxy twin only.
  std::optional<DeviceBlock> device = {};

  // Valid while this object lives and is not changed.
  ValueView contents_view() const { return ValueView(contents); }
};

// A source time for one property.
struct SourceTime {
  std::string component = {};  // empty: a property of the twin itself
  std::string property = {};
  absl::Time time;
};

// What a client says of a twin that it creates or replaces.
struct TwinInput {
  std::string id = {};
  std::string model = {};  // DTMI
  // A map. Numbers may be doubles; long, unsignedLong and decimal may be
  // decimal strings. A component may hold "$metadata" as exports do; only
  // source times are taken from it.
  Value contents = Value::MakeMap();
  std::vector<SourceTime> source_times = {};
  // Keep what does not conform to the model as it is.
  bool allow_nonconforming = false;
};

// One operation of a JSON Patch (RFC 6902) on a twin or relationship.
struct PatchOperation {
  std::string op =
      {};  // "add", "replace" or "remove"; anything else is refused
  std::string path = {};  // JSON pointer: "/temperature", "/$metadata/$model"
  std::optional<Value> value = {};
};

struct Relationship {
  std::string id = {};  // unique per source
  std::string source = {};
  std::string name = {};
  std::string target = {};
  std::string properties = {};  // an encoded map
  std::string etag = {};

  ValueView properties_view() const { return ValueView(properties); }
};

struct RelationshipInput {
  std::string id = {};
  std::string source = {};
  std::string name = {};
  std::string target = {};
  Value properties = Value::MakeMap();
  // Keep properties that do not conform to the model as they are.
  bool allow_nonconforming = false;
};

}  // namespace twingraph::engine

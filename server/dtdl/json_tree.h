#pragma once

// A JSON document with the place of each value, which diagnostics name. Only
// for reading models; values of twins are twingraph::Value. A tree owns its
// texts; const access is safe from any thread.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace twingraph::dtdl {

enum class JsonKind { kNull, kBool, kNumber, kString, kArray, kObject };

struct JsonNode {
  JsonKind kind = JsonKind::kNull;
  bool boolean = false;
  std::string text;                // of a string, or a number as written
  std::vector<JsonNode> elements;  // of an array
  std::vector<std::pair<std::string, JsonNode>> members;  // of an object
  size_t begin = 0;  // offsets in the source
  size_t end = 0;

  bool is_string() const { return kind == JsonKind::kString; }

  bool is_object() const { return kind == JsonKind::kObject; }

  bool is_array() const { return kind == JsonKind::kArray; }

  // The member of an object; null if there is none. The last one counts.
  const JsonNode* Find(absl::string_view name) const;
};

// Reads a document.
// Errors: those of ParseJson.
absl::StatusOr<JsonNode> ParseJsonTree(absl::string_view text);

}  // namespace twingraph::dtdl

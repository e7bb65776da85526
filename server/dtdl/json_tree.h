#pragma once

// A JSON document with the place of each value, which diagnostics name. Only
// for reading models and instance texts; values of twins are twingraph::Value.
// Compact: one node of 64 bytes a value; texts are views into the source unless
// they hold escapes. Const access is safe from any thread.

#include <cstdint>
#include <memory_resource>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/json.h"

namespace twingraph::dtdl {

enum class JsonKind : uint8_t {
  kNull,
  kBool,
  kNumber,
  kString,
  kArray,
  kObject
};

struct JsonNode {
  JsonKind kind = JsonKind::kNull;
  bool boolean = false;
  uint32_t count = 0;         // of elements or members
  uint32_t end = 0;           // offset just past the value in the source
  uint32_t begin = 0;         // offset of the bracket; arrays and objects only
  absl::string_view text;     // of a string, or a number as written
  absl::string_view key;      // where this is a member of an object
  JsonNode* child = nullptr;  // first element or member, in order
  JsonNode* next = nullptr;   // the next one in the same array or object

  bool is_string() const { return kind == JsonKind::kString; }

  bool is_object() const { return kind == JsonKind::kObject; }

  bool is_array() const { return kind == JsonKind::kArray; }

  bool is_bool() const { return kind == JsonKind::kBool; }

  bool is_number() const { return kind == JsonKind::kNumber; }

  bool is_null() const { return kind == JsonKind::kNull; }

  // The first member of that name; null if there is none.
  const JsonNode* Find(absl::string_view name) const;
};

class JsonDocument {
 public:
  JsonDocument() = default;
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  // Reads `source`, which must outlive this. Once only.
  // Errors: those of ParseJson; INVALID_ARGUMENT / INVALID_FIELD for a text of
  // 4 GiB or more.
  absl::Status Parse(absl::string_view source);

  // REQUIRES: Parse succeeded.
  const JsonNode& root() const { return *root_; }

  absl::string_view source() const { return source_; }

  // The text of a value, brackets or quotes included.
  absl::string_view TextOf(const JsonNode& node) const;
  // Where a value begins.
  TextPosition PositionOf(const JsonNode& node) const;

 private:
  friend class TreeBuilder;

  absl::string_view source_;
  // Holds the nodes, and texts that had escapes.
  std::optional<std::pmr::monotonic_buffer_resource> memory_;
  JsonNode* root_ = nullptr;
};

// The elements of an array or members of an object, for range-based for.
class JsonChildren {
 public:
  class Iterator {
   public:
    explicit Iterator(const JsonNode* node) : node_(node) {}

    const JsonNode& operator*() const { return *node_; }

    Iterator& operator++() {
      node_ = node_->next;
      return *this;
    }

    bool operator!=(const Iterator& other) const {
      return node_ != other.node_;
    }

   private:
    const JsonNode* node_;
  };

  explicit JsonChildren(const JsonNode& node) : first_(node.child) {}

  Iterator begin() const { return Iterator(first_); }

  Iterator end() const { return Iterator(nullptr); }

 private:
  const JsonNode* first_;
};

}  // namespace twingraph::dtdl

// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/json_tree.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::dtdl {

namespace {

// Hardly less than the values of the text: each but the first in an array or
// object has a comma before it, and the first a bracket. Commas may also stand
// in strings, so there is a bound.
size_t LikelyNodesIn(absl::string_view source) {
  size_t count = 1;
  for (const char c : source) {
    count += (c == ',' ? 1 : 0) + (c == '[' ? 1 : 0) + (c == '{' ? 1 : 0);
  }
  return std::min(count, source.size() / 8 + 1);
}

}  // namespace

// Builds the nodes of a document from the events of its text.
class TreeBuilder final : public JsonEvents {
 public:
  explicit TreeBuilder(JsonDocument& document) : document_(document) {}

  bool Null(size_t end) override {
    return Add(JsonKind::kNull, end) != nullptr;
  }

  bool Bool(bool value, size_t end) override {
    Add(JsonKind::kBool, end)->boolean = value;
    return true;
  }

  bool Number(absl::string_view token, size_t end) override {
    Add(JsonKind::kNumber, end)->text =
        document_.source_.substr(end - token.size(), token.size());
    return true;
  }

  bool String(absl::string_view text, size_t end) override {
    Add(JsonKind::kString, end)->text = Keep(text, end);
    return true;
  }

  bool BeginObject(size_t end) override { return Open(JsonKind::kObject, end); }

  bool Key(absl::string_view name, size_t end) override {
    key_ = Keep(name, end);
    return true;
  }

  bool EndObject(size_t end) override { return Close(end); }

  bool BeginArray(size_t end) override { return Open(JsonKind::kArray, end); }

  bool EndArray(size_t end) override { return Close(end); }

 private:
  struct Level {
    JsonNode* node;
    JsonNode* last;
  };

  JsonNode* Add(JsonKind kind, size_t end) {
    JsonNode* node = std::pmr::polymorphic_allocator<>(&*document_.memory_)
                         .new_object<JsonNode>();
    node->kind = kind;
    node->end = static_cast<uint32_t>(end);
    if (open_.empty()) {
      document_.root_ = node;
      return node;
    }
    Level& level = open_.back();
    if (level.node->is_object()) {
      node->key = key_;
    }
    (level.last == nullptr ? level.node->child : level.last->next) = node;
    level.last = node;
    ++level.node->count;
    return node;
  }

  bool Open(JsonKind kind, size_t end) {
    JsonNode* node = Add(kind, end);
    node->begin = static_cast<uint32_t>(end - 1);
    open_.push_back({node, nullptr});
    return true;
  }

  bool Close(size_t end) {
    open_.back().node->end = static_cast<uint32_t>(end);
    open_.pop_back();
    return true;
  }

  // A view that lives as long as the document: of the source where the text
  // stands there as it is, else of a copy.
  absl::string_view Keep(absl::string_view text, size_t end) {
    const size_t begin = end - 1 - text.size();
    if (end >= text.size() + 2 &&
        document_.source_.substr(begin, text.size()) == text) {
      return document_.source_.substr(begin, text.size());
    }
    auto* const kept =
        static_cast<char*>(document_.memory_->allocate(text.size() + 1, 1));
    std::copy(text.begin(), text.end(), kept);
    return {kept, text.size()};
  }

  JsonDocument& document_;
  std::vector<Level> open_;
  absl::string_view key_;
};

const JsonNode* JsonNode::Find(absl::string_view name) const {
  if (!is_object()) {
    return nullptr;
  }
  for (const JsonNode* member = child; member != nullptr;
       member = member->next) {
    if (member->key == name) {
      return member;
    }
  }
  return nullptr;
}

absl::Status JsonDocument::Parse(absl::string_view source) {
  if (source.size() > std::numeric_limits<uint32_t>::max()) {
    return InvalidField("document", "a JSON text of 4 GiB or more");
  }
  source_ = source;
  memory_.emplace(LikelyNodesIn(source) * sizeof(JsonNode));
  TreeBuilder builder(*this);
  return ParseJson(source, builder);
}

absl::string_view JsonDocument::TextOf(const JsonNode& node) const {
  const size_t begin = node.is_array() || node.is_object()
                           ? node.begin
                           : JsonTokenStart(source_, node.end);
  return source_.substr(begin, node.end - begin);
}

TextPosition JsonDocument::PositionOf(const JsonNode& node) const {
  return PositionAt(source_,
                    static_cast<size_t>(TextOf(node).data() - source_.data()));
}

}  // namespace twingraph::dtdl

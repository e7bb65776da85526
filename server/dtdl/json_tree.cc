// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/json_tree.h"

#include "storage/base/json.h"
#include "storage/base/status_macros.h"

namespace twingraph::dtdl {
namespace {

class TreeBuilder final : public JsonEvents {
 public:
  explicit TreeBuilder(absl::string_view source) : source_(source) {}

  bool Null(size_t end) override { return Add(JsonKind::kNull, end); }

  bool Bool(bool value, size_t end) override {
    Add(JsonKind::kBool, end);
    last_->boolean = value;
    return true;
  }

  bool Number(absl::string_view token, size_t end) override {
    Add(JsonKind::kNumber, end);
    last_->text = std::string(token);
    return true;
  }

  bool String(absl::string_view text, size_t end) override {
    Add(JsonKind::kString, end);
    last_->text = std::string(text);
    return true;
  }

  bool BeginObject(size_t end) override { return Open(JsonKind::kObject, end); }

  bool Key(absl::string_view name, size_t /*end*/) override {
    open_.back().members.emplace_back(std::string(name), JsonNode());
    return true;
  }

  bool EndObject(size_t end) override { return Close(end); }

  bool BeginArray(size_t end) override { return Open(JsonKind::kArray, end); }

  bool EndArray(size_t end) override { return Close(end); }

  JsonNode Take() && { return std::move(root_); }

 private:
  bool Add(JsonKind kind, size_t end) {
    JsonNode node;
    node.kind = kind;
    node.begin = JsonTokenStart(source_, end);
    node.end = end;
    Place(std::move(node));
    return true;
  }

  bool Open(JsonKind kind, size_t end) {
    JsonNode node;
    node.kind = kind;
    node.begin = end - 1;
    open_.push_back(std::move(node));
    return true;
  }

  bool Close(size_t end) {
    JsonNode node = std::move(open_.back());
    open_.pop_back();
    node.end = end;
    Place(std::move(node));
    return true;
  }

  void Place(JsonNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      last_ = &root_;
    } else if (open_.back().is_object()) {
      open_.back().members.back().second = std::move(node);
      last_ = &open_.back().members.back().second;
    } else {
      open_.back().elements.push_back(std::move(node));
      last_ = &open_.back().elements.back();
    }
  }

  absl::string_view source_;
  std::vector<JsonNode> open_;
  JsonNode root_;
  JsonNode* last_ = nullptr;
};

}  // namespace

const JsonNode* JsonNode::Find(absl::string_view name) const {
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (member->first == name) {
      return &member->second;
    }
  }
  return nullptr;
}

absl::StatusOr<JsonNode> ParseJsonTree(absl::string_view text) {
  TreeBuilder builder(text);
  RETURN_IF_ERROR(ParseJson(text, builder));
  return std::move(builder).Take();
}

}  // namespace twingraph::dtdl

#include "storage/value/json.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "storage/base/json.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph {
namespace {

// Builds a Value from the events of a document.
class Builder final : public JsonEvents {
 public:
  explicit Builder(absl::string_view source) : source_(source) {}

  bool Null(size_t) override { return Add(Value()); }

  bool Bool(bool value, size_t) override { return Add(Value::Bool(value)); }

  bool Number(absl::string_view token, size_t end) override {
    if (token.find_first_of(".eE") == absl::string_view::npos) {
      int64_t integer = 0;
      if (absl::SimpleAtoi(token, &integer)) {
        return Add(Value::Int(integer));
      }
      uint64_t natural = 0;
      if (absl::SimpleAtoi(token, &natural)) {
        return Add(Value::Uint(natural));
      }
    }
    double number = 0;
    if (!absl::SimpleAtod(token, &number) || !std::isfinite(number)) {
      return Fail(JsonTokenStart(source_, end),
                  "a number beyond the range of double");
    }
    return Add(Value::Double(number));
  }

  bool String(absl::string_view text, size_t) override {
    return Add(Value::String(text));
  }

  bool BeginObject(size_t) override {
    open_.emplace_back();
    return true;
  }

  bool Key(absl::string_view name, size_t) override {
    open_.back().keys.emplace_back(name);
    return true;
  }

  bool EndObject(size_t end) override {
    Open done = std::move(open_.back());
    open_.pop_back();
    Value::Map map;
    map.reserve(done.values.size());
    for (size_t i = 0; i < done.values.size(); ++i) {
      map.emplace_back(std::move(done.keys[i]), std::move(done.values[i]));
    }
    Value object = Value::MakeMap(std::move(map));
    const Value::Map& sorted = object.as_map();
    for (size_t i = 1; i < sorted.size(); ++i) {
      if (sorted[i - 1].first == sorted[i].first) {
        return Fail(end - 1, absl::StrCat("member \"", sorted[i].first,
                                          "\" stands twice in this object"));
      }
    }
    return Add(std::move(object));
  }

  bool BeginArray(size_t) override {
    open_.emplace_back();
    return true;
  }

  bool EndArray(size_t) override {
    Value list = Value::MakeList(std::move(open_.back().values));
    open_.pop_back();
    return Add(std::move(list));
  }

  absl::Status status() const { return status_; }

  Value Take() && { return std::move(root_); }

 private:
  struct Open {
    std::vector<std::string> keys;  // of an object
    Value::List values;
  };

  bool Add(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else {
      open_.back().values.push_back(std::move(value));
    }
    return true;
  }

  bool Fail(size_t offset, absl::string_view rule) {
    const TextPosition at = PositionAt(source_, offset);
    status_ = InvalidArgument(
        v1::ERROR_REASON_INVALID_FIELD,
        absl::StrCat("JSON, line ", at.line, ", column ", at.column, ": ",
                     rule),
        {{"line", absl::StrCat(at.line)}, {"column", absl::StrCat(at.column)}});
    return false;
  }

  absl::string_view source_;
  std::vector<Open> open_;
  Value root_;
  absl::Status status_;
};

void AppendList(ValueView view, std::string& out) {
  out.push_back('[');
  for (size_t i = 0; i < view.size(); ++i) {
    if (i > 0) {
      out.push_back(',');
    }
    AppendJson(view.at(i), out);
  }
  out.push_back(']');
}

void AppendMap(ValueView view, std::string& out) {
  out.push_back('{');
  for (size_t i = 0; i < view.size(); ++i) {
    if (i > 0) {
      out.push_back(',');
    }
    const auto [key, value] = view.entry(i);
    AppendJsonString(out, key);
    out.push_back(':');
    AppendJson(value, out);
  }
  out.push_back('}');
}

}  // namespace

absl::StatusOr<Value> ParseJsonValue(absl::string_view text) {
  Builder builder(text);
  RETURN_IF_ERROR(ParseJson(text, builder));
  RETURN_IF_ERROR(builder.status());
  return std::move(builder).Take();
}

void AppendJson(ValueView view, std::string& out) {
  switch (view.kind()) {
    case ValueKind::kNull:
      out.append("null");
      return;
    case ValueKind::kBool:
      out.append(view.as_bool() ? "true" : "false");
      return;
    case ValueKind::kInt:
      absl::StrAppend(&out, view.as_int());
      return;
    case ValueKind::kUint:
      absl::StrAppend(&out, view.as_uint());
      return;
    case ValueKind::kDouble:
      AppendJsonDouble(out, view.as_double());
      return;
    case ValueKind::kString:
      AppendJsonString(out, view.as_string());
      return;
    case ValueKind::kList:
      AppendList(view, out);
      return;
    case ValueKind::kMap:
      AppendMap(view, out);
      return;
  }
}

void AppendJson(const Value& value, std::string& out) {
  std::string encoded;
  EncodeValue(value, encoded);
  AppendJson(ValueView(encoded), out);
}

std::string FormatJson(const Value& value) {
  std::string text;
  AppendJson(value, text);
  return text;
}

}  // namespace twingraph

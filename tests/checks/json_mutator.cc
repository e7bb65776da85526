#include "tests/checks/json_mutator.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "storage/value/json.h"

namespace twingraph {
namespace {

constexpr size_t kMaxSteps = 12;
constexpr size_t kMaxWords = 20000;

void CollectWords(const Value& value, std::vector<std::string>& words) {
  if (words.size() >= kMaxWords) {
    return;
  }
  if (value.is_string()) {
    words.push_back(value.as_string());
  } else if (value.is_list()) {
    for (const Value& element : value.as_list()) {
      CollectWords(element, words);
    }
  } else if (value.is_map()) {
    for (const auto& [key, member] : value.as_map()) {
      words.push_back(key);
      CollectWords(member, words);
    }
  }
}

}  // namespace

void JsonMutator::AddSeed(const std::string& text) {
  absl::StatusOr<Value> value = ParseJsonValue(text);
  if (value.ok()) {
    CollectWords(*value, words_);
    seeds_.push_back(*std::move(value));
  }
}

std::string JsonMutator::Next() {
  Value value = seeds_[Below(seeds_.size())];
  for (size_t left = 1 + Below(6); left > 0; --left) {
    Change(AnyPart(value));
  }
  std::string text = FormatJson(value);
  if (Below(10) == 0) {
    ChangeBytes(text);
  }
  return text;
}

std::string JsonMutator::NextValue() {
  Value value = Below(2) == 0 ? AnyScalar() : AnySeedPart();
  if (Below(2) == 0) {
    Change(AnyPart(value));
  }
  return FormatJson(value);
}

size_t JsonMutator::Below(size_t limit) {
  return std::uniform_int_distribution<size_t>(0, limit - 1)(random_);
}

// A random walk down the tree.
Value& JsonMutator::AnyPart(Value& value) {
  Value* at = &value;
  for (size_t step = Below(kMaxSteps); step > 0; --step) {
    if (at->is_list() && !at->as_list().empty()) {
      at = &at->as_list()[Below(at->as_list().size())];
    } else if (at->is_map() && !at->as_map().empty()) {
      at = &at->as_map()[Below(at->as_map().size())].second;
    } else {
      break;
    }
  }
  return *at;
}

const Value& JsonMutator::AnySeedPart() {
  return AnyPart(seeds_[Below(seeds_.size())]);
}

void JsonMutator::Change(Value& value) {
  switch (Below(5)) {
    case 0:
      value = AnySeedPart();
      return;
    case 1:
      value = AnyScalar();
      return;
    case 2: {
      Value::List list;
      for (size_t count = Below(4); count > 0; --count) {
        list.push_back(value);
      }
      value = Value::MakeList(std::move(list));
      return;
    }
    default:
      break;
  }
  if (value.is_map()) {
    ChangeMap(value);
  } else if (value.is_list()) {
    ChangeList(value);
  } else if (value.is_string()) {
    ChangeText(value);
  } else {
    value = AnyScalar();
  }
}

void JsonMutator::ChangeMap(Value& value) {
  const Value::Map& members = value.as_map();
  const std::string key =
      members.empty() ? "" : members[Below(members.size())].first;
  switch (Below(3)) {
    case 0:
      value.Erase(key);
      return;
    case 1:
      value.Set(words_[Below(words_.size())], AnySeedPart());
      return;
    default:
      if (const Value* member = value.Find(key)) {
        value.Set(words_[Below(words_.size())], Value(*member));
      }
      return;
  }
}

void JsonMutator::ChangeList(Value& value) {
  Value::List& list = value.as_list();
  if (list.empty() || Below(3) == 0) {
    list.push_back(AnySeedPart());
  } else if (Below(2) == 0) {
    list.erase(list.begin() + static_cast<int64_t>(Below(list.size())));
  } else {
    list.push_back(Value(list[Below(list.size())]));
  }
}

void JsonMutator::ChangeText(Value& value) {
  std::string text = value.as_string();
  switch (Below(4)) {
    case 0:
      text = words_[Below(words_.size())];
      break;
    case 1:
      text += words_[Below(words_.size())];
      break;
    case 2:
      text.resize(std::min<size_t>(text.size() * 64, 5000), 'x');
      break;
    default:
      if (!text.empty()) {
        text[Below(text.size())] = static_cast<char>(' ' + Below(95));
      }
      break;
  }
  // A change inside a character leaves no UTF-8; then the text goes.
  const bool is_ascii = std::ranges::all_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  value = Value::String(is_ascii ? text : "\xC3\xA9");
}

Value JsonMutator::AnyScalar() {
  switch (Below(8)) {
    case 0:
      return {};
    case 1:
      return Value::Bool(Below(2) == 0);
    case 2:
      return Value::Int(static_cast<int64_t>(random_()) >> Below(64));
    case 3:
      return Value::Double(static_cast<double>(random_()) / 1e3);
    case 4:
      return Value::Uint(random_());
    case 5:
      return Value::MakeMap();
    case 6:
      return Value::MakeList();
    default:
      return Value::String(words_[Below(words_.size())]);
  }
}

void JsonMutator::ChangeBytes(std::string& text) {
  for (size_t left = 1 + Below(3); left > 0 && !text.empty(); --left) {
    const size_t at = Below(text.size());
    if (Below(2) == 0) {
      text[at] = static_cast<char>(random_());
    } else {
      text.erase(at, 1 + Below(8));
    }
  }
}

}  // namespace twingraph

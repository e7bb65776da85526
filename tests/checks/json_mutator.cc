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

// A random walk down the tree.
template <typename V>
V& PartOf(RandomChoice& random, V& value) {
  V* at = &value;
  for (size_t step = random.Below(kMaxSteps); step > 0; --step) {
    if (at->is_list() && !at->as_list().empty()) {
      at = &random.Of(at->as_list());
    } else if (at->is_map() && !at->as_map().empty()) {
      at = &random.Of(at->as_map()).second;
    } else {
      break;
    }
  }
  return *at;
}

}  // namespace

void JsonMutator::AddSeed(const Value& value) {
  CollectWords(value, words_);
  seeds_.push_back(&value);
}

Value JsonMutator::AnyPart() {
  return random_.OneIn(3) ? AnyScalar() : PartOf(random_, *random_.Of(seeds_));
}

void JsonMutator::Change(Value& value) {
  ChangeHere(PartOf(random_, value));
}

void JsonMutator::ChangeHere(Value& value) {
  switch (random_.Below(5)) {
    case 0:
      value = AnyPart();
      return;
    case 1:
      value = AnyScalar();
      return;
    case 2:
      value = Value::MakeList(Value::List(random_.Below(4), value));
      return;
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
  const std::string key = members.empty() ? "" : random_.Of(members).first;
  switch (random_.Below(3)) {
    case 0:
      value.Erase(key);
      return;
    case 1:
      value.Set(AnyWord(), AnyPart());
      return;
    default:
      if (const Value* member = value.Find(key)) {
        value.Set(AnyWord(), Value(*member));
      }
      return;
  }
}

void JsonMutator::ChangeList(Value& value) {
  Value::List& list = value.as_list();
  if (list.empty() || random_.Below(3) == 0) {
    list.push_back(AnyPart());
  } else if (random_.Below(2) == 0) {
    list.erase(list.begin() + static_cast<int64_t>(random_.Below(list.size())));
  } else {
    list.push_back(Value(random_.Of(list)));
  }
}

void JsonMutator::ChangeText(Value& value) {
  std::string text = value.as_string();
  switch (random_.Below(4)) {
    case 0:
      text = AnyWord();
      break;
    case 1:
      text += AnyWord();
      break;
    case 2:
      text.resize(std::min<size_t>(text.size() * 64, 5000), 'x');
      break;
    default:
      if (!text.empty()) {
        text[random_.Below(text.size())] =
            static_cast<char>(' ' + random_.Below(95));
      }
      break;
  }
  // A change inside a character leaves no UTF-8; then the text goes.
  const bool is_ascii = std::ranges::all_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  value = Value::String(is_ascii ? text : "\xC3\xA9");
}

Value JsonMutator::AnyScalar() {
  switch (random_.Below(8)) {
    case 0:
      return {};
    case 1:
      return Value::Bool(random_.Below(2) == 0);
    case 2:
      return Value::Int(static_cast<int64_t>(random_.Bits()) >>
                        random_.Below(64));
    case 3:
      return Value::Double(static_cast<double>(random_.Bits()) / 1e3);
    case 4:
      return Value::Uint(random_.Bits());
    case 5:
      return Value::MakeMap();
    case 6:
      return Value::MakeList();
    default:
      return Value::String(AnyWord());
  }
}

void JsonMutator::ChangeBytes(std::string& text) {
  for (size_t left = 1 + random_.Below(3); left > 0 && !text.empty(); --left) {
    const size_t at = random_.Below(text.size());
    if (random_.Below(2) == 0) {
      text[at] = static_cast<char>(random_.Bits());
    } else {
      text.erase(at, 1 + random_.Below(8));
    }
  }
}

}  // namespace twingraph

#include "tests/checks/json_shape.h"

#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"

#include "storage/base/json.h"
#include "storage/value/json.h"

namespace twingraph {
namespace {

class Reshaper {
 public:
  explicit Reshaper(RandomChoice& random)
      : random_(random), is_wide_(random.OneIn(2)) {}

  void Append(const Value& value) {
    if (value.is_map()) {
      AppendMap(value.as_map());
    } else if (value.is_list()) {
      AppendList(value.as_list());
    } else if (value.is_string()) {
      AppendText(value.as_string());
    } else {
      AppendJson(value, text_);
    }
  }

  std::string Take() { return std::move(text_); }

 private:
  void AppendSpace() {
    constexpr const char* kSpaces[] = {" ", "\n", "\n  ", "\t", "\r\n"};
    if (is_wide_ && random_.OneIn(2)) {
      text_ += random_.Of(kSpaces);
    }
  }

  void AppendMap(const Value::Map& members) {
    std::vector<size_t> order(members.size());
    std::iota(order.begin(), order.end(), size_t{0});
    for (size_t left = order.size(); left > 1; --left) {
      std::swap(order[left - 1], order[random_.Below(left)]);
    }
    text_ += '{';
    for (size_t i = 0; i < order.size(); ++i) {
      const auto& [key, member] = members[order[i]];
      text_ += i == 0 ? "" : ",";
      AppendSpace();
      AppendText(key);
      AppendSpace();
      text_ += ':';
      AppendSpace();
      Append(member);
    }
    AppendSpace();
    text_ += '}';
  }

  void AppendList(const Value::List& list) {
    text_ += '[';
    for (size_t i = 0; i < list.size(); ++i) {
      text_ += i == 0 ? "" : ",";
      AppendSpace();
      Append(list[i]);
    }
    AppendSpace();
    text_ += ']';
  }

  void AppendText(const std::string& text) {
    const size_t begin = text_.size();
    AppendJsonString(text_, text);
    // An escape for a letter that needs none.
    const size_t at = begin + 1 + random_.Below(text.size() + 1);
    const char previous = text_[at - 1];
    const char here = text_[at];
    if (random_.OneIn(8) && previous != '\\' && here >= '0' && here <= 'z' &&
        here != '\\' && text_.find('\\', begin) == std::string::npos) {
      text_.replace(at, 1, absl::StrFormat("\\u%04x", here));
    }
  }

  RandomChoice& random_;
  const bool is_wide_;
  std::string text_;
};

}  // namespace

std::string ReshapeJson(const Value& value, RandomChoice& random) {
  Reshaper reshaper(random);
  reshaper.Append(value);
  return reshaper.Take();
}

}  // namespace twingraph

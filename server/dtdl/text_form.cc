#include "server/dtdl/text_form.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

namespace twingraph::dtdl {
namespace {

template <typename Predicate>
bool All(absl::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return predicate(static_cast<unsigned char>(c));
  });
}

// Takes `digits` digits off the front; -1 where there are fewer.
int TakeNumber(absl::string_view& text, size_t digits) {
  int number = 0;
  if (text.size() < digits) {
    return -1;
  }
  for (size_t i = 0; i < digits; ++i) {
    if (!absl::ascii_isdigit(text[i])) {
      return -1;
    }
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

size_t TakeDigits(absl::string_view& text) {
  size_t count = 0;
  while (!text.empty() && absl::ascii_isdigit(text.front())) {
    text.remove_prefix(1);
    ++count;
  }
  return count;
}

bool TakeDate(absl::string_view& text) {
  const int year = TakeNumber(text, 4);
  if (year < 1 || !absl::ConsumePrefix(&text, "-")) {
    return false;
  }
  const int month = TakeNumber(text, 2);
  if (month < 1 || month > 12 || !absl::ConsumePrefix(&text, "-")) {
    return false;
  }
  const int day = TakeNumber(text, 2);
  return day >= 1 && absl::CivilDay(year, month, day).month() == month &&
         day <= 31;
}

bool TakeZone(absl::string_view& text) {
  if (absl::ConsumePrefix(&text, "Z")) {
    return true;
  }
  if (!absl::ConsumePrefix(&text, "+") && !absl::ConsumePrefix(&text, "-")) {
    return false;
  }
  const int hours = TakeNumber(text, 2);
  if (hours < 0 || hours > 23 || !absl::ConsumePrefix(&text, ":")) {
    return false;
  }
  const int minutes = TakeNumber(text, 2);
  return minutes >= 0 && minutes <= 59;
}

bool TakeTime(absl::string_view& text) {
  const int limits[] = {23, 59, 59};
  for (int i = 0; i < 3; ++i) {
    if (i > 0 && !absl::ConsumePrefix(&text, ":")) {
      return false;
    }
    const int number = TakeNumber(text, 2);
    if (number < 0 || number > limits[i]) {
      return false;
    }
  }
  if (absl::ConsumePrefix(&text, ".") && TakeDigits(text) == 0) {
    return false;
  }
  return TakeZone(text);
}

// Parts of one half of a duration, in this order, each at most once; the last
// one present may have a fraction, which `has_fraction` then says.
bool TakeParts(absl::string_view& text, absl::string_view units,
               bool& has_fraction, int& count) {
  size_t next_unit = 0;
  while (!text.empty() && absl::ascii_isdigit(text.front())) {
    if (has_fraction) {
      return false;
    }
    TakeDigits(text);
    if (absl::ConsumePrefix(&text, ".")) {
      has_fraction = true;
      if (TakeDigits(text) == 0) {
        return false;
      }
    }
    const size_t unit =
        text.empty() ? absl::string_view::npos : units.find(text.front());
    if (unit == absl::string_view::npos || unit < next_unit) {
      return false;
    }
    text.remove_prefix(1);
    next_unit = unit + 1;
    ++count;
  }
  return true;
}

}  // namespace

bool IsDateText(absl::string_view text) {
  return TakeDate(text) && text.empty();
}

bool IsDateTimeText(absl::string_view text) {
  return TakeDate(text) && absl::ConsumePrefix(&text, "T") && TakeTime(text) &&
         text.empty();
}

bool IsTimeText(absl::string_view text) {
  return TakeTime(text) && text.empty();
}

bool IsDurationText(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "P")) {
    return false;
  }
  // Weeks go with days only.
  const absl::string_view date_part = text.substr(0, text.find('T'));
  const bool has_weeks = date_part.find('W') != absl::string_view::npos;
  bool has_fraction = false;
  int count = 0;
  if (!TakeParts(text, has_weeks ? "WD" : "YMD", has_fraction, count)) {
    return false;
  }
  if (absl::ConsumePrefix(&text, "T")) {
    const int before = count;
    if (has_fraction || !TakeParts(text, "HMS", has_fraction, count) ||
        count == before) {
      return false;
    }
  }
  return count > 0 && text.empty();
}

bool IsBytesText(absl::string_view text) {
  if (text.size() % 4 != 0) {
    return false;
  }
  absl::ConsumeSuffix(&text, "=") && absl::ConsumeSuffix(&text, "=");
  return All(text, [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '+' || c == '/';
  });
}

bool IsDecimalText(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "-")) {
    absl::ConsumePrefix(&text, "+");
  }
  const bool begins_with_zero = !text.empty() && text.front() == '0';
  const size_t whole = TakeDigits(text);
  if (whole == 0 || (begins_with_zero && whole > 1)) {
    return false;
  }
  if (absl::ConsumePrefix(&text, ".")) {
    TakeDigits(text);
  }
  return text.empty();
}

bool IsUuidText(absl::string_view text) {
  constexpr absl::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kForm.size()) {
    return false;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    const bool fits =
        kForm[i] == '-' ? text[i] == '-' : absl::ascii_isxdigit(text[i]);
    if (!fits) {
      return false;
    }
  }
  return true;
}

namespace {

// The letters or digits behind the hyphen that a rest of a tag begins with, if
// there are that many; else nothing.
absl::string_view TagPart(absl::string_view rest, size_t size) {
  const bool is_part = rest.size() > size && rest[0] == '-' &&
                       (rest.size() == size + 1 || rest[size + 1] == '-');
  return is_part ? rest.substr(1, size) : absl::string_view();
}

}  // namespace

bool IsLanguageTag(absl::string_view text) {
  const absl::string_view language = text.substr(0, text.find('-'));
  if (language.size() < 2 || language.size() > 4 ||
      !All(language, absl::ascii_islower)) {
    return false;
  }
  text.remove_prefix(language.size());
  const absl::string_view script = TagPart(text, 4);
  if (!script.empty() && absl::ascii_isupper(script[0]) &&
      All(script.substr(1), absl::ascii_islower)) {
    text.remove_prefix(5);
  }
  const absl::string_view country = TagPart(text, 2);
  const absl::string_view area = TagPart(text, 3);
  if (!country.empty() && All(country, absl::ascii_isupper)) {
    text.remove_prefix(3);
  } else if (!area.empty() && All(area, absl::ascii_isdigit)) {
    text.remove_prefix(4);
  }
  return text.empty();
}

bool IsElementName(absl::string_view text) {
  return !text.empty() && absl::ascii_isalpha(text.front()) &&
         text.back() != '_' && All(text, [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '_';
         });
}

bool IsTopicLabel(absl::string_view text) {
  constexpr absl::string_view kRefused = "\"#+/{}";
  return !text.empty() && All(text, [kRefused](unsigned char c) {
    return absl::ascii_isgraph(c) &&
           kRefused.find(static_cast<char>(c)) == absl::string_view::npos;
  });
}

bool IsTopicPattern(absl::string_view text) {
  if (absl::StartsWith(text, "$")) {
    return false;
  }
  for (absl::string_view part : absl::StrSplit(text, '/')) {
    if (absl::ConsumePrefix(&part, "{") && absl::ConsumeSuffix(&part, "}")) {
      const size_t colon = part.find(':');
      const absl::string_view name =
          colon == absl::string_view::npos ? part : part.substr(colon + 1);
      if (name.empty() || colon == 0 || !All(name, absl::ascii_isalpha) ||
          !All(part.substr(0, part.size() - name.size() -
                                  (colon == absl::string_view::npos ? 0 : 1)),
               absl::ascii_isalpha)) {
        return false;
      }
    } else if (!IsTopicLabel(part)) {
      return false;
    }
  }
  return true;
}

}  // namespace twingraph::dtdl

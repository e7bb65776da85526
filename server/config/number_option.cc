#include "server/config/number_option.h"

#include <cmath>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace twingraph::config {
namespace {

// In the order of their powers of 1024.
constexpr absl::string_view kUnits = "BKMGTPE";

// The power of 1024 that a unit is; nullopt: it is none.
std::optional<size_t> PowerOf(absl::string_view unit) {
  if (unit.empty()) {
    return 0;
  }
  const size_t power = kUnits.find(
      absl::ascii_toupper(static_cast<unsigned char>(unit.front())));
  unit.remove_prefix(1);
  const bool is_unit =
      power != absl::string_view::npos &&
      (unit.empty() || (power > 0 && (absl::EqualsIgnoreCase(unit, "b") ||
                                      absl::EqualsIgnoreCase(unit, "i") ||
                                      absl::EqualsIgnoreCase(unit, "ib"))));
  return is_unit ? std::optional(power) : std::nullopt;
}

std::optional<double> ParseSeconds(absl::string_view text) {
  double seconds = 0;
  return absl::SimpleAtod(text, &seconds) && !std::isnan(seconds)
             ? std::optional(seconds)
             : std::nullopt;
}

std::string FormatSeconds(double seconds) {
  return absl::StrCat(seconds);
}

std::optional<uint32_t> ParseCount(absl::string_view text) {
  uint32_t count = 0;
  return absl::SimpleAtoi(text, &count) ? std::optional(count) : std::nullopt;
}

std::string FormatCount(uint32_t count) {
  return absl::StrCat(count);
}

// How numbers of one kind are called, read and written.
template <typename T>
struct Kind {
  const char* type;
  const char* noun;
  std::optional<T> (*parse)(absl::string_view);
  std::string (*format)(T);
};

template <typename T>
CLI::Option* Add(CLI::App& app, const Kind<T>& kind, NumberOption<T> option) {
  const bool has_end = option.most < NumberOption<T>().most;
  const std::string range =
      has_end ? absl::StrCat("from ", kind.format(option.least), " to ",
                             kind.format(option.most))
              : absl::StrCat("at least ", kind.format(option.least));
  const auto accepted = [kind, least = option.least, most = option.most](
                            absl::string_view text) -> std::optional<T> {
    const std::optional<T> number = kind.parse(text);
    return number.has_value() && *number >= least && *number <= most
               ? number
               : std::nullopt;
  };
  const std::string refusal =
      absl::StrCat("\" is no ", kind.noun, " ", has_end ? "" : "of ", range,
                   ", such as ", kind.format(option.initial));
  return app
      .add_option_function<std::string>(
          option.flag,
          [accepted, set = std::move(option.set)](const std::string& text) {
            set(*accepted(text));
          },
          absl::StrCat(option.what, "; ", range))
      ->check([accepted, refusal](const std::string& text) {
        return accepted(text).has_value() ? std::string()
                                          : absl::StrCat("\"", text, refusal);
      })
      ->type_name(kind.type)
      ->default_str(kind.format(option.initial));
}

}  // namespace

CLI::Option* AddSize(CLI::App& app, NumberOption<uint64_t> option) {
  return Add<uint64_t>(app, {"SIZE", "size", ParseSize, FormatSize},
                       std::move(option));
}

CLI::Option* AddSeconds(CLI::App& app, NumberOption<double> option) {
  return Add<double>(
      app, {"SECONDS", "number of seconds", ParseSeconds, FormatSeconds},
      std::move(option));
}

CLI::Option* AddCount(CLI::App& app, NumberOption<uint32_t> option) {
  return Add<uint32_t>(app, {"COUNT", "number", ParseCount, FormatCount},
                       std::move(option));
}

std::optional<uint64_t> ParseSize(absl::string_view text) {
  const size_t digits =
      std::min(text.find_first_not_of("0123456789"), text.size());
  uint64_t number = 0;
  const std::optional<size_t> power =
      PowerOf(absl::StripLeadingAsciiWhitespace(text.substr(digits)));
  if (!power.has_value() ||
      !absl::SimpleAtoi(text.substr(0, digits), &number)) {
    return std::nullopt;
  }
  const uint64_t unit = uint64_t{1} << (10 * *power);
  return number <= UINT64_MAX / unit ? std::optional(number * unit)
                                     : std::nullopt;
}

std::string FormatSize(uint64_t bytes) {
  size_t power = 0;
  while (bytes > 0 && bytes % 1024 == 0 && power + 1 < kUnits.size()) {
    bytes /= 1024;
    ++power;
  }
  return absl::StrCat(bytes, power == 0 ? "" : kUnits.substr(power, 1),
                      power == 0 ? "" : "B");
}

}  // namespace twingraph::config

#include "server/dtdl/dtmi.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace twingraph::dtdl {
namespace {

constexpr size_t kMajorDigits = 9;
constexpr size_t kMinorDigits = 6;

bool IsSegment(absl::string_view text) {
  if (text.empty() || absl::ascii_isdigit(text.front()) || text.back() == '_') {
    return false;
  }
  for (const char c : text) {
    if (!absl::ascii_isalnum(c) && c != '_') {
      return false;
    }
  }
  return true;
}

bool ParseNumber(absl::string_view text, size_t max_digits, int& number) {
  if (text.empty() || text.size() > max_digits || text.front() == '0') {
    return false;
  }
  for (const char c : text) {
    if (!absl::ascii_isdigit(c)) {
      return false;
    }
  }
  return absl::SimpleAtoi(text, &number);
}

bool ParseVersion(absl::string_view text, Dtmi& dtmi) {
  const size_t dot = text.find('.');
  if (!ParseNumber(text.substr(0, dot), kMajorDigits, dtmi.version.major)) {
    return false;
  }
  if (dot == absl::string_view::npos) {
    return true;
  }
  dtmi.has_minor = true;
  return ParseNumber(text.substr(dot + 1), kMinorDigits, dtmi.version.minor);
}

}  // namespace

std::optional<Dtmi> ParseDtmi(absl::string_view text) {
  Dtmi dtmi;
  const size_t semicolon = text.find(';');
  absl::string_view path = text.substr(0, semicolon);
  if (!absl::StartsWith(path, "dtmi:")) {
    return std::nullopt;
  }
  dtmi.path = std::string(path);
  absl::ConsumePrefix(&path, "dtmi:");
  for (const absl::string_view segment : absl::StrSplit(path, ':')) {
    if (!IsSegment(segment)) {
      return std::nullopt;
    }
    dtmi.is_system = dtmi.is_system || segment.front() == '_';
  }
  if (semicolon != absl::string_view::npos &&
      !ParseVersion(text.substr(semicolon + 1), dtmi)) {
    return std::nullopt;
  }
  return dtmi;
}

bool IsDtmiText(absl::string_view text) {
  const size_t hash = text.find('#');
  return ParseDtmi(text.substr(0, hash)).has_value() &&
         (hash == absl::string_view::npos || IsSegment(text.substr(hash + 1)));
}

}  // namespace twingraph::dtdl

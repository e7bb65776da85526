#pragma once

// The texts that stand for values of the schemas date, dateTime, time,
// duration, bytes, decimal and uuid. Pure.

#include "absl/strings/string_view.h"

namespace twingraph::dtdl {

// RFC 3339 full-date of a real day, years 0001 to 9999.
bool IsDateText(absl::string_view text);
// RFC 3339 date-time; the zone is mandatory.
bool IsDateTimeText(absl::string_view text);
// RFC 3339 full-time; the zone is mandatory.
bool IsTimeText(absl::string_view text);
// ISO 8601 duration; a decimal only in the last part.
bool IsDurationText(absl::string_view text);
// Standard base64 with padding; spare bits of the last digit are not looked at.
bool IsBytesText(absl::string_view text);
// Optional sign, no superfluous leading zeros, optional point and fraction.
bool IsDecimalText(absl::string_view text);
// 8-4-4-4-12 hexadecimal digits.
bool IsUuidText(absl::string_view text);

// The tag of a language, "en", "zh-Hans", "pt-BR", "es-419".
bool IsLanguageTag(absl::string_view text);
// Name of an element: a letter, then letters, digits and underscores, not one
// of those last.
bool IsElementName(absl::string_view text);
// Non-empty, of printable ASCII without space, quote, +, #, {, } and /.
bool IsTopicLabel(absl::string_view text);
// MQTT topic pattern: labels and {tokens}, separated by slashes; the first does
// not begin with $.
bool IsTopicPattern(absl::string_view text);

}  // namespace twingraph::dtdl

#include "client/cli/commands/read_at.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include "storage/base/status.h"

namespace twingraph::cli {

namespace {

// "2026-05-31" and anything after it.
bool BeginsWithDate(absl::string_view text) {
  constexpr absl::string_view kForm = "0000-00-00";
  return text.size() >= kForm.size() &&
         std::ranges::equal(
             text.substr(0, kForm.size()), kForm, [](char byte, char form) {
               return form == '-' ? byte == '-' : absl::ascii_isdigit(byte);
             });
}

absl::Status Refused(const std::string& text) {
  return InvalidArgument(
      v1::ERROR_REASON_INVALID_FIELD,
      absl::StrCat("\"", text,
                   "\" is neither a revision token nor a time such as "
                   "2026-05-31T08:00:00Z"));
}

}  // namespace

absl::StatusOr<v1::ReadOptions> ParseReadAt(const std::string& text) {
  v1::ReadOptions read;
  if (!absl::StrContains(text, ':') && !BeginsWithDate(text)) {
    if (text.empty()) {
      return Refused(text);
    }
    read.set_exactly_at(text);
    return read;
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return Refused(text);
  }
  const int64_t seconds = absl::ToUnixSeconds(time);
  read.mutable_as_of()->set_seconds(seconds);
  read.mutable_as_of()->set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return read;
}

void AddAtOption(CLI::App& command, v1::ReadOptions& read) {
  command
      .add_option_function<std::string>(
          "--at",
          [&read](const std::string& text) { read = *ParseReadAt(text); },
          "state to read: a revision token, or a time such as "
          "2026-05-31T08:00:00Z; default: the newest")
      ->type_name("TOKEN|TIME")
      ->check([](const std::string& text) {
        return std::string(ParseReadAt(text).status().message());
      });
}

}  // namespace twingraph::cli

#include "client/cli/commands/read_at.h"

#include "absl/time/time.h"

#include "storage/base/status.h"

namespace twingraph::cli {

absl::StatusOr<v1::ReadOptions> ParseReadAt(const std::string& text) {
  v1::ReadOptions read;
  if (text.find(':') == std::string::npos) {
    if (text.empty()) {
      return InvalidField("at", "a revision token or a time is needed");
    }
    read.set_exactly_at(text);
    return read;
  }
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    return InvalidField("at", "a time is needed, such as 2026-05-31T08:00:00Z");
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

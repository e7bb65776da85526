#include "client/cli/output/error.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/error_line.h"
#include "storage/base/json.h"
#include "storage/base/status.h"

namespace twingraph::cli {
namespace {

std::string Code(const absl::Status& status) {
  return absl::StatusCodeToString(status.code());
}

// Empty for an error that is not the API's, such as a refused connection.
std::string Reason(const absl::Status& status) {
  const v1::ErrorReason reason = ReasonOf(status);
  return reason == v1::ERROR_REASON_UNSPECIFIED ? "" : ReasonName(reason);
}

void AppendMember(std::string& out, absl::string_view name,
                  absl::string_view text) {
  if (out.back() != '{') {
    out += ',';
  }
  AppendJsonString(out, name);
  out += ':';
  AppendJsonString(out, text);
}

}  // namespace

std::string FormatError(const absl::Status& status) {
  std::string text = absl::StrCat("error: ", FormatErrorLine(status), "\n");
  for (const FieldViolation& violation : ViolationsOf(status)) {
    const std::string line =
        absl::StrCat(violation.field, ": ", violation.description);
    if (!absl::StartsWith(status.message(), line)) {
      absl::StrAppend(&text, "  field ", line, "\n");
    }
  }
  for (const auto& [name, value] : AllMetadataOf(status)) {
    // The message says how many violations there are.
    if (!value.empty() && name != "violations") {
      absl::StrAppend(&text, "  ", name, ": ", value, "\n");
    }
  }
  return text;
}

std::string FormatErrorJson(const absl::Status& status) {
  std::string json = "{\"error\":{";
  AppendMember(json, "code", Code(status));
  AppendMember(json, "reason", Reason(status));
  AppendMember(json, "message",
               {status.message().data(), status.message().size()});
  json += ",\"violations\":[";
  for (const FieldViolation& violation : ViolationsOf(status)) {
    json += json.back() == '[' ? "{" : ",{";
    AppendMember(json, "field", violation.field);
    AppendMember(json, "description", violation.description);
    json += '}';
  }
  json += "],\"metadata\":{";
  for (const auto& [name, value] : AllMetadataOf(status)) {
    AppendMember(json, name, value);
  }
  json += "}}}\n";
  return json;
}

}  // namespace twingraph::cli

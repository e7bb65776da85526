#pragma once

// Makers and readers of errors. An error is an absl::Status whose payload holds
// a google.rpc.ErrorInfo (reason, domain "twingraph", metadata) and, where it
// applies, a google.rpc.BadRequest or RetryInfo; `proto/cc/status` moves both
// across the wire. Errors are made once, at their cause, and passed up
// unchanged. Pure functions; safe from any thread.

#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "twingraph/v1/error_reason.pb.h"

namespace twingraph {

// Type URLs of the payloads; the official ones, so every client knows them.
inline constexpr char kErrorInfoUrl[] =
    "type.googleapis.com/google.rpc.ErrorInfo";
inline constexpr char kBadRequestUrl[] =
    "type.googleapis.com/google.rpc.BadRequest";
inline constexpr char kRetryInfoUrl[] =
    "type.googleapis.com/google.rpc.RetryInfo";

// Domain of every ErrorInfo of ours.
inline constexpr char kErrorDomain[] = "twingraph";

// Variable parts of an error, by name.
using ErrorMetadata =
    std::initializer_list<std::pair<absl::string_view, absl::string_view>>;

// Makes an error of `code` with a reason, a sentence for people and the
// variable parts for programs. REQUIRES: code is not OK.
absl::Status MakeError(absl::StatusCode code, v1::ErrorReason reason,
                       absl::string_view message, ErrorMetadata metadata = {});

// MakeError for the codes in common use.
absl::Status InvalidArgument(v1::ErrorReason reason, absl::string_view message,
                             ErrorMetadata metadata = {});
absl::Status NotFound(v1::ErrorReason reason, absl::string_view message,
                      ErrorMetadata metadata = {});
absl::Status AlreadyExists(v1::ErrorReason reason, absl::string_view message,
                           ErrorMetadata metadata = {});
absl::Status FailedPrecondition(v1::ErrorReason reason,
                                absl::string_view message,
                                ErrorMetadata metadata = {});
absl::Status Aborted(v1::ErrorReason reason, absl::string_view message,
                     ErrorMetadata metadata = {});
absl::Status DataLoss(absl::string_view message, ErrorMetadata metadata = {});
absl::Status Internal(absl::string_view message, ErrorMetadata metadata = {});

// UNAVAILABLE / SHUTTING_DOWN.
absl::Status ShuttingDown();

// RESOURCE_EXHAUSTED / OVERLOADED with RetryInfo.
absl::Status Overloaded(absl::string_view queue, absl::Duration retry_delay);

// One wrong field of a request.
struct FieldViolation {
  std::string field;        // path in the request, "twin.properties.level"
  std::string description;  // what is wrong and which rule says so
};

// An error that lists wrong fields: the first ones that fit into 3 KB go into
// BadRequest, and metadata "violations" has the full count. REQUIRES: at least
// one violation.
absl::Status InvalidFields(v1::ErrorReason reason,
                           const std::vector<FieldViolation>& violations,
                           ErrorMetadata metadata = {});

// InvalidFields with reason INVALID_FIELD and one violation.
absl::Status InvalidField(absl::string_view field,
                          absl::string_view description);

// The reason of an error, or ERROR_REASON_UNSPECIFIED where it has none.
v1::ErrorReason ReasonOf(const absl::Status& status);

// The reason's name without prefix, "TWIN_NOT_FOUND".
std::string ReasonName(v1::ErrorReason reason);

// One metadata value of an error; empty where absent.
std::string MetadataOf(const absl::Status& status, absl::string_view key);

// All metadata of an error, by name.
std::map<std::string, std::string> AllMetadataOf(const absl::Status& status);

// Adds or replaces one metadata value. No effect on an OK status.
void AddMetadata(absl::Status& status, absl::string_view key,
                 absl::string_view value);

// The shortest useful wait before a retry, as RetryInfo says; zero where the
// error has none.
absl::Duration RetryDelayOf(const absl::Status& status);

// The wrong fields that the error carries.
std::vector<FieldViolation> ViolationsOf(const absl::Status& status);

}  // namespace twingraph

#include "storage/base/status.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include "twingraph/internal/rpc_status.pb.h"

namespace twingraph {
namespace {

// Keeps all details of an error under the 4 KB that survive every proxy: gRPC
// replaces an error whose trailers pass about 8 KB.
constexpr size_t kViolationBytesLimit = 3000;
constexpr size_t kMetadataValueLimit = 200;

internal::ErrorInfo ErrorInfoOf(const absl::Status& status) {
  internal::ErrorInfo info;
  if (const auto payload = status.GetPayload(kErrorInfoUrl)) {
    info.ParseFromString(std::string(*payload));
  }
  return info;
}

// By way of a view: clang cannot link the library's constructor from a string.
absl::Cord PayloadOf(const google::protobuf::MessageLite& message) {
  return absl::Cord(absl::string_view(message.SerializeAsString()));
}

// Cuts a text at a UTF-8 boundary, so that a huge value cannot crowd out the
// rest of the error.
std::string Shortened(absl::string_view text, size_t limit) {
  if (text.size() <= limit) {
    return std::string(text);
  }
  size_t end = limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return absl::StrCat(text.substr(0, end), "...");
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, v1::ErrorReason reason,
                       absl::string_view message, ErrorMetadata metadata) {
  absl::Status status(code, Shortened(message, 1000));
  internal::ErrorInfo info;
  info.set_reason(ReasonName(reason));
  info.set_domain(kErrorDomain);
  for (const auto& [key, value] : metadata) {
    (*info.mutable_metadata())[std::string(key)] =
        Shortened(value, kMetadataValueLimit);
  }
  status.SetPayload(kErrorInfoUrl, PayloadOf(info));
  return status;
}

absl::Status InvalidArgument(v1::ErrorReason reason, absl::string_view message,
                             ErrorMetadata metadata) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message,
                   metadata);
}

absl::Status NotFound(v1::ErrorReason reason, absl::string_view message,
                      ErrorMetadata metadata) {
  return MakeError(absl::StatusCode::kNotFound, reason, message, metadata);
}

absl::Status AlreadyExists(v1::ErrorReason reason, absl::string_view message,
                           ErrorMetadata metadata) {
  return MakeError(absl::StatusCode::kAlreadyExists, reason, message, metadata);
}

absl::Status FailedPrecondition(v1::ErrorReason reason,
                                absl::string_view message,
                                ErrorMetadata metadata) {
  return MakeError(absl::StatusCode::kFailedPrecondition, reason, message,
                   metadata);
}

absl::Status Aborted(v1::ErrorReason reason, absl::string_view message,
                     ErrorMetadata metadata) {
  return MakeError(absl::StatusCode::kAborted, reason, message, metadata);
}

absl::Status DataLoss(absl::string_view message, ErrorMetadata metadata) {
  return MakeError(absl::StatusCode::kDataLoss, v1::ERROR_REASON_STORE_CORRUPT,
                   message, metadata);
}

absl::Status Internal(absl::string_view message, ErrorMetadata metadata) {
  return MakeError(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
                   message, metadata);
}

absl::Status ShuttingDown() {
  return MakeError(absl::StatusCode::kUnavailable,
                   v1::ERROR_REASON_SHUTTING_DOWN, "the server is stopping");
}

absl::Status Overloaded(absl::string_view queue, absl::Duration retry_delay) {
  absl::Status status = MakeError(
      absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_OVERLOADED,
      absl::StrCat("too much work is waiting in ", queue, "; retry in ",
                   absl::FormatDuration(retry_delay)),
      {{"queue", queue}});
  internal::RetryInfo retry;
  const int64_t nanos = absl::ToInt64Nanoseconds(retry_delay);
  retry.mutable_retry_delay()->set_seconds(nanos / 1'000'000'000);
  retry.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(nanos % 1'000'000'000));
  status.SetPayload(kRetryInfoUrl, PayloadOf(retry));
  return status;
}

absl::Status InvalidFields(v1::ErrorReason reason,
                           const std::vector<FieldViolation>& violations,
                           ErrorMetadata metadata) {
  const FieldViolation& first = violations.front();
  std::string message = absl::StrCat(first.field, ": ", first.description);
  if (violations.size() > 1) {
    absl::StrAppend(&message, " (and ", violations.size() - 1, " more)");
  }
  absl::Status status = InvalidArgument(reason, message, metadata);
  AddMetadata(status, "violations", absl::StrCat(violations.size()));

  internal::BadRequest bad_request;
  size_t bytes = 0;
  for (const FieldViolation& violation : violations) {
    auto entry = internal::BadRequest::FieldViolation();
    entry.set_field(Shortened(violation.field, 300));
    entry.set_description(Shortened(violation.description, 500));
    bytes += entry.ByteSizeLong() + 4;
    if (bytes > kViolationBytesLimit) {
      break;
    }
    *bad_request.add_field_violations() = std::move(entry);
  }
  status.SetPayload(kBadRequestUrl, PayloadOf(bad_request));
  return status;
}

absl::Status InvalidField(absl::string_view field,
                          absl::string_view description) {
  return InvalidFields(v1::ERROR_REASON_INVALID_FIELD,
                       {{std::string(field), std::string(description)}});
}

v1::ErrorReason ReasonOf(const absl::Status& status) {
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  v1::ErrorReason_Parse(
      absl::StrCat("ERROR_REASON_", ErrorInfoOf(status).reason()), &reason);
  return reason;
}

std::string ReasonName(v1::ErrorReason reason) {
  return std::string(
      absl::StripPrefix(v1::ErrorReason_Name(reason), "ERROR_REASON_"));
}

std::string MetadataOf(const absl::Status& status, absl::string_view key) {
  const internal::ErrorInfo info = ErrorInfoOf(status);
  const auto found = info.metadata().find(std::string(key));
  return found == info.metadata().end() ? "" : found->second;
}

std::map<std::string, std::string> AllMetadataOf(const absl::Status& status) {
  const internal::ErrorInfo info = ErrorInfoOf(status);
  return {info.metadata().begin(), info.metadata().end()};
}

void AddMetadata(absl::Status& status, absl::string_view key,
                 absl::string_view value) {
  if (status.ok()) {
    return;
  }
  internal::ErrorInfo info = ErrorInfoOf(status);
  info.set_domain(kErrorDomain);
  (*info.mutable_metadata())[std::string(key)] =
      Shortened(value, kMetadataValueLimit);
  status.SetPayload(kErrorInfoUrl, PayloadOf(info));
}

absl::Duration RetryDelayOf(const absl::Status& status) {
  internal::RetryInfo retry;
  if (const auto payload = status.GetPayload(kRetryInfoUrl)) {
    retry.ParseFromString(std::string(*payload));
  }
  return absl::Seconds(retry.retry_delay().seconds()) +
         absl::Nanoseconds(retry.retry_delay().nanos());
}

std::vector<FieldViolation> ViolationsOf(const absl::Status& status) {
  std::vector<FieldViolation> violations;
  if (const auto payload = status.GetPayload(kBadRequestUrl)) {
    internal::BadRequest bad_request;
    bad_request.ParseFromString(std::string(*payload));
    for (const auto& entry : bad_request.field_violations()) {
      violations.push_back({entry.field(), entry.description()});
    }
  }
  return violations;
}

}  // namespace twingraph

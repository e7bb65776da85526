#include "server/rpc/convert/call_options.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include <xxhash.h>

#include "server/rpc/convert/value.h"
#include "storage/base/seal.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kRequestIdLimit = 128;
// First byte of a token's payload.
constexpr char kTokenVersion = 1;

const FieldDescriptor* FieldOf(const Message& request, const char* name) {
  return request.GetDescriptor()->FindFieldByName(name);
}

std::string StringOf(const Message& request, const char* name) {
  const FieldDescriptor* field = FieldOf(request, name);
  return field == nullptr ? ""
                          : request.GetReflection()->GetString(request, field);
}

bool BoolOf(const Message& request, const char* name) {
  const FieldDescriptor* field = FieldOf(request, name);
  return field != nullptr && request.GetReflection()->GetBool(request, field);
}

// The same for the same request, however a client orders the members of a map.
uint64_t FingerprintOf(const Message& request) {
  std::string bytes = request.GetDescriptor()->full_name();
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream output(&stream);
    output.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&output);
  }
  return XXH3_64bits(bytes.data(), bytes.size());
}

absl::Status BadToken() {
  return InvalidArgument(
      v1::ERROR_REASON_INVALID_PAGE_TOKEN,
      "the page_token is damaged, of another store, or of another request",
      {{"token", "page_token"}});
}

// The revision and the position of a token: a version byte, the length of the
// revision in one byte, revision, position.
std::optional<PagePlan> ReadToken(absl::string_view payload) {
  if (payload.size() < 2 || payload[0] != kTokenVersion) {
    return std::nullopt;
  }
  const size_t length = static_cast<unsigned char>(payload[1]);
  payload.remove_prefix(2);
  if (payload.size() < length) {
    return std::nullopt;
  }
  PagePlan plan;
  plan.read.exactly_at = std::string(payload.substr(0, length));
  plan.page.position = std::string(payload.substr(length));
  return plan;
}

}  // namespace

absl::StatusOr<engine::ReadOptions> ToReadOptions(
    const v1::ReadOptions& options) {
  engine::ReadOptions read{.at_least_as_fresh = options.at_least_as_fresh(),
                           .exactly_at = options.exactly_at()};
  if (options.has_as_of()) {
    ASSIGN_OR_RETURN(read.as_of, ToTime(options.as_of(), "read.as_of"));
  }
  return read;
}

absl::StatusOr<engine::WriteOptions> ToWriteOptions(const Message& request) {
  engine::WriteOptions options{
      .request_id = StringOf(request, "request_id"),
      .validate_only = BoolOf(request, "validate_only"),
      .expected_etag = StringOf(request, "etag")};
  if (options.request_id.size() > kRequestIdLimit) {
    return InvalidField("request_id", "longer than 128 bytes");
  }
  if (!options.request_id.empty()) {
    options.request_fingerprint = FingerprintOf(request);
  }
  return options;
}

std::string PageScope(std::initializer_list<absl::string_view> parts) {
  std::string scope = "page";
  for (const absl::string_view part : parts) {
    absl::StrAppend(&scope, "\n", part.size(), ":", part);
  }
  return scope;
}

absl::StatusOr<PagePlan> ToPagePlan(absl::string_view key,
                                    absl::string_view scope, PageSizes sizes,
                                    int page_size, absl::string_view page_token,
                                    const v1::ReadOptions& read) {
  if (page_size < 0) {
    return InvalidField("page_size", "must not be negative");
  }
  PagePlan plan;
  if (page_token.empty()) {
    ASSIGN_OR_RETURN(plan.read, ToReadOptions(read));
  } else {
    const std::optional<std::string> payload = Unseal(key, scope, page_token);
    std::optional<PagePlan> read_plan =
        payload.has_value() ? ReadToken(*payload) : std::nullopt;
    if (!read_plan.has_value()) {
      return BadToken();
    }
    plan = *std::move(read_plan);
  }
  plan.page.size =
      page_size == 0 ? sizes.default_size : std::min(page_size, sizes.max_size);
  return plan;
}

std::string PageToken(absl::string_view key, absl::string_view scope,
                      absl::string_view position, absl::string_view revision) {
  if (position.empty()) {
    return "";
  }
  std::string payload(1, kTokenVersion);
  payload.push_back(static_cast<char>(revision.size()));
  absl::StrAppend(&payload, revision, position);
  return Seal(key, scope, payload);
}

}  // namespace twingraph::rpc

#pragma once

// What requests of every kind say: which revision to read, how to write safely,
// which page. Pure.

#include <initializer_list>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

#include "server/engine/call_options.h"
#include "twingraph/v1/consistency.pb.h"

namespace twingraph::rpc {

// Which revision to read.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for a time outside the years 1 to
// 9999.
absl::StatusOr<engine::ReadOptions> ToReadOptions(
    const v1::ReadOptions& options);

// How to write: takes request_id, validate_only and etag from a request, each
// where it has that field.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for a request_id over 128 bytes.
absl::StatusOr<engine::WriteOptions> ToWriteOptions(
    const google::protobuf::Message& request);

// Sizes of pages, from the settings.
struct PageSizes {
  int default_size = 100;
  int max_size = 1000;
};

// What to ask the engine for.
struct PagePlan {
  engine::PageRequest page;
  engine::ReadOptions read;
};

// What makes a list the same list: the method and the fields of the request
// that choose its items. A token is good for one scope only.
std::string PageScope(std::initializer_list<absl::string_view> parts);

// The first page where `page_token` is empty, else the page that it names, at
// its revision.
// Errors: INVALID_ARGUMENT / INVALID_FIELD for a negative page_size,
// INVALID_PAGE_TOKEN for a token that `key` did not seal for `scope`.
absl::StatusOr<PagePlan> ToPagePlan(absl::string_view key,
                                    absl::string_view scope, PageSizes sizes,
                                    int page_size, absl::string_view page_token,
                                    const v1::ReadOptions& read);

// The token of the page behind `position`; empty for an empty position.
std::string PageToken(absl::string_view key, absl::string_view scope,
                      absl::string_view position, absl::string_view revision);

}  // namespace twingraph::rpc

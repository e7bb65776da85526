#pragma once

// Matchers for absl::Status and StatusOr, which Debian's Abseil lacks.

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"

#include "storage/base/status.h"

namespace twingraph {

inline const absl::Status& StatusIn(const absl::Status& status) {
  return status;
}

template <typename T>
const absl::Status& StatusIn(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

// Matches an OK Status or StatusOr.
MATCHER(IsOk, "") {
  *result_listener << StatusIn(arg);
  return StatusIn(arg).ok();
}

// Matches an error by code and reason.
MATCHER_P2(IsError, code, reason, "") {
  *result_listener << StatusIn(arg) << " reason "
                   << ReasonName(ReasonOf(StatusIn(arg)));
  return StatusIn(arg).code() == code && ReasonOf(StatusIn(arg)) == reason;
}

#define ASSERT_OK(expression) ASSERT_THAT((expression), ::twingraph::IsOk())
#define EXPECT_OK(expression) EXPECT_THAT((expression), ::twingraph::IsOk())

#define TEST_CONCAT_INNER(a, b) a##b
#define TEST_CONCAT(a, b) TEST_CONCAT_INNER(a, b)
// Like ASSIGN_OR_RETURN, failing the test.
#define ASSERT_OK_AND_ASSIGN(target, expression)                        \
  ASSERT_OK_AND_ASSIGN_INNER(TEST_CONCAT(status_or_, __LINE__), target, \
                             expression)
#define ASSERT_OK_AND_ASSIGN_INNER(status_or, target, expression) \
  auto status_or = (expression);                                  \
  ASSERT_OK(status_or);                                           \
  target = *std::move(status_or)

}  // namespace twingraph

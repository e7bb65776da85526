#include "client/retry.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"

#include "storage/base/status.h"

namespace twingraph::client {
namespace {

struct Case {
  std::string name;
  absl::Status status;
  bool is_retriable;
};

class RetriableTest : public testing::TestWithParam<Case> {};

TEST_P(RetriableTest, IsDecidedByCodeAndReason) {
  EXPECT_EQ(IsRetriable(GetParam().status), GetParam().is_retriable);
}

INSTANTIATE_TEST_SUITE_P(
    All, RetriableTest,
    testing::Values(
        Case{"Ok", absl::OkStatus(), false},
        Case{"Overloaded", Overloaded("reads", absl::Seconds(1)), true},
        Case{"TooLarge",
             MakeError(absl::StatusCode::kResourceExhausted,
                       v1::ERROR_REASON_MESSAGE_TOO_LARGE, "x"),
             false},
        Case{"ExhaustedWithoutReason", absl::ResourceExhaustedError("x"),
             false},
        Case{"Conflict", Aborted(v1::ERROR_REASON_TRANSACTION_CONFLICT, "x"),
             true},
        Case{"Etag", Aborted(v1::ERROR_REASON_ETAG_MISMATCH, "x"), false},
        Case{"Draining",
             MakeError(absl::StatusCode::kUnavailable,
                       v1::ERROR_REASON_SHUTTING_DOWN, "x"),
             true},
        Case{"NoServer", absl::UnavailableError("x"), true},
        Case{"Unknown", absl::UnknownError("x"), false},
        Case{"OutcomeUnknown",
             MakeError(absl::StatusCode::kUnknown,
                       v1::ERROR_REASON_OUTCOME_UNKNOWN, "x"),
             true},
        Case{"NotFound", NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND, "x"), false},
        Case{"Deadline", absl::DeadlineExceededError("x"), false}),
    [](const auto& test) { return test.param.name; });

constexpr absl::Duration kLong = absl::Hours(1);

TEST(RetryDelayTest, DoublesUpToTheLimit) {
  const RetryPolicy policy{.max_attempts = 10,
                           .initial_backoff = absl::Milliseconds(100),
                           .max_backoff = absl::Milliseconds(350)};
  const absl::Status status = absl::UnavailableError("x");
  const int expected[] = {100, 200, 350, 350};
  for (int attempts = 1; attempts <= 4; ++attempts) {
    EXPECT_EQ(RetryDelay(policy, status, attempts, /*jitter=*/1.0, kLong),
              absl::Milliseconds(expected[attempts - 1]));
    EXPECT_EQ(RetryDelay(policy, status, attempts, /*jitter=*/0.0, kLong),
              absl::Milliseconds(expected[attempts - 1]) / 2);
  }
}

TEST(RetryDelayTest, KeepsTheWaitThatTheServerAsksFor) {
  EXPECT_EQ(RetryDelay(RetryPolicy(), Overloaded("reads", absl::Seconds(7)), 1,
                       /*jitter=*/0.5, kLong),
            absl::Seconds(7));
}

TEST(RetryDelayTest, GivesUp) {
  const absl::Status status = absl::UnavailableError("x");
  const RetryPolicy policy{.max_attempts = 3};
  EXPECT_NE(RetryDelay(policy, status, 2, /*jitter=*/1.0, kLong), std::nullopt);
  EXPECT_EQ(RetryDelay(policy, status, 3, /*jitter=*/1.0, kLong), std::nullopt);
  EXPECT_EQ(
      RetryDelay(policy, status, 1, /*jitter=*/1.0, absl::Milliseconds(9)),
      std::nullopt);
  EXPECT_EQ(
      RetryDelay(policy, absl::NotFoundError("x"), 1, /*jitter=*/1.0, kLong),
      std::nullopt);
}

}  // namespace
}  // namespace twingraph::client

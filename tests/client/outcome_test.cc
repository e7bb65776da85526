#include "client/outcome.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/base/status.h"

namespace twingraph::client {
namespace {

const absl::Status kLost = absl::UnavailableError("connection lost");
const absl::Status kLate = absl::DeadlineExceededError("too late");
const absl::Status kInDoubt = MakeError(
    absl::StatusCode::kUnknown, v1::ERROR_REASON_OUTCOME_UNKNOWN, "in doubt");
const absl::Status kFull = MakeError(absl::StatusCode::kResourceExhausted,
                                     v1::ERROR_REASON_STORE_FULL, "full");
const absl::Status kRefused =
    MakeError(absl::StatusCode::kUnavailable,
              v1::ERROR_REASON_STORE_UNAVAILABLE, "no disk");
const absl::Status kStopping = ShuttingDown();
const absl::Status kConflict = MakeError(
    absl::StatusCode::kAborted, v1::ERROR_REASON_TRANSACTION_CONFLICT, "again");
const absl::Status kExists = MakeError(absl::StatusCode::kAlreadyExists,
                                       v1::ERROR_REASON_TWIN_ALREADY_EXISTS,
                                       "a twin with this id exists");
const absl::Status kEtag = MakeError(absl::StatusCode::kAborted,
                                     v1::ERROR_REASON_ETAG_MISMATCH, "etag");

struct Case {
  std::string name;
  std::vector<absl::Status> attempts;
  bool is_unknown;
};

class OutcomeTest : public testing::TestWithParam<Case> {};

TEST_P(OutcomeTest, IsMarkedWhereNobodyKnows) {
  Outcome outcome;
  for (const absl::Status& status : GetParam().attempts) {
    outcome.Add(status, /*is_sent=*/true);
  }
  const absl::Status& last = GetParam().attempts.back();
  const absl::Status error = outcome.Mark(last);
  EXPECT_EQ(IsOutcomeUnknown(error), GetParam().is_unknown);
  EXPECT_EQ(error.code(), last.code());
  EXPECT_EQ(ReasonOf(error), ReasonOf(last));
}

INSTANTIATE_TEST_SUITE_P(
    All, OutcomeTest,
    testing::Values(Case{"Lost", {kLost}, true}, Case{"Late", {kLate}, true},
                    Case{"InDoubt", {kInDoubt}, true},
                    Case{"Full", {kFull}, false},
                    Case{"Refused", {kRefused}, false},
                    Case{"Stopping", {kStopping}, false},
                    Case{"Conflict", {kConflict}, false},
                    // A refusal does not tell of what was before.
                    Case{"InDoubtThenFull", {kInDoubt, kFull}, true},
                    Case{"LostThenRefused", {kLost, kRefused}, true},
                    Case{"LostThenStopping", {kLost, kFull, kStopping}, true},
                    Case{"LostThenConflict", {kLost, kConflict}, true},
                    // An answer does.
                    Case{"LostThenExists", {kLost, kExists}, false},
                    Case{"InDoubtThenEtag", {kInDoubt, kEtag}, false},
                    Case{"ToldThenLost", {kLost, kExists, kLost}, true}),
    [](const auto& test) { return test.param.name; });

TEST(OutcomeTest, WhatNeverLeftWasNotCarriedOut) {
  Outcome outcome;
  outcome.Add(kLost, /*is_sent=*/false);
  EXPECT_FALSE(IsOutcomeUnknown(outcome.Mark(kLost)));
  // Nor does it tell of what was before.
  outcome.Add(kLost, /*is_sent=*/true);
  outcome.Add(kLost, /*is_sent=*/false);
  EXPECT_TRUE(IsOutcomeUnknown(outcome.Mark(kLost)));
}

}  // namespace
}  // namespace twingraph::client

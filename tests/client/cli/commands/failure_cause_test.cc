#include "client/cli/commands/failure_cause.h"

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::cli {
namespace {

absl::Status NoModel() {
  return NotFound(v1::ERROR_REASON_MODEL_NOT_FOUND, "no such model");
}

absl::Status Exists() {
  return AlreadyExists(v1::ERROR_REASON_TWIN_ALREADY_EXISTS, "there already");
}

absl::Status Full() {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   v1::ERROR_REASON_STORE_FULL, "full");
}

absl::Status InDoubt() {
  return MakeError(absl::StatusCode::kUnknown, v1::ERROR_REASON_OUTCOME_UNKNOWN,
                   "in doubt");
}

TEST(FailureCauseTest, IsWhatAllAgreeOn) {
  FailureCause cause;
  cause.Add(NoModel());
  cause.Add(NoModel());
  EXPECT_THAT(cause.Error("2 rows"), IsError(absl::StatusCode::kNotFound,
                                             v1::ERROR_REASON_MODEL_NOT_FOUND));
  EXPECT_EQ(cause.Error("2 rows").message(), "2 rows");
}

TEST(FailureCauseTest, IsTheInputWhereItsRowsDiffer) {
  FailureCause cause;
  cause.Add(NoModel());
  cause.Add(Exists());
  EXPECT_THAT(cause.Error(""), IsError(absl::StatusCode::kInvalidArgument,
                                       v1::ERROR_REASON_INVALID_FIELD));
}

TEST(FailureCauseTest, IsTheServerWhereItIsToBlame) {
  FailureCause cause;
  cause.Add(InDoubt());
  cause.Add(Full());
  cause.Add(Full());
  for (int i = 0; i < 5; ++i) {
    cause.Add(NoModel());
  }
  EXPECT_THAT(cause.Error(""), IsError(absl::StatusCode::kResourceExhausted,
                                       v1::ERROR_REASON_STORE_FULL));
}

}  // namespace
}  // namespace twingraph::cli

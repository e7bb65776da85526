#include "storage/base/error_line.h"

#include "gtest/gtest.h"

#include "storage/base/status.h"

namespace twingraph {
namespace {

TEST(ErrorLineTest, HasCodeReasonAndSentence) {
  EXPECT_EQ(FormatErrorLine(NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND,
                                     "no such twin", {{"twin", "a"}})),
            "NOT_FOUND / TWIN_NOT_FOUND: no such twin");
}

TEST(ErrorLineTest, AnErrorThatIsNotOursHasNoReason) {
  EXPECT_EQ(FormatErrorLine(absl::UnavailableError("refused")),
            "UNAVAILABLE: refused");
}

}  // namespace
}  // namespace twingraph

#include "server/rpc/wire_check.h"

#include <string>

#include "echo.pb.h"
#include "gtest/gtest.h"

namespace twingraph::rpc {
namespace {

std::string Find(absl::string_view bytes) {
  return FindInvalidUtf8(*rpc_test::SayRequest::descriptor(), bytes);
}

TEST(WireCheckTest, FindsTheField) {
  EXPECT_EQ(Find(absl::string_view("\x0A\x01\xFF", 3)), "text");
  EXPECT_EQ(Find(absl::string_view("\x12\x01\xFF", 3)), "command");
  EXPECT_EQ(Find(absl::string_view("\x0A\x02ok\x1A\x03\x0A\x01\xFF", 9)),
            "parts.text");
}

TEST(WireCheckTest, PassesOverWhatItDoesNotKnow) {
  // Unknown varint and unknown bytes before the wrong one.
  EXPECT_EQ(Find(absl::string_view("\x50\x07\x5A\x01\xFF\x0A\x01\xFF", 8)),
            "text");
}

TEST(WireCheckTest, StopsWhereBytesMakeNoSense) {
  const std::string good("\x0A\x02ok\x12\x03yes\x1A\x04\x0A\x02hi", 15);
  EXPECT_EQ(Find(good), "");
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(Find(absl::string_view(good).substr(0, size)), "") << size;
  }
  EXPECT_EQ(Find("\x0A\xFF\xFF\xFF\xFF\x0F"), "");
  EXPECT_EQ(Find("\x0B"), "");
}

}  // namespace
}  // namespace twingraph::rpc

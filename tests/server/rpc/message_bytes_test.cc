#include "server/rpc/message_bytes.h"

#include <string>

#include "google/protobuf/struct.pb.h"
#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::ListValue;

// A list that holds a list that holds ... , `levels` deep.
std::string NestedLists(int levels) {
  std::string bytes;
  for (int i = 0; i < levels; ++i) {
    google::protobuf::Value value;
    value.mutable_list_value()->ParseFromString(bytes);
    ListValue list;
    *list.add_values() = value;
    bytes = list.SerializeAsString();
  }
  return bytes;
}

TEST(MessageBytesTest, ShortAndLongBuffersHoldTheirBytes) {
  for (const size_t size : {0u, 1u, 1024u, 1025u, 100'000u}) {
    std::string bytes(size, 'x');
    if (size > 0) {
      bytes.back() = 'y';
    }
    const grpc::ByteBuffer buffer = ToByteBuffer(bytes);
    EXPECT_EQ(buffer.Length(), size);
    EXPECT_EQ(FlatBytes(buffer), bytes);
  }
}

TEST(MessageBytesTest, ReadsAMessageUpToTheLimit) {
  google::protobuf::Value value;
  value.set_string_value("hello");
  const grpc::ByteBuffer bytes = ToByteBuffer(value.SerializeAsString());
  google::protobuf::Value read;
  EXPECT_OK(ReadMessage(bytes, bytes.Length(), read));
  EXPECT_EQ(read.string_value(), "hello");
  EXPECT_THAT(ReadMessage(bytes, bytes.Length() - 1, read),
              IsError(absl::StatusCode::kResourceExhausted,
                      v1::ERROR_REASON_MESSAGE_TOO_LARGE));
}

TEST(MessageBytesTest, ReadsAnEmptyMessage) {
  google::protobuf::Value read;
  EXPECT_OK(ReadMessage(ToByteBuffer(""), 10, read));
}

TEST(MessageBytesTest, DeepJsonIsReadAndDeeperIsRefused) {
  ListValue read;
  EXPECT_OK(ReadMessage(ToByteBuffer(NestedLists(45)), 1 << 20, read));
  std::string bytes = NestedLists(45);
  for (int i = 0; i < 200; ++i) {  // By hand, as the parser has a limit too.
    for (const char tag : {'\x32', '\x0A'}) {
      std::string length;
      for (size_t rest = bytes.size(); rest > 0; rest >>= 7) {
        length += static_cast<char>((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
      }
      bytes = tag + length + bytes;
    }
  }
  EXPECT_THAT(ReadMessage(ToByteBuffer(bytes), 1 << 20, read),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_MALFORMED_MESSAGE));
}

}  // namespace
}  // namespace twingraph::rpc

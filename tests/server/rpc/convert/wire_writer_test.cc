#include "server/rpc/convert/wire_writer.h"

#include <cstdint>
#include <limits>
#include <string>

#include "google/protobuf/struct.pb.h"
#include "google/protobuf/wrappers.pb.h"
#include "gtest/gtest.h"

#include "twingraph/v1/admin.pb.h"
#include "twingraph/v1/device.pb.h"

namespace twingraph::rpc {
namespace {

TEST(WireWriterTest, WritesIntegersAsProtobufDoes) {
  for (const int64_t value :
       {int64_t{0}, int64_t{1}, int64_t{127}, int64_t{128}, int64_t{-1},
        std::numeric_limits<int64_t>::max(),
        std::numeric_limits<int64_t>::min()}) {
    std::string bytes;
    WireWriter(bytes).Int(1, value);
    google::protobuf::Int64Value wanted;
    wanted.set_value(value);
    EXPECT_EQ(bytes, wanted.SerializeAsString()) << value;
  }
}

TEST(WireWriterTest, WritesDoublesBoolsAndStringsAsProtobufDoes) {
  for (const double value : {0.0, -0.0, 1.5, -1e300}) {
    std::string bytes;
    WireWriter(bytes).Double(1, value);
    google::protobuf::DoubleValue wanted;
    wanted.set_value(value);
    EXPECT_EQ(bytes, wanted.SerializeAsString()) << value;
  }
  v1::DeviceRecord wanted;
  wanted.set_generation("g");
  wanted.set_disabled(true);
  std::string bytes;
  WireWriter writer(bytes);
  writer.String(v1::DeviceRecord::kGenerationFieldNumber, "g");
  writer.String(v1::DeviceRecord::kDisplayNameFieldNumber, "");
  writer.Bool(v1::DeviceRecord::kDisabledFieldNumber, true);
  EXPECT_EQ(bytes, wanted.SerializeAsString());
}

TEST(WireWriterTest, WritesNumbersOfHighFields) {
  std::string bytes;
  WireWriter(bytes).OneofUint(1000, 300);
  EXPECT_EQ(bytes, std::string("\xC0\x3E\xAC\x02", 4));
}

TEST(WireWriterTest, LengthsOfNestedMessagesAreShortest) {
  for (const size_t size : {0u, 1u, 100u, 124u, 125u, 126u, 127u, 128u, 200u,
                            16'000u, 16'383u, 16'384u, 3'000'000u}) {
    const std::string text(size, 'x');
    google::protobuf::ListValue wanted;
    wanted.add_values()->mutable_list_value()->add_values()->set_string_value(
        text);
    std::string bytes;
    WireWriter writer(bytes);
    const size_t outer = writer.Begin(1);
    const size_t list = writer.Begin(6);
    const size_t inner = writer.Begin(1);
    writer.OneofString(3, text);
    writer.End(inner);
    writer.End(list);
    writer.End(outer);
    EXPECT_TRUE(bytes == wanted.SerializeAsString()) << size;
  }
}

}  // namespace
}  // namespace twingraph::rpc

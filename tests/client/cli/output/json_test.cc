#include "client/cli/output/json.h"

#include "gtest/gtest.h"

#include "client/cli/struct_value.h"
#include "storage/value/json.h"
#include "twingraph/v1/twin.pb.h"

namespace twingraph::cli {
namespace {

google::protobuf::Struct Contents(const char* json) {
  return ToProtoStruct(*ParseJsonValue(json));
}

TEST(JsonTest, MessagesKeepTheirFieldNames) {
  v1::Twin twin;
  twin.set_id("r1");
  twin.set_model_id("dtmi:a;1");
  *twin.mutable_contents() = Contents(R"({"level":2})");
  EXPECT_EQ(MessageToJson(twin),
            R"({"id":"r1","model_id":"dtmi:a;1","contents":{"level":2}})");
}

TEST(JsonTest, StructsAreInKeyOrder) {
  EXPECT_EQ(StructToJson(Contents(R"({"b":[1.5,null],"a":{"x":true}})")),
            R"({"a":{"x":true},"b":[1.5,null]})");
}

TEST(JsonTest, CellsShowTextWithoutQuotes) {
  EXPECT_EQ(ValueToCell(ToProto(Value::String("Room 1"))), "Room 1");
  EXPECT_EQ(ValueToCell(ToProto(Value::Int(3))), "3");
  EXPECT_EQ(ValueToCell(ToProto(Value())), "null");
}

}  // namespace
}  // namespace twingraph::cli

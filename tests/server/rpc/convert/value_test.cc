#include "server/rpc/convert/value.h"

#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

#include "storage/base/status.h"
#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::rpc {
namespace {

using google::protobuf::util::JsonStringToMessage;
using google::protobuf::util::MessageDifferencer;

std::string StructBytes(const Value& map) {
  std::string encoded;
  EncodeValue(map, encoded);
  std::string bytes;
  WireWriter writer(bytes);
  WriteStruct(ValueView(encoded), writer);
  return bytes;
}

// What protobuf's own parser makes of JSON text is what our bytes must mean.
void ExpectSameAsProtobuf(const std::string& json) {
  SCOPED_TRACE(json);
  google::protobuf::Struct wanted;
  ASSERT_TRUE(JsonStringToMessage(json, &wanted).ok());
  ASSERT_OK_AND_ASSIGN(const Value value, ParseJsonValue(json));
  google::protobuf::Struct written;
  ASSERT_TRUE(written.ParseFromString(StructBytes(value)));
  EXPECT_TRUE(MessageDifferencer::Equals(written, wanted))
      << written.DebugString();
  // And back.
  ASSERT_OK_AND_ASSIGN(const Value read, ToValue(wanted, "contents"));
  EXPECT_EQ(FormatJson(read), FormatJson(value));
}

TEST(ValueTest, MeansWhatProtobufReads) {
  for (const char* json :
       {R"({})", R"({"":""})", R"({"a":null,"b":true,"c":false})",
        R"({"n":0,"m":-1,"d":1.5,"e":-2.5e300,"small":5e-324})",
        R"({"text":"äöü \u0000 \ud83d\ude00"})",
        R"({"list":[],"nested":[[],[1,[2,[3,{"a":[{}]}]]]]})",
        R"({"map":{"inner":{"deep":{"deeper":{"x":1}}}}})",
        R"({"exact":9007199254740992,"negative":-9007199254740992})"}) {
    ExpectSameAsProtobuf(json);
  }
  ExpectSameAsProtobuf(
      absl::StrCat(R"({"long":")", std::string(70'000, 'x'), R"("})"));
}

// A random document; integers stay within 2^53.
Value RandomValue(std::mt19937& random, int depth) {
  const auto below = [&](uint32_t limit) {
    return static_cast<uint32_t>(random() % limit);
  };
  switch (below(depth > 0 ? 7 : 5)) {
    case 0:
      return Value();
    case 1:
      return Value::Bool(below(2) == 0);
    case 2:
      return Value::Int(static_cast<int64_t>(random()) - (int64_t{1} << 31));
    case 3:
      return Value::Double(std::ldexp(static_cast<double>(random()) + 0.5,
                                      static_cast<int>(below(100)) - 80));
    case 4:
      return Value::String(std::string(below(200), 'a'));
    case 5: {
      Value::List list;
      for (uint32_t i = below(5); i > 0; --i) {
        list.push_back(RandomValue(random, depth - 1));
      }
      return Value::MakeList(std::move(list));
    }
    default: {
      Value map = Value::MakeMap();
      for (uint32_t i = below(6); i > 0; --i) {
        map.Set(absl::StrCat("k", below(50)), RandomValue(random, depth - 1));
      }
      return map;
    }
  }
}

TEST(ValueTest, MeansWhatProtobufReadsForRandomDocuments) {
  std::mt19937 random(7);
  for (int i = 0; i < 500; ++i) {
    Value map = Value::MakeMap();
    map.Set("v", RandomValue(random, 6));
    ExpectSameAsProtobuf(FormatJson(map));
  }
}

TEST(ValueTest, LongsAndIntegersThatADoubleCannotHoldBecomeText) {
  for (const auto& [value, text] : std::vector<std::pair<Value, std::string>>{
           {Value::Long(0), "0"},
           {Value::Long(-7), "-7"},
           {Value::Int((int64_t{1} << 53) + 1), "9007199254740993"},
           {Value::Int(-(int64_t{1} << 53) - 1), "-9007199254740993"},
           {Value::Int(std::numeric_limits<int64_t>::max()),
            "9223372036854775807"},
           {Value::Int(std::numeric_limits<int64_t>::min()),
            "-9223372036854775808"},
           {Value::Uint(std::numeric_limits<uint64_t>::max()),
            "18446744073709551615"}}) {
    Value map = Value::MakeMap();
    map.Set("n", value);
    google::protobuf::Struct written;
    ASSERT_TRUE(written.ParseFromString(StructBytes(map)));
    EXPECT_EQ(written.fields().at("n").string_value(), text);
  }
}

TEST(ValueTest, ReadsNumbersAsJsonDoes) {
  google::protobuf::Value proto;
  proto.set_number_value(3.0);
  EXPECT_EQ(*ToValue(proto, "v"), Value::Int(3));
  proto.set_number_value(3.5);
  EXPECT_EQ(*ToValue(proto, "v"), Value::Double(3.5));
  proto.set_number_value(1e17);
  EXPECT_EQ(*ToValue(proto, "v"), Value::Double(1e17));
  proto.set_number_value(-0.0);
  EXPECT_EQ(*ToValue(proto, "v"), Value::Double(-0.0));
}

TEST(ValueTest, RefusesWhatIsNoJson) {
  google::protobuf::Struct content;
  (*content.mutable_fields())["a"].mutable_list_value()->add_values();
  absl::Status status = ToValue(content, "twin.contents").status();
  EXPECT_THAT(status, IsError(absl::StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_EQ(ViolationsOf(status).at(0).field, "twin.contents.a[0]");

  google::protobuf::Value number;
  number.set_number_value(std::nan(""));
  EXPECT_THAT(ToValue(number, "v"), IsError(absl::StatusCode::kInvalidArgument,
                                            v1::ERROR_REASON_INVALID_FIELD));
}

TEST(ValueTest, TimesGoBothWays) {
  for (const absl::Time time :
       {absl::UnixEpoch(), absl::FromUnixNanos(1'700'000'000'123'456'789),
        absl::FromUnixNanos(-1), absl::FromUnixSeconds(-62'135'596'800)}) {
    std::string bytes;
    WireWriter writer(bytes);
    WriteTime(1, time, writer);
    google::protobuf::Timestamp proto;
    // The message in field 1: tag, length, content.
    ASSERT_TRUE(proto.ParseFromString(bytes.substr(2)));
    ASSERT_OK_AND_ASSIGN(const absl::Time read, ToTime(proto, "t"));
    EXPECT_EQ(read, time);
  }
  std::string bytes;
  WireWriter writer(bytes);
  WriteTime(1, absl::InfinitePast(), writer);
  EXPECT_EQ(bytes, "");
}

TEST(ValueTest, RefusesTimesThatAreNone) {
  google::protobuf::Timestamp time;
  time.set_nanos(1'000'000'000);
  EXPECT_THAT(ToTime(time, "t"), IsError(absl::StatusCode::kInvalidArgument,
                                         v1::ERROR_REASON_INVALID_FIELD));
  time.set_nanos(0);
  time.set_seconds(253'402'300'800);
  EXPECT_THAT(ToTime(time, "t"), IsError(absl::StatusCode::kInvalidArgument,
                                         v1::ERROR_REASON_INVALID_FIELD));
}

TEST(ValueTest, ReadsPatches) {
  google::protobuf::RepeatedPtrField<v1::PatchOperation> operations;
  v1::PatchOperation& add = *operations.Add();
  add.set_op(v1::PatchOperation::OP_ADD);
  add.set_path("/level");
  add.mutable_value()->set_number_value(4);
  v1::PatchOperation& remove = *operations.Add();
  remove.set_op(v1::PatchOperation::OP_REMOVE);
  remove.set_path("/name");
  operations.Add()->set_op(static_cast<v1::PatchOperation::Op>(77));

  ASSERT_OK_AND_ASSIGN(const auto patch, ToPatch(operations));
  ASSERT_EQ(patch.size(), 3u);
  EXPECT_EQ(patch[0].op, "add");
  EXPECT_EQ(patch[0].path, "/level");
  EXPECT_EQ(patch[0].value, Value::Int(4));
  EXPECT_EQ(patch[1].op, "remove");
  EXPECT_FALSE(patch[1].value.has_value());
  EXPECT_EQ(patch[2].op, "unspecified");
}

}  // namespace
}  // namespace twingraph::rpc

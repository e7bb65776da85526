// The bytes of every kind of key. They are stored: a change here is a change of
// format, which old stores do not survive.

#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/base/bytes.h"
#include "storage/key/counter_key.h"
#include "storage/key/dict_key.h"
#include "storage/key/hub_key.h"
#include "storage/key/index_key.h"
#include "storage/key/model_key.h"
#include "storage/key/ordered_codec.h"
#include "storage/key/relationship_key.h"
#include "storage/key/twin_key.h"
#include "storage/value/value.h"
#include "storage/value/value_codec.h"

namespace twingraph::key {
namespace {

constexpr TwinNumber kTwin{0x0102030405};
constexpr TwinNumber kTarget{0x0A0B0C0D0E};
constexpr RelationshipNumber kRelationship{0xFFFFFFFFFF};
constexpr ModelNumber kModel{7};
constexpr NameNumber kName{0x01020304};
constexpr PathNumber kPath{9};
constexpr Edge kEdge = {
    .name = kName, .source = kTwin, .target = kTarget, .number = kRelationship};

std::string Ordered(const Value& value) {
  std::string encoded;
  EncodeValue(value, encoded);
  std::string ordered;
  AppendOrdered(ValueView(encoded), ordered);
  return ordered;
}

struct Case {
  std::string name;
  std::string key;
  std::string hex;
};

class KeyGoldenTest : public testing::TestWithParam<Case> {};

TEST_P(KeyGoldenTest, HasItsBytes) {
  EXPECT_EQ(ToHex(GetParam().key), GetParam().hex);
}

const std::vector<Case>& Cases() {
  static const auto* const cases = new std::vector<Case>{
      {"DictText", EncodeDictTextKey(DictKind::kModel, "ab"), "6d6e006162"},
      {"DictNumber", EncodeDictNumberKey(DictKind::kPath, 258), "702300000102"},
      {"DictName", EncodeDictTextKey(DictKind::kRelationshipName, ""),
       "726e00"},
      {"Sequence", EncodeSequenceKey(Sequence::kTwin), "74"},
      {"SequenceOfRelationships", EncodeSequenceKey(Sequence::kRelationship),
       "65"},
      {"TwinIdValue", EncodeTwinIdValue(kTwin), "0102030405"},
      {"Twin", EncodeTwinKey(kTwin), "0102030405"},
      {"TwinGuard", EncodeTwinGuardKey(kTwin), "740102030405"},
      {"ModelGuard", EncodeModelGuardKey(kModel), "6d00000007"},
      {"HubGuard", EncodeHubGuardKey("h1"), "686831"},
      {"Relationship", EncodeRelationshipKey(kTwin, kRelationship),
       "0102030405ffffffffff"},
      {"RelationshipId", EncodeRelationshipIdKey(kTwin, "r1"),
       "01020304057231"},
      {"RelationshipIdValue", EncodeRelationshipIdValue(kEdge),
       "ffffffffff010203040a0b0c0d0e"},
      {"Out", EncodeOutKey(kEdge), "0102030405010203040a0b0c0d0effffffffff"},
      {"In", EncodeInKey(kEdge), "0a0b0c0d0e010203040102030405ffffffffff"},
      {"NameIndex", EncodeNameIndexKey(kEdge),
       "0102030401020304050a0b0c0d0effffffffff"},
      {"Model", EncodeModelKey("dtmi:a;1"), "0064746d693a613b31"},
      {"ModelText", EncodeModelTextKey(kModel), "00000007"},
      {"ModelReferrer", EncodeModelReferrerKey(kModel, ModelNumber{8}),
       "0000000700000008"},
      {"ModelIndex", EncodeModelIndexKey(kModel, kTwin), "000000070102030405"},
      {"PropertyIndex",
       EncodePropertyIndexKey(kPath, Ordered(Value::Bool(true)), kTwin),
       "0000000902010102030405"},
      {"RelationshipPropertyIndex",
       EncodeRelationshipPropertyIndexKey(kEdge, kPath, Ordered(Value())),
       "0102030400000009010102030405ffffffffff"},
      {"RelationshipPropertyIndexValue",
       EncodeRelationshipPropertyIndexValue(kTarget), "0a0b0c0d0e"},
      {"TwinCounter", TwinCounterKey(), "54"},
      {"RelationshipCounter", RelationshipCounterKey(), "52"},
      {"ModelCounter", ModelCounterKey(), "4d"},
      {"HubCounter", HubCounterKey(), "48"},
      {"TwinsOfModelCounter", TwinsOfModelCounterKey(kModel), "7400000007"},
      {"RelationshipsOfNameCounter", RelationshipsOfNameCounterKey(kName),
       "7201020304"},
      {"DeviceCounter", DeviceCounterKey("h1", 2), "64026831"},
      {"Device", EncodeDeviceKey("h1", std::vector<std::string>{"g", "d"}),
       "683100006700006400"
       "00"},
      // Ordered values.
      {"OrderedNull", Ordered(Value()), "01"},
      {"OrderedFalse", Ordered(Value::Bool(false)), "0200"},
      {"OrderedZero", Ordered(Value::Int(0)), "038000000000000000"},
      {"OrderedNegativeZero", Ordered(Value::Double(-0.0)),
       "038000000000000000"},
      {"OrderedOne", Ordered(Value::Int(1)), "03bff0000000000000"},
      {"OrderedOneAsDouble", Ordered(Value::Double(1)), "03bff0000000000000"},
      {"OrderedMinusOne", Ordered(Value::Int(-1)), "03400fffffffffffff"},
      {"OrderedTwoTo53", Ordered(Value::Int(int64_t{1} << 53)),
       "03c3400000000000000000"},
      {"OrderedTwoTo53AndOne", Ordered(Value::Int((int64_t{1} << 53) + 1)),
       "03c3400000000000000001"},
      {"OrderedLargestInt", Ordered(Value::Int(INT64_MAX)),
       "03c3dfffffffffffff03ff"},
      {"OrderedSmallestInt", Ordered(Value::Int(INT64_MIN)),
       "033c1fffffffffffff0000"},
      {"OrderedLargestUint", Ordered(Value::Uint(UINT64_MAX)),
       "03c3efffffffffffff07ff"},
      {"OrderedText", Ordered(Value::String("ab")), "0461620000"},
      {"OrderedTextWithZero", Ordered(Value::String(std::string("a\0b", 3))),
       "046100ff620000"},
      {"OrderedObject", Ordered(Value::MakeMap()), "05"},
      {"OrderedArray", Ordered(Value::MakeList()), "06"},
  };
  return *cases;
}

INSTANTIATE_TEST_SUITE_P(Keys, KeyGoldenTest, testing::ValuesIn(Cases()),
                         [](const auto& test) { return test.param.name; });

TEST(LongNameTest, IsCutAndHashed) {
  const std::string key =
      EncodeDictTextKey(DictKind::kModel, std::string(600, 'a'));
  EXPECT_EQ(key.size(), 2u + 1 + 512 + 16);
  EXPECT_EQ(ToHex(key.substr(0, 4)), "6d6e0161");
  EXPECT_EQ(ToHex(key.substr(key.size() - 16)),
            "656fdf34be54e51a04b0f5e233edfe19");
}

TEST(LongStringTest, IsCutAndHashed) {
  const std::string ordered = Ordered(Value::String(std::string(200, 'a')));
  EXPECT_EQ(ordered.size(), 1u + 128 + 2 + 8);
  EXPECT_EQ(ToHex(ordered.substr(129)), "0001ac2bd404bce6c995");
  EXPECT_TRUE(IsCut(ordered));
  EXPECT_FALSE(IsCut(Ordered(Value::String(std::string(128, 'a')))));
}

TEST(KeyDecodingTest, GivesBackTheModelOfADocument) {
  ModelNumber model{};
  ASSERT_TRUE(DecodeModelTextKey(EncodeModelTextKey(kModel), model));
  EXPECT_EQ(model, kModel);
  EXPECT_FALSE(DecodeModelTextKey("abc", model));
  EXPECT_FALSE(DecodeModelTextKey("abcde", model));
}

TEST(KeyDecodingTest, GivesBackTheParts) {
  Edge edge;
  ASSERT_TRUE(DecodeOutKey(EncodeOutKey(kEdge), edge));
  EXPECT_EQ(edge, kEdge);
  edge = {};
  ASSERT_TRUE(DecodeInKey(EncodeInKey(kEdge), edge));
  EXPECT_EQ(edge, kEdge);
  edge = {};
  ASSERT_TRUE(DecodeNameIndexKey(EncodeNameIndexKey(kEdge), edge));
  EXPECT_EQ(edge, kEdge);
  edge = {.source = kTwin};
  ASSERT_TRUE(
      DecodeRelationshipIdValue(EncodeRelationshipIdValue(kEdge), edge));
  EXPECT_EQ(edge, kEdge);

  PathNumber path{};
  absl::string_view ordered;
  TwinNumber twin{};
  const std::string text = Ordered(Value::String("x"));
  const std::string property = EncodePropertyIndexKey(kPath, text, kTwin);
  ASSERT_TRUE(DecodePropertyIndexKey(property, path, ordered, twin));
  EXPECT_EQ(path, kPath);
  EXPECT_EQ(ordered, text);
  EXPECT_EQ(twin, kTwin);

  edge = {.target = kTarget};
  const std::string relationship_property =
      EncodeRelationshipPropertyIndexKey(kEdge, kPath, text);
  ASSERT_TRUE(DecodeRelationshipPropertyIndexKey(relationship_property, edge,
                                                 path, ordered));
  EXPECT_EQ(edge, kEdge);

  std::string hub;
  std::vector<std::string> parts;
  const std::vector<std::string> device = {"gateway", std::string("a\0b", 3)};
  ASSERT_TRUE(DecodeDeviceKey(EncodeDeviceKey("h", device), hub, parts));
  EXPECT_EQ(hub, "h");
  EXPECT_EQ(parts, device);
}

TEST(KeyDecodingTest, RefusesEveryShorterOrLongerKey) {
  const std::string whole = EncodeOutKey(kEdge);
  Edge edge;
  EXPECT_FALSE(DecodeOutKey(whole + "x", edge));
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DecodeOutKey(whole.substr(0, size), edge)) << size;
  }
  const std::string property =
      EncodePropertyIndexKey(kPath, Ordered(Value::String("abc")), kTwin);
  PathNumber path{};
  absl::string_view ordered;
  TwinNumber twin{};
  for (size_t size = 0; size < property.size(); ++size) {
    EXPECT_FALSE(
        DecodePropertyIndexKey(property.substr(0, size), path, ordered, twin))
        << size;
  }
  DictKind kind{};
  uint32_t number = 0;
  EXPECT_FALSE(DecodeDictNumberKey(EncodeDictTextKey(DictKind::kModel, "abc"),
                                   kind, number));
}

TEST(KeyDecodeTest, ARowOfTheDictionaryByTextHasTheWholeNameOrNone) {
  DictKind kind{};
  uint32_t number = 0;
  std::string text;
  EXPECT_TRUE(DecodeDictTextRow(EncodeDictTextKey(DictKind::kPath, "/a"),
                                std::string("\0\0\1\2", 4), kind, text,
                                number));
  EXPECT_EQ(kind, DictKind::kPath);
  EXPECT_EQ(text, "/a");
  EXPECT_EQ(number, 258u);
  EXPECT_FALSE(DecodeDictTextRow(
      EncodeDictTextKey(DictKind::kPath, std::string(600, 'a')),
      std::string(4, '\1'), kind, text, number));
  EXPECT_FALSE(DecodeDictTextRow(EncodeDictTextKey(DictKind::kPath, "/a"),
                                 "123", kind, text, number));
  EXPECT_FALSE(DecodeDictTextRow(EncodeDictNumberKey(DictKind::kPath, 1),
                                 std::string(4, '\1'), kind, text, number));
}

}  // namespace
}  // namespace twingraph::key

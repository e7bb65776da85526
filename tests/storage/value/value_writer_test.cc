#include "storage/value/value_writer.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/value/json.h"
#include "storage/value/value_codec.h"

namespace twingraph {
namespace {

std::string Encoded(absl::string_view json) {
  std::string bytes;
  EncodeValue(*ParseJsonValue(json), bytes);
  return bytes;
}

TEST(ValueWriterTest, WritesTheBytesOfEncodeValue) {
  std::string null_bytes;
  AppendEncodedNull(null_bytes);
  EXPECT_EQ(null_bytes, Encoded("null"));
  std::string true_bytes;
  AppendEncodedBool(true, true_bytes);
  EXPECT_EQ(true_bytes, Encoded("true"));
  const std::string text(300, 'x');
  std::string string_bytes;
  AppendEncodedString(text, string_bytes);
  EXPECT_EQ(string_bytes, Encoded("\"" + text + "\""));
}

TEST(ValueWriterTest, PutsListsTogether) {
  const std::string one = Encoded("{\"a\":[1,2.5]}");
  const std::string two = Encoded("\"b\"");
  std::string list;
  AppendEncodedList({ValueView(one), ValueView(), ValueView(two)}, list);
  EXPECT_EQ(list, Encoded("[{\"a\":[1,2.5]},null,\"b\"]"));
  std::string empty;
  AppendEncodedList({}, empty);
  EXPECT_EQ(empty, Encoded("[]"));
}

TEST(ValueWriterTest, PutsMapsTogetherInKeyOrder) {
  const std::string one = Encoded("1");
  const std::string two = Encoded("{\"x\":null}");
  std::vector<EncodedEntry> entries = {
      {"zoo", ValueView(one)}, {"", ValueView(one)}, {"$a", ValueView(two)}};
  std::string map;
  AppendEncodedMap(entries, map);
  EXPECT_EQ(map, Encoded("{\"\":1,\"$a\":{\"x\":null},\"zoo\":1}"));
  std::vector<EncodedEntry> none;
  std::string empty;
  AppendEncodedMap(none, empty);
  EXPECT_EQ(empty, Encoded("{}"));
}

}  // namespace
}  // namespace twingraph

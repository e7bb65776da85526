#include "server/engine/twin_times.h"

#include <string>

#include "gtest/gtest.h"

#include "storage/value/json.h"

namespace twingraph::engine {
namespace {

absl::Time At(int64_t nanos) {
  return absl::FromUnixNanos(nanos);
}

TwinTimes RoundTrip(const TwinTimes& times) {
  std::string bytes;
  EncodeValue(times.Encode(), bytes);
  return TwinTimes::Decode(ValueView(bytes));
}

// The stored form is frozen.
TEST(TwinTimesTest, StoredFormIsGolden) {
  TwinTimes times(At(10));
  EXPECT_EQ(FormatJson(times.Encode()), R"({"b":10,"c":10,"u":10})");
  times.Write({"", "level"}, At(20));
  times.Write({"heater", "target"}, At(30));
  times.SetSourceTime({"", "level"}, At(15));
  EXPECT_EQ(
      FormatJson(times.Encode()),
      R"({"b":10,"c":10,"p":{"heater.":30,"heater.target":30,"level":[20,15]},"u":30})");
}

TEST(TwinTimesTest, ReadsBackWhatItStored) {
  TwinTimes times(At(10));
  times.Write({"heater", "target"}, At(30));
  times.SetSourceTime({"", "level"}, At(15));
  const TwinTimes read = RoundTrip(times);
  EXPECT_EQ(read.create_time(), At(10));
  EXPECT_EQ(read.update_time(), At(30));
  EXPECT_EQ(read.Get({"heater", "target"}).update_time, At(30));
  EXPECT_EQ(read.Get({"heater", ""}).update_time, At(30));
  EXPECT_EQ(read.Get({"heater", "other"}).update_time, At(10));
  EXPECT_EQ(read.Get({"", "level"}).update_time, At(10));
  EXPECT_EQ(read.Get({"", "level"}).source_time, At(15));
  EXPECT_EQ(read.Get({"", "other"}).source_time, absl::InfinitePast());
}

TEST(TwinTimesTest, SourceTimeOutlivesAnUpdateButNotARemoval) {
  TwinTimes times(At(10));
  times.SetSourceTime({"", "level"}, At(5));
  times.Write({"", "level"}, At(20));
  EXPECT_EQ(times.Get({"", "level"}).source_time, At(5));
  times.Remove({"", "level"}, At(30));
  times.Write({"", "level"}, At(40));
  EXPECT_EQ(times.Get({"", "level"}).source_time, absl::InfinitePast());
  EXPECT_EQ(times.Get({"", "level"}).update_time, At(40));
}

TEST(TwinTimesTest, AFullWriteForgetsAllButTheCreation) {
  TwinTimes times(At(10));
  times.Write({"", "level"}, At(20));
  times.WriteAll(At(30));
  EXPECT_EQ(FormatJson(times.Encode()), R"({"b":30,"c":10,"u":30})");
}

}  // namespace
}  // namespace twingraph::engine

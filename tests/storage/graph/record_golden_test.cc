// The bytes of stored records. A change here is a change of format.

#include <string>

#include "gtest/gtest.h"

#include "storage/base/bytes.h"
#include "storage/graph/graph_settings.h"
#include "storage/graph/hub_record.h"
#include "storage/graph/model_record.h"
#include "storage/graph/relationship_record.h"
#include "storage/graph/twin_record.h"
#include "storage/key/hub_key.h"
#include "storage/value/json.h"
#include "tests/support/status_matchers.h"

namespace twingraph::graph {
namespace {

constexpr auto kCorrupt = v1::ERROR_REASON_STORE_CORRUPT;

std::string Encoded(absl::string_view json) {
  std::string bytes;
  EncodeValue(*ParseJsonValue(json), bytes);
  return bytes;
}

std::string TwinBytes() {
  const std::string contents = Encoded(R"({"t": 1})");
  const std::string metadata = Encoded("{}");
  const std::string device = Encoded(R"({"hub": "h"})");
  return TwinRecord::Encode(
      {.id = "room",
       .model = ModelNumber{7},
       .create_time = absl::FromUnixNanos(1),
       .last_update_time = absl::FromUnixNanos(0x0102030405060708),
       .contents = contents,
       .metadata = metadata,
       .device = device});
}

TEST(TwinRecordTest, HasItsBytes) {
  EXPECT_EQ(ToHex(TwinBytes()),
            "01"                // format
            "07000000"          // model
            "0100000000000000"  // create time
            "0807060504030201"  // last update time
            "04000000"          // end of the id
            "14000000"          // end of the contents
            "19000000"          // end of the metadata
            "726f6f6d"          // id
            "0701000000010000000300000074"
            "0202"        // contents
            "0700000000"  // metadata
            "070100000003000000060000006875620501"
            "68");  // device
}

TEST(TwinRecordTest, IsReadInPlace) {
  ASSERT_OK_AND_ASSIGN(
      const TwinRecord twin,
      TwinRecord::Decode(TwinNumber{5}, {TwinBytes(), 42}, "dtmi:a;1"));
  EXPECT_EQ(twin.number(), TwinNumber{5});
  EXPECT_EQ(twin.revision(), 42u);
  EXPECT_EQ(twin.id(), "room");
  EXPECT_EQ(twin.model(), ModelNumber{7});
  EXPECT_EQ(twin.model_id(), "dtmi:a;1");
  EXPECT_EQ(twin.create_time(), absl::FromUnixNanos(1));
  EXPECT_EQ(twin.contents().Find("t").as_int(), 1);
  EXPECT_EQ(twin.metadata().size(), 0u);
  EXPECT_TRUE(twin.is_proxy());
  EXPECT_EQ(twin.device().Find("hub").as_string(), "h");
}

TEST(TwinRecordTest, ViewsLiveAsLongAsOneCopy) {
  auto twin = TwinRecord::Decode(TwinNumber{5}, {TwinBytes(), 42}, "m");
  ASSERT_OK(twin);
  const ValueView contents = twin->contents();
  const auto owner = twin->owner();
  const TwinRecord copy = *twin;
  twin = absl::InternalError("gone");
  EXPECT_EQ(contents.Find("t").as_int(), 1);
  EXPECT_EQ(copy.id(), "room");
}

TEST(TwinRecordTest, HasNoDeviceUnlessAProxy) {
  const std::string map = Encoded("{}");
  const std::string bytes =
      TwinRecord::Encode({.id = "a",
                          .model = ModelNumber{1},
                          .create_time = absl::UnixEpoch(),
                          .last_update_time = absl::UnixEpoch(),
                          .contents = map,
                          .metadata = map,
                          .device = ""});
  ASSERT_OK_AND_ASSIGN(const TwinRecord twin,
                       TwinRecord::Decode(TwinNumber{1}, {bytes, 1}, ""));
  EXPECT_FALSE(twin.is_proxy());
}

TEST(TwinRecordTest, RefusesDamagedTables) {
  const std::string whole = TwinBytes();
  // Up to the end of the metadata: the device may have any length.
  for (size_t size = 0; size < 33 + 25; ++size) {
    EXPECT_THAT(
        TwinRecord::Decode(TwinNumber{1}, {whole.substr(0, size), 1}, ""),
        IsError(absl::StatusCode::kDataLoss, kCorrupt))
        << size;
  }
  std::string newer = whole;
  newer[0] = 2;
  EXPECT_THAT(TwinRecord::Decode(TwinNumber{1}, {newer, 1}, ""),
              IsError(absl::StatusCode::kDataLoss, kCorrupt));
  std::string backwards = whole;
  backwards[25] = 1;  // the contents end before the id does
  EXPECT_THAT(TwinRecord::Decode(TwinNumber{1}, {backwards, 1}, ""),
              IsError(absl::StatusCode::kDataLoss, kCorrupt));
}

TEST(RelationshipRecordTest, HasItsBytesAndIsReadInPlace) {
  const std::string contents = Encoded(R"({"w": true})");
  const std::string bytes = RelationshipRecord::Encode({.id = "r",
                                                        .name = NameNumber{3},
                                                        .target = TwinNumber{9},
                                                        .source_id = "src",
                                                        .target_id = "to",
                                                        .contents = contents});
  EXPECT_EQ(ToHex(bytes),
            "01"                // format
            "03000000"          // name
            "0900000000000000"  // target
            "01000000"          // end of the id
            "04000000"          // end of the source's id
            "06000000"          // end of the target's id
            "72"
            "737263"
            "746f"
            "0701000000010000000300000077"
            "0101");
  ASSERT_OK_AND_ASSIGN(
      const RelationshipRecord record,
      RelationshipRecord::Decode(TwinNumber{4}, RelationshipNumber{6},
                                 {bytes, 8}, "contains"));
  EXPECT_EQ(record.edge(), (Edge{.name = NameNumber{3},
                                 .source = TwinNumber{4},
                                 .target = TwinNumber{9},
                                 .number = RelationshipNumber{6}}));
  EXPECT_EQ(record.id(), "r");
  EXPECT_EQ(record.source_id(), "src");
  EXPECT_EQ(record.target_id(), "to");
  EXPECT_EQ(record.name(), "contains");
  EXPECT_TRUE(record.contents().Find("w").as_bool());
  EXPECT_EQ(record.revision(), 8u);
}

TEST(ModelRecordTest, HasItsBytesAndIsReadBack) {
  const ModelRecord record = {.id = "dtmi:a;1",
                              .number = ModelNumber{2},
                              .upload_time = absl::FromUnixNanos(5),
                              .decommission_time = {},
                              .dependencies = {"dtmi:b;1"},
                              .revision = 0};
  const std::string bytes = EncodeModelRecord(record);
  EXPECT_EQ(bytes, Encoded(R"({"n": 2, "i": "dtmi:a;1", "t": 5, "d": false,
                        "r": ["dtmi:b;1"]})"));
  ASSERT_OK_AND_ASSIGN(const ModelRecord read, DecodeModelRecord({bytes, 3}));
  EXPECT_EQ(read.id, record.id);
  EXPECT_EQ(read.number, record.number);
  EXPECT_EQ(read.upload_time, record.upload_time);
  EXPECT_FALSE(read.is_decommissioned());
  EXPECT_EQ(read.dependencies, record.dependencies);
  EXPECT_EQ(read.revision, 3u);
  EXPECT_THAT(DecodeModelRecord({"", 3}),
              IsError(absl::StatusCode::kDataLoss, kCorrupt));
  EXPECT_THAT(DecodeModelRecord({Encoded("{}"), 3}),
              IsError(absl::StatusCode::kDataLoss, kCorrupt));
}

TEST(ModelRecordTest, HasATimeWhereItIsDecommissioned) {
  const std::string bytes =
      EncodeModelRecord({.id = "dtmi:a;1",
                         .number = ModelNumber{2},
                         .upload_time = absl::FromUnixNanos(5),
                         .decommission_time = absl::FromUnixNanos(9)});
  EXPECT_EQ(bytes, Encoded(R"({"n": 2, "i": "dtmi:a;1", "t": 5, "d": true,
                        "r": [], "x": 9})"));
  ASSERT_OK_AND_ASSIGN(const ModelRecord read, DecodeModelRecord({bytes, 3}));
  EXPECT_EQ(read.decommission_time, absl::FromUnixNanos(9));
}

TEST(ModelTextTest, IsReadBackWhateverItsLength) {
  for (const size_t size : {0, 1, 511, 512, 100'000, 1'000'000}) {
    std::string text;
    for (size_t i = 0; i < size; ++i) {
      text.push_back(static_cast<char>('a' + i % 7));
    }
    const std::string bytes = EncodeModelText(text);
    EXPECT_LE(bytes.size(), text.size() + 1);
    ASSERT_OK_AND_ASSIGN(const std::string read, DecodeModelText(bytes));
    EXPECT_EQ(read, text);
  }
  EXPECT_EQ(ToHex(EncodeModelText("ab")), "006162");
  // In a set only a large one is compressed.
  for (const size_t size : {600, 65'535, 65'536, 900'000}) {
    const std::string text(size, 'a');
    const std::string bytes = EncodeModelText(text, TextForm::kInASet);
    EXPECT_EQ(bytes[0], size < 65'536 ? 0 : 1);
    ASSERT_OK_AND_ASSIGN(const std::string read, DecodeModelText(bytes));
    EXPECT_EQ(read, text);
  }
}

TEST(ModelTextTest, RefusesDamagedBytes) {
  std::string bytes = EncodeModelText(std::string(5'000, 'a'));
  ASSERT_EQ(bytes[0], 1);
  for (const std::string& damaged :
       {std::string(), std::string("\x02zz"), bytes.substr(0, 4),
        bytes.substr(0, bytes.size() - 3)}) {
    EXPECT_THAT(DecodeModelText(damaged),
                IsError(absl::StatusCode::kDataLoss, kCorrupt));
  }
}

TEST(HubRecordTest, HasItsBytesAndIsReadBack) {
  const HubRecord record = {.id = "h1",
                            .kind = "grpc",
                            .display_name = "Hub",
                            .id_template = "{hub}.{device}",
                            .default_model = "dtmi:a;1",
                            .attach_time = absl::FromUnixNanos(9)};
  const std::string bytes = EncodeHubRecord(record);
  EXPECT_EQ(bytes, Encoded(R"({"i": "h1", "k": "grpc", "d": "Hub",
                               "t": "{hub}.{device}", "m": "dtmi:a;1",
                               "a": 9})"));
  ASSERT_OK_AND_ASSIGN(const HubRecord read, DecodeHubRecord({bytes, 2}));
  EXPECT_EQ(EncodeHubRecord(read), bytes);
  EXPECT_EQ(read.revision, 2u);
}

TEST(HubProgressTest, HasItsBytesAndIsReadBack) {
  const HubProgress progress = {
      .cursor = "c9", .has_snapshot = true, .gap_is_open = false};
  const std::string bytes = EncodeHubProgress(progress);
  EXPECT_EQ(bytes, Encoded(R"({"c": "c9", "s": true, "g": false})"));
  ASSERT_OK_AND_ASSIGN(const HubProgress read, DecodeHubProgress({bytes, 2}));
  EXPECT_EQ(read, progress);
}

TEST(DeviceRecordTest, HasItsBytesAndIsReadBack) {
  DeviceRecord record = {.hub = "h1",
                         .path = {"gateway", "d1"},
                         .generation = "g7",
                         .state = 2,
                         .twin = TwinNumber{11},
                         .twin_id = "h1.d1",
                         .details = *ParseJsonValue(R"({"tags": [1]})")};
  const std::string key = key::EncodeDeviceKey(record.hub, record.path);
  const std::string bytes = EncodeDeviceRecord(record);
  EXPECT_EQ(bytes, Encoded(R"({"g": "g7", "s": 2, "n": 11, "t": "h1.d1",
                               "x": {"tags": [1]}})"));
  ASSERT_OK_AND_ASSIGN(const DeviceRecord read,
                       DecodeDeviceRecord(key, {bytes, 2}));
  EXPECT_EQ(read.hub, "h1");
  EXPECT_EQ(read.path, record.path);
  EXPECT_EQ(EncodeDeviceRecord(read), bytes);

  record.twin.reset();
  ASSERT_OK_AND_ASSIGN(
      const DeviceRecord waiting,
      DecodeDeviceRecord(key, {EncodeDeviceRecord(record), 2}));
  EXPECT_FALSE(waiting.twin.has_value());
  EXPECT_THAT(DecodeDeviceRecord("no end", {bytes, 2}),
              IsError(absl::StatusCode::kDataLoss, kCorrupt));
}

TEST(GraphSettingsTest, HaveTheirBytesAndAreReadBack) {
  GraphSettings settings;
  settings.unindexed_paths = {"/a", "/b/c"};
  const std::string bytes = EncodeGraphSettings(settings);
  EXPECT_EQ(bytes, Encoded(R"({"format": 1, "unindexed": ["/a", "/b/c"]})"));
  ASSERT_OK_AND_ASSIGN(const GraphSettings read, DecodeGraphSettings(bytes));
  EXPECT_EQ(read.unindexed_paths, settings.unindexed_paths);
  EXPECT_EQ(read.build, std::nullopt);
}

TEST(GraphSettingsTest, RememberHowFarAnIndexBuildIs) {
  GraphSettings settings;
  settings.format = 2;
  settings.unindexed_paths = {"/a"};
  settings.unindexed_before = {"/a", "/b"};
  settings.build = IndexBuild{.twin = TwinNumber{7},
                              .edge = {.name = NameNumber{1},
                                       .source = TwinNumber{2},
                                       .target = TwinNumber{3},
                                       .number = RelationshipNumber{4}}};
  const std::string bytes = EncodeGraphSettings(settings);
  EXPECT_EQ(bytes, Encoded(R"({"format": 2, "unindexed": ["/a"],
      "before": ["/a", "/b"], "build": {"twin": 7, "name": 1, "source": 2,
      "target": 3, "number": 4}})"));
  ASSERT_OK_AND_ASSIGN(const GraphSettings read, DecodeGraphSettings(bytes));
  EXPECT_EQ(read.unindexed_before, settings.unindexed_before);
  EXPECT_EQ(read.build, settings.build);
}

}  // namespace
}  // namespace twingraph::graph

#include "storage/graph/graph_store.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/graph/graph_settings.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

using Path = std::vector<std::string>;

absl::Status CreateModel(GraphWriter& writer, const Context& ctx) {
  return writer.CreateModels(ctx, {{.id = "dtmi:A;1", .text = "{}"}}).status();
}

TEST(GraphStoreTest, TakesItsUnindexedPathsWhenItIsMade) {
  TestGraph graph(EngineKind::kRocks, {.unindexed_paths = Path{"/noise"}});
  EXPECT_FALSE(graph->Newest()->IsIndexed(Path{"noise", "deep"}));
  EXPECT_TRUE(graph->Newest()->IsIndexed(Path{"$device", "connection"}));
  graph.options().unindexed_paths = Path{"/other"};
  graph.Reopen();
  EXPECT_FALSE(graph->Newest()->IsIndexed(Path{"noise"}));
  EXPECT_TRUE(graph->Newest()->IsIndexed(Path{"other"}));
}

TEST(GraphStoreTest, LeavesConnectionsAndActivityOutByDefault) {
  TestGraph graph(EngineKind::kMemory);
  EXPECT_FALSE(graph->Newest()->IsIndexed(Path{"$device", "connection"}));
  EXPECT_FALSE(
      graph->Newest()->IsIndexed(Path{"$device", "connection", "state"}));
  EXPECT_FALSE(graph->Newest()->IsIndexed(Path{"$device", "lastActivity"}));
  EXPECT_TRUE(graph->Newest()->IsIndexed(Path{"$device", "state"}));
}

TEST(GraphStoreTest, RefusesAFormatThatItDoesNotKnow) {
  TestGraph graph(EngineKind::kMemory);
  GraphSettings newer;
  newer.format = kGraphFormat + 1;
  ASSERT_OK(graph->commits().RunTransaction(
      graph.ctx(), {}, [&](commit::Transaction& transaction) {
        return transaction.Put(key::kMetaSpace, "graph",
                               EncodeGraphSettings(newer));
      }));
  const auto settings =
      OpenSettings(graph.ctx(), graph->commits(), std::nullopt);
  EXPECT_THAT(settings, IsError(absl::StatusCode::kFailedPrecondition,
                                v1::ERROR_REASON_STORE_FORMAT_TOO_NEW));
  EXPECT_EQ(MetadataOf(settings.status(), "format"), "3");
}

TEST(GraphStoreTest, NewestIsOfTheHeadAndStaysThere) {
  TestGraph graph(EngineKind::kMemory);
  const auto before = graph->Newest();
  ASSERT_OK_AND_ASSIGN(const Revision revision,
                       graph.Write([&](GraphWriter& writer) {
                         return CreateModel(writer, graph.ctx());
                       }));
  EXPECT_EQ(graph->Newest()->revision(), revision);
  EXPECT_EQ(graph->Newest()->head().revision, revision);
  EXPECT_LT(before->revision(), revision);
  EXPECT_THAT(
      before->GetModel(graph.ctx(), "dtmi:A;1"),
      IsError(absl::StatusCode::kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  EXPECT_OK(graph->Newest()->GetModel(graph.ctx(), "dtmi:A;1"));
}

TEST(GraphStoreTest, GivesNoReaderOfTheFuture) {
  TestGraph graph(EngineKind::kMemory);
  EXPECT_THAT(graph->ReaderAt(graph.ctx(), graph->Newest()->revision() + 100),
              IsError(absl::StatusCode::kUnavailable,
                      v1::ERROR_REASON_REVISION_NOT_REACHED));
}

TEST(GraphStoreTest, ScansStopWhenTheCallerDoes) {
  TestGraph graph(EngineKind::kMemory);
  ASSERT_OK(graph.Write(
      [&](GraphWriter& writer) { return CreateModel(writer, graph.ctx()); }));
  Context cancelled;
  cancelled.Cancel();
  EXPECT_THAT(
      graph.Snapshot()->ListTwins(cancelled, "", 10),
      IsError(absl::StatusCode::kCancelled, v1::ERROR_REASON_CALL_ENDED));
}

TEST(GraphStoreTest, RefusesACursorOfAnotherRange) {
  TestGraph graph(EngineKind::kMemory);
  ASSERT_OK(graph.Write([&](GraphWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(CreateModel(writer, graph.ctx()));
    for (const char* id : {"a", "b", "c"}) {
      RETURN_IF_ERROR(
          writer
              .CreateTwin(graph.ctx(), {.id = id,
                                        .model = "dtmi:A;1",
                                        .contents = Json(R"({"n": 1})")})
              .status());
    }
    return absl::OkStatus();
  }));
  const auto reader = graph.Snapshot();
  std::string cursor;
  TwinBatch batch;
  ASSERT_OK(
      reader->ScanProperty(graph.ctx(), {.path = {"n"}}, 2, cursor, batch));
  EXPECT_EQ(batch.twins.size(), 2u);
  ASSERT_FALSE(cursor.empty());
  std::string other = cursor;
  EXPECT_THAT(reader->ScanProperty(
                  graph.ctx(), {.path = {"n"}, .type = OrderedType::kString}, 2,
                  other, batch),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_PAGE_TOKEN));
  ASSERT_OK(
      reader->ScanProperty(graph.ctx(), {.path = {"n"}}, 2, cursor, batch));
  EXPECT_EQ(batch.twins.size(), 1u);
  EXPECT_TRUE(cursor.empty());
}

TEST(GraphStoreTest, SaysWhenLongStringsNeedALook) {
  TestGraph graph(EngineKind::kMemory);
  const std::string stem(128, 's');
  ASSERT_OK(graph.Write([&](GraphWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(CreateModel(writer, graph.ctx()));
    for (const char* id : {"a", "b"}) {
      Value contents = Value::MakeMap();
      contents.Set("n", Value::String(stem + id));
      RETURN_IF_ERROR(
          writer
              .CreateTwin(graph.ctx(),
                          {.id = id, .model = "dtmi:A;1", .contents = contents})
              .status());
    }
    return absl::OkStatus();
  }));
  PropertyRange range = {.path = {"n"}, .type = OrderedType::kString};
  range.lower = {Value::String(stem + "b"), true};
  range.upper = range.lower;
  std::string cursor;
  TwinBatch batch;
  ASSERT_OK(
      graph.Snapshot()->ScanProperty(graph.ctx(), range, 9, cursor, batch));
  EXPECT_FALSE(batch.is_exact);
  EXPECT_EQ(batch.twins.size(), 2u);
}

}  // namespace
}  // namespace twingraph::graph

#include "storage/graph/graph_writer.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/graph/check_graph.h"
#include "tests/storage/graph/open_graph.h"

namespace twingraph::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kNotFound = absl::StatusCode::kNotFound;
constexpr auto kExists = absl::StatusCode::kAlreadyExists;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class GraphWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
      return writer
          .CreateModels(ctx(), {{.id = "dtmi:Room;1", .text = "{}"},
                                {.id = "dtmi:Floor;1", .text = "{}"}})
          .status();
    }));
  }

  const Context& ctx() const { return graph_.ctx(); }

  absl::StatusOr<Revision> CreateTwin(const std::string& id,
                                      absl::string_view contents = "{}") {
    return graph_.Write([&](GraphWriter& writer) {
      return writer
          .CreateTwin(
              ctx(),
              {.id = id, .model = "dtmi:Room;1", .contents = Json(contents)})
          .status();
    });
  }

  absl::StatusOr<Revision> Relate(const std::string& source,
                                  const std::string& id,
                                  const std::string& target,
                                  const std::string& name = "contains",
                                  WriteMode mode = WriteMode::kCreate,
                                  absl::string_view contents = "{}") {
    return graph_.Write([&](GraphWriter& writer) {
      return writer
          .PutRelationship(ctx(),
                           {.source = source,
                            .id = id,
                            .name = name,
                            .target = target,
                            .contents = Json(contents)},
                           mode)
          .status();
    });
  }

  absl::StatusOr<Revision> DeleteTwin(const std::string& id,
                                      DeleteMode mode = DeleteMode::kRefuse) {
    return graph_.Write([&](GraphWriter& writer) {
      return writer.DeleteTwin(ctx(), id, mode);
    });
  }

  // The keys of one space that the commit of `revision` wrote or deleted.
  std::vector<std::string> EffectsOf(Revision revision, kv::SpaceId space) {
    std::vector<std::string> keys;
    EXPECT_OK(graph_->commits().ReadLog(
        ctx(), revision, [&](const commit::GroupView& group) {
          for (const kv::Effect& effect :
               group.record.commits[revision - group.record.first_revision]
                   .effects) {
            if (effect.space == space && effect.op != kv::EffectOp::kTouch) {
              keys.push_back(effect.key);
            }
          }
          return false;
        }));
    return keys;
  }

  void ExpectSound() {
    ASSERT_OK_AND_ASSIGN(const CheckReport report, CheckGraph(ctx(), *graph_));
    EXPECT_EQ(report.problem_count, 0);
    for (const CheckProblem& problem : report.problems) {
      ADD_FAILURE() << problem.space << " " << problem.key_hex << ": "
                    << problem.message;
    }
  }

  TestGraph graph_{EngineKind::kMemory};
};

TEST_F(GraphWriterTest, CreatedTwinIsReadBack) {
  ASSERT_OK_AND_ASSIGN(
      const Revision revision, graph_.Write([&](GraphWriter& writer) {
        return writer
            .CreateTwin(ctx(), {.id = "room1",
                                .model = "dtmi:Room;1",
                                .contents = Json(R"({"t": 21.5})"),
                                .metadata = Json(R"({"u": 1})"),
                                .device = Json(R"({"hub": "h"})")})
            .status();
      }));
  ASSERT_OK_AND_ASSIGN(const TwinRecord twin,
                       graph_->Newest()->GetTwin(ctx(), "room1"));
  EXPECT_EQ(twin.id(), "room1");
  EXPECT_EQ(twin.model_id(), "dtmi:Room;1");
  EXPECT_EQ(twin.revision(), revision);
  EXPECT_EQ(twin.contents().Find("t").as_double(), 21.5);
  EXPECT_EQ(twin.metadata().Find("u").as_int(), 1);
  EXPECT_EQ(twin.device().Find("hub").as_string(), "h");
  EXPECT_EQ(twin.create_time(), graph_.clock().Now());
  EXPECT_EQ(twin.last_update_time(), graph_.clock().Now());
  ExpectSound();
}

TEST_F(GraphWriterTest, UpdateKeepsNumberAndCreateTime) {
  ASSERT_OK(CreateTwin("a", R"({"t": 1})"));
  ASSERT_OK_AND_ASSIGN(const TwinRecord before,
                       graph_->Newest()->GetTwin(ctx(), "a"));
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(const TwinRecord twin,
                     writer.GetTwinForUpdate(ctx(), "a"));
    return writer.UpdateTwin(
        ctx(), twin,
        {.id = "a", .model = "dtmi:Floor;1", .contents = Json(R"({"t": 2})")});
  }));
  ASSERT_OK_AND_ASSIGN(const TwinRecord after,
                       graph_->Newest()->GetTwin(ctx(), "a"));
  EXPECT_EQ(after.number(), before.number());
  EXPECT_EQ(after.create_time(), before.create_time());
  EXPECT_GT(after.last_update_time(), before.last_update_time());
  EXPECT_EQ(after.model_id(), "dtmi:Floor;1");
  EXPECT_EQ(after.contents().Find("t").as_int(), 2);
  ExpectSound();
}

TEST_F(GraphWriterTest, UpdateWritesIndexRowsOfChangedPathsOnly) {
  ASSERT_OK(CreateTwin("a", R"({"a": 1, "b": {"c": 2, "d": 3}, "e": "x"})"));
  ASSERT_OK_AND_ASSIGN(
      const Revision revision,
      graph_.Write([&](GraphWriter& writer) -> absl::Status {
        ASSIGN_OR_RETURN(const TwinRecord twin,
                         writer.GetTwinForUpdate(ctx(), "a"));
        return writer.UpdateTwin(
            ctx(), twin,
            {.id = "a",
             .model = "dtmi:Room;1",
             .contents = Json(R"({"a": 1, "b": {"c": 2, "d": 4}, "e": "x"})")});
      }));
  // One value out, one in; neither model nor counters.
  EXPECT_EQ(EffectsOf(revision, key::kPropertyIndexSpace).size(), 2u);
  EXPECT_THAT(EffectsOf(revision, key::kModelIndexSpace), IsEmpty());
  EXPECT_THAT(EffectsOf(revision, key::kCounterSpace), IsEmpty());
  ExpectSound();
}

// A commit has a limit, and compresses a set far better than its parts.
TEST_F(GraphWriterTest, StoresALargeSetOfModelsInOneCommit) {
  constexpr int kModels = 4'000;
  const auto text = [](int i) {
    std::string contents;
    for (int p = 0; p < 8; ++p) {
      absl::StrAppend(&contents, R"({"@type":"Property","name":"p)", i * 7 + p,
                      R"(","schema":"double","displayName":"Property )",
                      i * 31 + p, R"(","description":"What is measured"},)");
    }
    return contents;
  };
  std::vector<ModelDraft> drafts;
  for (int i = 0; i < kModels; ++i) {
    drafts.push_back({.id = absl::StrCat("dtmi:M", i, ";1"), .text = text(i)});
  }
  std::vector<ModelNumber> numbers;
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
    ASSIGN_OR_RETURN(numbers, writer.CreateModels(ctx(), drafts));
    return absl::OkStatus();
  }));
  ASSERT_OK_AND_ASSIGN(const auto texts,
                       graph_.Snapshot()->GetModelTexts(ctx(), numbers));
  ASSERT_EQ(texts.size(), size_t{kModels});
  for (int i = 0; i < kModels; ++i) {
    ASSERT_EQ(texts[static_cast<size_t>(i)], text(i));
  }
}

TEST_F(GraphWriterTest, RefusesTwinsThatCannotBe) {
  ASSERT_OK(CreateTwin("a"));
  EXPECT_THAT(CreateTwin("a"),
              IsError(kExists, v1::ERROR_REASON_TWIN_ALREADY_EXISTS));
  EXPECT_THAT(graph_.Write([&](GraphWriter& writer) {
    return writer.CreateTwin(ctx(), {.id = "b", .model = "dtmi:Nothing;1"})
        .status();
  }),
              IsError(kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
    return writer.SetDecommissioned(ctx(), "dtmi:Room;1",
                                    /*is_decommissioned=*/true);
  }));
  EXPECT_THAT(CreateTwin("b"),
              IsError(kPrecondition, v1::ERROR_REASON_MODEL_DECOMMISSIONED));
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
    return writer.SetDecommissioned(ctx(), "dtmi:Room;1",
                                    /*is_decommissioned=*/false);
  }));
  ASSERT_OK(CreateTwin("b"));
  EXPECT_THAT(CreateTwin(std::string(1025, 'x')),
              IsError(kInvalid, v1::ERROR_REASON_LIMIT_EXCEEDED));
  EXPECT_THAT(DeleteTwin("nobody"),
              IsError(kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  ExpectSound();
}

TEST_F(GraphWriterTest, RefusesToDeleteATwinWithRelationships) {
  ASSERT_OK(CreateTwin("a"));
  ASSERT_OK(CreateTwin("b"));
  ASSERT_OK(Relate("a", "r1", "b"));
  ASSERT_OK(Relate("a", "r2", "b"));
  ASSERT_OK(Relate("b", "r1", "a"));
  const auto status = DeleteTwin("a").status();
  EXPECT_THAT(status,
              IsError(kPrecondition, v1::ERROR_REASON_TWIN_HAS_RELATIONSHIPS));
  EXPECT_EQ(MetadataOf(status, "outgoing"), "2");
  EXPECT_EQ(MetadataOf(status, "incoming"), "1");
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(writer.DeleteRelationship(ctx(), "a", "r1"));
    RETURN_IF_ERROR(writer.DeleteRelationship(ctx(), "a", "r2"));
    RETURN_IF_ERROR(writer.DeleteRelationship(ctx(), "b", "r1"));
    return writer.DeleteTwin(ctx(), "a");
  }));
  EXPECT_THAT(graph_->Newest()->GetTwin(ctx(), "a"),
              IsError(kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  ExpectSound();
}

TEST_F(GraphWriterTest, CascadeDeletesRelationshipsOfBothDirectionsAndLoops) {
  ASSERT_OK(CreateTwin("a"));
  ASSERT_OK(CreateTwin("b"));
  ASSERT_OK(Relate("a", "out", "b"));
  ASSERT_OK(Relate("b", "in", "a"));
  ASSERT_OK(Relate("a", "loop", "a"));
  ASSERT_OK(Relate("b", "other", "b"));
  ASSERT_OK(DeleteTwin("a", DeleteMode::kCascade));
  const auto reader = graph_.Snapshot();
  EXPECT_THAT(reader->CountRelationships(ctx()),
              testing::Property(&absl::StatusOr<int64_t>::value, 1));
  EXPECT_THAT(reader->FindRelationship(ctx(), "b", "other"), IsOk());
  ExpectSound();
}

TEST_F(GraphWriterTest, ATwinMadeAgainIsAnotherOne) {
  ASSERT_OK_AND_ASSIGN(const Revision first, CreateTwin("a", R"({"t": 1})"));
  ASSERT_OK_AND_ASSIGN(const TwinRecord before,
                       graph_->Newest()->GetTwin(ctx(), "a"));
  ASSERT_OK_AND_ASSIGN(const Revision gone, DeleteTwin("a"));
  ASSERT_OK(CreateTwin("a", R"({"t": 2})"));
  ASSERT_OK_AND_ASSIGN(const TwinRecord after,
                       graph_->Newest()->GetTwin(ctx(), "a"));
  EXPECT_NE(before.number(), after.number());
  ASSERT_OK_AND_ASSIGN(const TwinRecord old,
                       graph_.At(first)->GetTwin(ctx(), "a"));
  EXPECT_EQ(old.number(), before.number());
  EXPECT_EQ(old.contents().Find("t").as_int(), 1);
  EXPECT_THAT(graph_.At(gone)->GetTwin(ctx(), "a"),
              IsError(kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  ExpectSound();
}

TEST_F(GraphWriterTest, RelationshipIsCreatedReplacedAndRefused) {
  ASSERT_OK(CreateTwin("a"));
  ASSERT_OK(CreateTwin("b"));
  ASSERT_OK(
      Relate("a", "r", "b", "contains", WriteMode::kCreate, R"({"w": 1})"));
  EXPECT_THAT(Relate("a", "r", "b"),
              IsError(kExists, v1::ERROR_REASON_RELATIONSHIP_ALREADY_EXISTS));
  EXPECT_THAT(Relate("nobody", "r", "b"),
              IsError(kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  EXPECT_THAT(Relate("a", "r2", "nobody"),
              IsError(kNotFound, v1::ERROR_REASON_TARGET_TWIN_NOT_FOUND));
  ASSERT_OK_AND_ASSIGN(const RelationshipRecord first,
                       graph_->Newest()->GetRelationship(ctx(), "a", "r"));
  ASSERT_OK(Relate("a", "r", "b", "contains", WriteMode::kPut, R"({"w": 2})"));
  ASSERT_OK_AND_ASSIGN(const RelationshipRecord second,
                       graph_->Newest()->GetRelationship(ctx(), "a", "r"));
  EXPECT_EQ(second.edge(), first.edge());
  EXPECT_EQ(second.contents().Find("w").as_int(), 2);
  ASSERT_OK(Relate("a", "r", "a", "feeds", WriteMode::kPut));
  ASSERT_OK_AND_ASSIGN(const RelationshipRecord third,
                       graph_->Newest()->GetRelationship(ctx(), "a", "r"));
  EXPECT_NE(third.edge().number, first.edge().number);
  EXPECT_EQ(third.name(), "feeds");
  EXPECT_EQ(third.target_id(), "a");
  EXPECT_THAT(graph_->Newest()->GetRelationship(ctx(), "a", "none"),
              IsError(kNotFound, v1::ERROR_REASON_RELATIONSHIP_NOT_FOUND));
  EXPECT_THAT(graph_->Newest()->GetRelationship(ctx(), "none", "r"),
              IsError(kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  ExpectSound();
}

TEST_F(GraphWriterTest, ATransactionReadsItsOwnWrites) {
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(
        writer.CreateModels(ctx(), {{.id = "dtmi:New;1", .text = "{}"}})
            .status());
    RETURN_IF_ERROR(writer
                        .CreateTwin(ctx(), {.id = "a",
                                            .model = "dtmi:New;1",
                                            .contents = Json(R"({"new": 5})")})
                        .status());
    RETURN_IF_ERROR(
        writer
            .PutRelationship(
                ctx(),
                {.source = "a", .id = "r", .name = "newName", .target = "a"},
                WriteMode::kCreate)
            .status());
    const GraphReader& reader = writer.reader();
    ASSIGN_OR_RETURN(const TwinRecord twin, reader.GetTwin(ctx(), "a"));
    EXPECT_EQ(twin.model_id(), "dtmi:New;1");
    EXPECT_EQ(twin.revision(), 0u);
    ASSIGN_OR_RETURN(const auto twins,
                     reader.ScanTwinsOfModel(ctx(), twin.model(), {}, 10));
    EXPECT_THAT(twins, ElementsAre(twin.number()));
    std::string cursor;
    TwinBatch batch;
    RETURN_IF_ERROR(
        reader.ScanProperty(ctx(), {.path = {"new"}}, 10, cursor, batch));
    EXPECT_THAT(batch.twins, ElementsAre(twin.number()));
    ASSIGN_OR_RETURN(const auto outgoing,
                     reader.ListOutgoing(ctx(), twin.number(), "newName",
                                         /*after=*/"", 10));
    EXPECT_EQ(outgoing.size(), 1u);
    EXPECT_EQ(outgoing[0].name(), "newName");
    RETURN_IF_ERROR(writer.DeleteTwin(ctx(), "a", DeleteMode::kCascade));
    EXPECT_THAT(
        reader.FindTwin(ctx(), "a"),
        testing::Property(&absl::StatusOr<std::optional<TwinRecord>>::value,
                          testing::Eq(std::nullopt)));
    return absl::OkStatus();
  }));
  ExpectSound();
}

TEST_F(GraphWriterTest, ModelsOfOneBatchMayNeedEachOtherInAnyOrder) {
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
    return writer
        .CreateModels(
            ctx(),
            {{.id = "dtmi:A;1", .text = "a", .dependencies = {"dtmi:B;1"}},
             {.id = "dtmi:B;1",
              .text = "b",
              .dependencies = {"dtmi:Room;1", "dtmi:B;1"}}})
        .status();
  }));
  const auto reader = graph_.Snapshot();
  ASSERT_OK_AND_ASSIGN(const ModelRecord b,
                       reader->GetModel(ctx(), "dtmi:B;1"));
  EXPECT_THAT(b.dependencies, ElementsAre("dtmi:Room;1", "dtmi:B;1"));
  EXPECT_EQ(b.upload_time, graph_.clock().Now());
  ASSERT_OK_AND_ASSIGN(
      const auto texts,
      reader->GetModelTexts(
          ctx(), {reader->FindModelNumber("dtmi:A;1"), ModelNumber{999}}));
  EXPECT_THAT(texts, ElementsAre("a", ""));
  ASSERT_OK_AND_ASSIGN(const auto page,
                       reader->ListModels(ctx(), "dtmi:A;1", 2));
  ASSERT_EQ(page.size(), 2u);
  EXPECT_EQ(page[0].id, "dtmi:B;1");
  EXPECT_EQ(page[1].id, "dtmi:Floor;1");
  ExpectSound();
}

TEST_F(GraphWriterTest, RefusesModelsThatCannotBe) {
  const auto create = [&](ModelDraft draft) {
    return graph_.Write([&](GraphWriter& writer) {
      return writer.CreateModels(ctx(), {draft}).status();
    });
  };
  EXPECT_THAT(create({.id = "dtmi:Room;1", .text = "{}"}),
              IsError(kExists, v1::ERROR_REASON_MODEL_ALREADY_EXISTS));
  EXPECT_THAT(
      create(
          {.id = "dtmi:C;1", .text = "{}", .dependencies = {"dtmi:Nothing;1"}}),
      IsError(kInvalid, v1::ERROR_REASON_MODEL_DEPENDENCY_MISSING));
  EXPECT_THAT(graph_.Snapshot()->GetModel(ctx(), "dtmi:C;1"),
              IsError(kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  ExpectSound();
}

TEST_F(GraphWriterTest, AModelInUseStays) {
  const auto remove = [&](const std::string& id) {
    return graph_.Write(
        [&](GraphWriter& writer) { return writer.DeleteModel(ctx(), id); });
  };
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
    return writer
        .CreateModels(ctx(), {{.id = "dtmi:Office;1",
                               .text = "{}",
                               .dependencies = {"dtmi:Room;1"}}})
        .status();
  }));
  ASSERT_OK(CreateTwin("a"));
  const auto by_model = remove("dtmi:Room;1").status();
  EXPECT_THAT(by_model, IsError(kPrecondition, v1::ERROR_REASON_MODEL_IN_USE));
  EXPECT_EQ(MetadataOf(by_model, "referrers"), "dtmi:Office;1");
  ASSERT_OK(remove("dtmi:Office;1"));
  const auto by_twin = remove("dtmi:Room;1").status();
  EXPECT_THAT(by_twin, IsError(kPrecondition, v1::ERROR_REASON_MODEL_IN_USE));
  EXPECT_EQ(MetadataOf(by_twin, "count"), "1");
  ASSERT_OK(DeleteTwin("a"));
  const ModelNumber number = graph_.Snapshot()->FindModelNumber("dtmi:Room;1");
  ASSERT_OK(remove("dtmi:Room;1"));
  EXPECT_THAT(remove("dtmi:Room;1"),
              IsError(kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  ExpectSound();
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
    return writer.CreateModels(ctx(), {{.id = "dtmi:Room;1", .text = "{}"}})
        .status();
  }));
  EXPECT_EQ(graph_.Snapshot()->FindModelNumber("dtmi:Room;1"), number);
}

TEST_F(GraphWriterTest, AHubKeepsItsDefaultModel) {
  const auto attach = [&](const char* hub, const char* model) {
    return graph_.Write([&](GraphWriter& writer) {
      return writer.PutHub(ctx(), {.id = hub, .default_model = model},
                           WriteMode::kCreate);
    });
  };
  const auto remove = [&] {
    return graph_.Write([&](GraphWriter& writer) {
      return writer.DeleteModel(ctx(), "dtmi:Sensor;1");
    });
  };
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
    return writer.CreateModels(ctx(), {{.id = "dtmi:Sensor;1", .text = "{}"}})
        .status();
  }));
  EXPECT_THAT(attach("h1", "dtmi:None;1"),
              IsError(kNotFound, v1::ERROR_REASON_MODEL_NOT_FOUND));
  ASSERT_OK(attach("h1", "dtmi:Sensor;1"));
  ASSERT_OK(attach("h2", "dtmi:Sensor;1"));
  const auto refused = remove();
  EXPECT_THAT(refused, IsError(kPrecondition, v1::ERROR_REASON_MODEL_IN_USE));
  EXPECT_EQ(MetadataOf(refused.status(), "what"), "hubs");
  EXPECT_EQ(MetadataOf(refused.status(), "referrers"), "h1,h2");
  EXPECT_EQ(MetadataOf(refused.status(), "count"), "2");
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(writer.DeleteHub(ctx(), "h1"));
    return writer.DeleteHub(ctx(), "h2");
  }));
  ASSERT_OK(remove());
}

TEST_F(GraphWriterTest, HubsAndDevicesAreKeptAndCounted) {
  const HubRecord hub = {.id = "h1", .kind = "grpc", .display_name = "Hub"};
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) {
    return writer.PutHub(ctx(), hub, WriteMode::kCreate);
  }));
  EXPECT_THAT(graph_.Write([&](GraphWriter& writer) {
    return writer.PutHub(ctx(), hub, WriteMode::kCreate);
  }),
              IsError(kExists, v1::ERROR_REASON_HUB_ALREADY_EXISTS));
  EXPECT_THAT(graph_.Write([&](GraphWriter& writer) {
    return writer.PutDevice(ctx(), {.hub = "none", .path = {"d"}});
  }),
              IsError(kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
  ASSERT_OK(graph_.Write([&](GraphWriter& writer) -> absl::Status {
    for (const char* device : {"d2", "d1", "d3"}) {
      RETURN_IF_ERROR(writer.PutDevice(
          ctx(), {.hub = "h1", .path = {"gateway", device}, .state = 1}));
    }
    RETURN_IF_ERROR(writer.PutDevice(
        ctx(), {.hub = "h1", .path = {"gateway", "d3"}, .state = 2}));
    return writer.PutHubProgress(ctx(), "h1",
                                 {.cursor = "c1", .has_snapshot = true});
  }));
  const auto reader = graph_.Snapshot();
  ASSERT_OK_AND_ASSIGN(
      const auto devices,
      reader->ListDevices(ctx(), "h1",
                          std::vector<std::string>{"gateway", "d1"}, 10));
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_THAT(devices[0].path, ElementsAre("gateway", "d2"));
  ASSERT_OK_AND_ASSIGN(const HubProgress progress,
                       reader->GetHubProgress(ctx(), "h1"));
  EXPECT_EQ(progress.cursor, "c1");
  ASSERT_OK_AND_ASSIGN(const int64_t attached,
                       reader->CountDevices(ctx(), "h1", 1));
  EXPECT_EQ(attached, 2);
  ASSERT_OK_AND_ASSIGN(const int64_t detached,
                       reader->CountDevices(ctx(), "h1", 2));
  EXPECT_EQ(detached, 1);
  ExpectSound();

  ASSERT_OK(graph_.Write(
      [&](GraphWriter& writer) { return writer.DeleteHub(ctx(), "h1"); }));
  ASSERT_OK_AND_ASSIGN(const auto none, graph_.Snapshot()->ListDevices(
                                            ctx(), "h1", {}, /*limit=*/10));
  EXPECT_THAT(none, IsEmpty());
  EXPECT_THAT(graph_.Snapshot()->GetHub(ctx(), "h1"),
              IsError(kNotFound, v1::ERROR_REASON_HUB_NOT_FOUND));
  ExpectSound();
}

}  // namespace
}  // namespace twingraph::graph

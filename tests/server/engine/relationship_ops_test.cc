#include "server/engine/relationship_ops.h"

#include <string>
#include <thread>
#include <vector>

#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

using absl::StatusCode;

class RelationshipOpsTest : public EngineTest {
 protected:
  RelationshipOpsTest() {
    Create("f1", "dtmi:demo:Floor;1");
    CreateRoom("r1");
    CreateSensor("s1");
    Create("p1", "dtmi:demo:Person;1");
  }

  std::vector<std::string> Outgoing(const std::string& source,
                                    const std::string& name, int size = 2) {
    return Ids(
        [&](const PageRequest& page, const ReadOptions& read) {
          return engine_->relationships().ListOutgoing(ctx_, source, name, page,
                                                       read);
        },
        size);
  }

  std::vector<std::string> Incoming(const std::string& target,
                                    const std::string& name, int size = 2) {
    return Ids(
        [&](const PageRequest& page, const ReadOptions& read) {
          return engine_->relationships().ListIncoming(ctx_, target, name, page,
                                                       read);
        },
        size);
  }

 private:
  // "source/id" of all pages.
  template <typename List>
  std::vector<std::string> Ids(const List& list, int size) {
    std::vector<std::string> ids;
    for (const auto& relationships : ReadPages(list, size)) {
      for (const Relationship& each : relationships) {
        ids.push_back(each.source + "/" + each.id);
      }
    }
    return ids;
  }
};

TEST_F(RelationshipOpsTest, GivesBackWhatItWasGiven) {
  ASSERT_OK_AND_ASSIGN(const auto made, TryRelate("r1", "d1", "hasDevice", "s1",
                                                  R"({"since":2020.0})"));
  ASSERT_OK_AND_ASSIGN(const auto read,
                       engine_->relationships().Get(ctx_, "r1", "d1", {}));
  EXPECT_EQ(read.value.source, "r1");
  EXPECT_EQ(read.value.id, "d1");
  EXPECT_EQ(read.value.name, "hasDevice");
  EXPECT_EQ(read.value.target, "s1");
  EXPECT_EQ(JsonOf(read.value.properties), R"({"since":2020})");
  EXPECT_EQ(read.value.etag, made.value.etag);
}

TEST_F(RelationshipOpsTest, AnInheritedNameAndASubtypeAreAllowed) {
  EXPECT_OK(TryRelate("f1", "c1", "contains", "r1"));
  EXPECT_OK(TryRelate("r1", "n1", "near", "s1"));  // No target is declared.
  EXPECT_OK(TryRelate("r1", "n2", "near", "r1"));  // A twin may be near itself.
  EXPECT_OK(TryRelate("f1", "c2", "contains", "r1"));  // Parallel.
}

struct Refused {
  const char* name;
  const char* source;
  const char* relationship;
  const char* target;
  StatusCode code;
  v1::ErrorReason reason;
};

class RefusedTest : public RelationshipOpsTest,
                    public testing::WithParamInterface<Refused> {};

TEST_P(RefusedTest, SaysWhy) {
  const auto made = TryRelate(GetParam().source, "x", GetParam().relationship,
                              GetParam().target);
  EXPECT_THAT(made, IsError(GetParam().code, GetParam().reason));
  if (GetParam().reason == v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED) {
    EXPECT_EQ(MetadataOf(made.status(), "twin"), GetParam().source);
    EXPECT_EQ(MetadataOf(made.status(), "relationship"), "x");
  }
  EXPECT_FALSE(
      engine_->relationships().Get(ctx_, GetParam().source, "x", {}).ok());
}

INSTANTIATE_TEST_SUITE_P(
    Cases, RefusedTest,
    testing::Values(
        Refused{"NoSource", "nobody", "near", "r1", StatusCode::kNotFound,
                v1::ERROR_REASON_TWIN_NOT_FOUND},
        Refused{"NoTarget", "r1", "near", "nobody", StatusCode::kNotFound,
                v1::ERROR_REASON_TARGET_TWIN_NOT_FOUND},
        Refused{"UnknownName", "r1", "likes", "s1",
                StatusCode::kInvalidArgument,
                v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED},
        Refused{"NotOfThisModel", "f1", "hasDevice", "s1",
                StatusCode::kInvalidArgument,
                v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED},
        Refused{"NoRelationship", "r1", "temperature", "s1",
                StatusCode::kInvalidArgument,
                v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED},
        Refused{"WrongTarget", "r1", "contains", "s1",
                StatusCode::kInvalidArgument,
                v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED},
        Refused{"NoName", "r1", "", "s1", StatusCode::kInvalidArgument,
                v1::ERROR_REASON_INVALID_FIELD},
        Refused{"BadTargetId", "r1", "near", "a b",
                StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD}),
    [](const auto& param) { return param.param.name; });

TEST_F(RelationshipOpsTest, WrongPropertiesAreViolations) {
  const auto made = TryRelate("r1", "d1", "hasDevice", "s1",
                              R"({"since":"long ago","colour":"red"})");
  EXPECT_THAT(made, IsError(StatusCode::kInvalidArgument,
                            v1::ERROR_REASON_CONTENT_INVALID));
  EXPECT_EQ(MetadataOf(made.status(), "violations"), "2");
}

TEST_F(RelationshipOpsTest, PropertiesThatDoNotConformAreKeptOnRequest) {
  RelationshipInput input{.id = "d1",
                          .source = "r1",
                          .name = "hasDevice",
                          .target = "s1",
                          .allow_nonconforming = true};
  input.properties = *ParseJsonValue(R"({"since":"2020","Other":1})");
  ASSERT_OK_AND_ASSIGN(const auto made,
                       Wait(engine_->relationships().Create(ctx_, input, {})));
  EXPECT_EQ(JsonOf(made.value.properties), R"({"Other":1,"since":"2020"})");
  // Name and target are always checked.
  input.id = "d2";
  input.target = "f1";
  EXPECT_THAT(Wait(engine_->relationships().Create(ctx_, input, {})),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED));
}

TEST_F(RelationshipOpsTest, AnIdIsGivenOncePerSource) {
  ASSERT_OK(TryRelate("r1", "x", "hasDevice", "s1"));
  EXPECT_THAT(TryRelate("r1", "x", "near", "f1"),
              IsError(StatusCode::kAlreadyExists,
                      v1::ERROR_REASON_RELATIONSHIP_ALREADY_EXISTS));
  EXPECT_OK(TryRelate("f1", "x", "contains", "r1"));
}

TEST_F(RelationshipOpsTest, KeepsTheMaximumMultiplicity) {
  Create("p2", "dtmi:demo:Person;1");
  ASSERT_OK(TryRelate("r1", "h1", "hasHead", "p1"));
  const auto second = TryRelate("r1", "h2", "hasHead", "p2");
  EXPECT_THAT(second, IsError(StatusCode::kInvalidArgument,
                              v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED));
  EXPECT_EQ(MetadataOf(second.status(), "limit"), "1");
  ASSERT_OK(Wait(engine_->relationships().Delete(ctx_, "r1", "h1", {})));
  EXPECT_OK(TryRelate("r1", "h2", "hasHead", "p2"));
}

TEST_F(RelationshipOpsTest, KeepsTheMaximumAmongConcurrentWriters) {
  for (int round = 0; round < 20; ++round) {
    const std::string room = "room" + std::to_string(round);
    CreateRoom(room);
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i) {
      writers.emplace_back([&, i] {
        const auto made =
            TryRelate(room, "h" + std::to_string(i), "hasHead", "p1");
        EXPECT_TRUE(made.ok() || ReasonOf(made.status()) ==
                                     v1::ERROR_REASON_RELATIONSHIP_NOT_ALLOWED)
            << made.status();
      });
    }
    for (std::thread& writer : writers) {
      writer.join();
    }
    EXPECT_EQ(Outgoing(room, "hasHead").size(), 1U);
  }
}

TEST_F(RelationshipOpsTest, DeletesWithItsEtagOnly) {
  ASSERT_OK(TryRelate("r1", "x", "hasDevice", "s1"));
  EXPECT_THAT(Wait(engine_->relationships().Delete(
                  ctx_, "r1", "x", {.expected_etag = "W/\"0-0\""})),
              IsError(StatusCode::kAborted, v1::ERROR_REASON_ETAG_MISMATCH));
  EXPECT_OK(Wait(engine_->relationships().Delete(ctx_, "r1", "x", {})));
  EXPECT_THAT(
      Wait(engine_->relationships().Delete(ctx_, "r1", "x", {})),
      IsError(StatusCode::kNotFound, v1::ERROR_REASON_RELATIONSHIP_NOT_FOUND));
  EXPECT_THAT(engine_->relationships().Get(ctx_, "nobody", "x", {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
}

TEST_F(RelationshipOpsTest, ListsBothDirectionsInPages) {
  for (const char* id : {"e", "b", "d", "a", "c"}) {
    ASSERT_OK(TryRelate("r1", id, "near", "f1"));
  }
  ASSERT_OK(TryRelate("r1", "z", "hasDevice", "s1"));
  EXPECT_THAT(Outgoing("r1", ""), testing::ElementsAre("r1/a", "r1/b", "r1/c",
                                                       "r1/d", "r1/e", "r1/z"));
  EXPECT_THAT(Outgoing("r1", "hasDevice"), testing::ElementsAre("r1/z"));
  EXPECT_THAT(Outgoing("r1", "unknown"), testing::IsEmpty());
  EXPECT_THAT(Incoming("f1", ""), testing::UnorderedElementsAre(
                                      "r1/a", "r1/b", "r1/c", "r1/d", "r1/e"));
  EXPECT_THAT(Incoming("s1", "near"), testing::IsEmpty());
  EXPECT_THAT(engine_->relationships().ListIncoming(ctx_, "nobody", "", {}, {}),
              IsError(StatusCode::kNotFound, v1::ERROR_REASON_TWIN_NOT_FOUND));
  EXPECT_THAT(engine_->relationships().ListIncoming(
                  ctx_, "f1", "", {.size = 2, .position = "x"}, {}),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_PAGE_TOKEN));
}

}  // namespace
}  // namespace twingraph::engine

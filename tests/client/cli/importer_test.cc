// How rows are written and failures counted, against a server that refuses
// some. Against the real one: tests/e2e/cli_test.cc.

#include "client/cli/importer.h"

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "proto/cc/status.h"
#include "storage/base/mutex.h"
#include "tests/client/fake_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "twingraph/v1/twin.grpc.pb.h"

namespace twingraph::cli {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

// Keeps ids; refuses ids that begin with "bad", "full" or "away", and "odd"
// where all must conform; those that begin with "doubt" after a first attempt
// that may have been carried out.
class FakeTwins final : public v1::TwinService::Service {
 public:
  grpc::Status CreateTwin(grpc::ServerContext*,
                          const v1::CreateTwinRequest* request,
                          v1::CreateTwinResponse*) override {
    const std::string& id = request->twin().id();
    if (absl::StartsWith(id, "away")) {
      return ToGrpcStatus(absl::UnavailableError("away"));
    }
    if (absl::StartsWith(id, "doubt")) {
      return ToGrpcStatus(IsFirst(id) ? InDoubt() : Full());
    }
    if (absl::StartsWith(id, "full")) {
      return ToGrpcStatus(Full());
    }
    if (absl::StartsWith(id, "odd") && !request->allow_nonconforming()) {
      return ToGrpcStatus(
          InvalidFields(v1::ERROR_REASON_CONTENT_INVALID, {{"a", "odd"}}));
    }
    if (absl::StartsWith(id, "bad")) {
      return ToGrpcStatus(InvalidField("twin.id", "bad"));
    }
    MutexLock lock(mutex_);
    if (!twins_.insert(id).second) {
      return ToGrpcStatus(AlreadyExists(v1::ERROR_REASON_TWIN_ALREADY_EXISTS,
                                        "a twin with this id exists"));
    }
    return grpc::Status::OK;
  }

  grpc::Status ReplaceTwin(grpc::ServerContext*,
                           const v1::ReplaceTwinRequest* request,
                           v1::ReplaceTwinResponse*) override {
    MutexLock lock(mutex_);
    replaced_.insert(request->twin().id());
    return grpc::Status::OK;
  }

  grpc::Status CreateRelationship(grpc::ServerContext*,
                                  const v1::CreateRelationshipRequest* request,
                                  v1::CreateRelationshipResponse*) override {
    const v1::Relationship& edge = request->relationship();
    MutexLock lock(mutex_);
    if (!twins_.contains(edge.source_id())) {
      return ToGrpcStatus(
          NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND, "no such twin"));
    }
    edges_.insert(absl::StrCat(edge.source_id(), "/", edge.id()));
    return grpc::Status::OK;
  }

  std::set<std::string> twins() const {
    MutexLock lock(mutex_);
    return twins_;
  }

  std::set<std::string> replaced() const {
    MutexLock lock(mutex_);
    return replaced_;
  }

  std::set<std::string> edges() const {
    MutexLock lock(mutex_);
    return edges_;
  }

 private:
  static absl::Status InDoubt() {
    return MakeError(absl::StatusCode::kUnknown,
                     v1::ERROR_REASON_OUTCOME_UNKNOWN, "in doubt");
  }

  static absl::Status Full() {
    return MakeError(absl::StatusCode::kResourceExhausted,
                     v1::ERROR_REASON_STORE_FULL, "the disk is full");
  }

  bool IsFirst(const std::string& id) {
    MutexLock lock(mutex_);
    return tried_.insert(id).second;
  }

  mutable Mutex mutex_;
  std::set<std::string> tried_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> twins_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> replaced_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> edges_ ABSL_GUARDED_BY(mutex_);
};

std::string TwinLine(const std::string& id) {
  return absl::StrCat("{\"$dtId\":\"", id,
                      "\",\"$metadata\":{\"$model\":\"dtmi:a;1\"}}\n");
}

std::string EdgeLine(const std::string& source, const std::string& target) {
  return absl::StrCat("{\"$dtId\":\"", source, "\",\"$relationshipId\":\"to-",
                      target, "\",\"$targetId\":\"", target,
                      "\",\"$relationshipName\":\"has\"}\n");
}

const char* Words(RowFate fate) {
  switch (fate) {
    case RowFate::kFailed:
      return "";
    case RowFate::kUnknown:
      return " perhaps";
    case RowFate::kStored:
      return " stored";
  }
  return "";
}

class ImporterTest : public testing::Test {
 protected:
  absl::StatusOr<ImportProgress> Import(const std::string& text,
                                        IfExists if_exists = IfExists::kFail,
                                        bool is_strict = false) {
    const std::string path = dir_.path() + "/graph.ndjson";
    std::ofstream(path) << text;
    ImportHandlers handlers;
    handlers.on_reported_row = [this](const ReportedRow& row) {
      failed_.emplace(row.line, absl::StrCat(row.id, Words(row.fate)));
    };
    handlers.on_progress = [this](const ImportProgress& progress) {
      last_ = progress;
    };
    return ImportFile(
        connection_, path,
        {.if_exists = if_exists, .is_strict = is_strict, .parallel_calls = 4},
        handlers);
  }

  const TempDir dir_;
  FakeTwins service_;
  client::FakeServer server_{service_};
  client::Connection connection_{server_.options()};
  std::map<int, std::string> failed_;
  ImportProgress last_;
};

constexpr char kTwins[] = "{\"Section\":\"Twins\"}\n";
constexpr char kEdges[] = "{\"Section\":\"Relationships\"}\n";

TEST_F(ImporterTest, WritesTwinsBeforeRelationships) {
  std::string text = kTwins;
  std::string edges = kEdges;
  for (int i = 0; i < 200; ++i) {
    text += TwinLine(absl::StrCat("t", i));
    edges += EdgeLine(absl::StrCat("t", i), absl::StrCat("t", 199 - i));
  }
  ASSERT_OK_AND_ASSIGN(const ImportProgress progress, Import(text + edges));
  EXPECT_EQ(progress.twins, 200);
  EXPECT_EQ(progress.relationships, 200);
  EXPECT_EQ(progress.failed, 0);
  EXPECT_EQ(service_.twins().size(), 200U);
  EXPECT_EQ(service_.edges().size(), 200U);
  EXPECT_EQ(last_.relationships, 200);
}

TEST_F(ImporterTest, AFailedRowDoesNotStopTheOthers) {
  ASSERT_OK_AND_ASSIGN(
      const ImportProgress progress,
      Import(absl::StrCat(kTwins, TwinLine("a"), TwinLine("bad1"),
                          "{not json}\n", TwinLine("b"), kEdges,
                          EdgeLine("a", "b"), EdgeLine("gone", "b"))));
  EXPECT_EQ(progress.twins, 2);
  EXPECT_EQ(progress.relationships, 1);
  EXPECT_EQ(progress.failed, 3);
  EXPECT_THAT(failed_, UnorderedElementsAre(testing::Pair(3, "bad1"),
                                            testing::Pair(4, ""),
                                            testing::Pair(8, "gone/to-b")));
}

TEST_F(ImporterTest, WhatExistsFailsIsSkippedOrReplaced) {
  const std::string text = absl::StrCat(kTwins, TwinLine("a"));
  ASSERT_OK(Import(text));
  ASSERT_OK_AND_ASSIGN(ImportProgress progress, Import(text));
  EXPECT_EQ(progress.failed, 1);
  ASSERT_OK_AND_ASSIGN(progress, Import(text, IfExists::kSkip));
  EXPECT_EQ(progress.skipped, 1);
  EXPECT_EQ(progress.failed, 0);
  EXPECT_TRUE(service_.replaced().empty());
  ASSERT_OK_AND_ASSIGN(progress, Import(text, IfExists::kReplace));
  EXPECT_EQ(progress.twins, 1);
  EXPECT_THAT(service_.replaced(), ElementsAre("a"));
}

TEST_F(ImporterTest, WhatDoesNotConformIsReportedAndStored) {
  const std::string text = absl::StrCat(kTwins, TwinLine("odd"));
  ASSERT_OK_AND_ASSIGN(ImportProgress progress,
                       Import(text, IfExists::kFail, /*is_strict=*/true));
  EXPECT_EQ(progress.failed, 1);
  EXPECT_EQ(progress.nonconforming, 0);
  failed_.clear();
  ASSERT_OK_AND_ASSIGN(progress, Import(text));
  EXPECT_EQ(progress.failed, 0);
  EXPECT_EQ(progress.nonconforming, 1);
  EXPECT_EQ(progress.twins, 1);
  EXPECT_THAT(failed_, ElementsAre(testing::Pair(2, "odd stored")));
  EXPECT_THAT(service_.twins(), ElementsAre("odd"));
}

TEST_F(ImporterTest, EndsWhenTheServerIsGone) {
  std::string text = kTwins;
  for (int i = 0; i < 1000; ++i) {
    text += TwinLine(absl::StrCat("away", i));
  }
  EXPECT_EQ(Import(text).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_LT(failed_.size(), 20U);
  // The service had them all and said nothing of what it did.
  EXPECT_EQ(last_.failed, 0);
  EXPECT_EQ(last_.unknown, static_cast<int64_t>(failed_.size()));
}

TEST_F(ImporterTest, RowsThatAreInDoubtAreCountedApart) {
  ASSERT_OK_AND_ASSIGN(
      const ImportProgress progress,
      Import(absl::StrCat(kTwins, TwinLine("a"), TwinLine("doubt1"),
                          TwinLine("full"), TwinLine("doubt2"))));
  EXPECT_EQ(progress.twins, 1);
  EXPECT_EQ(progress.failed, 1);
  EXPECT_EQ(progress.unknown, 2);
  EXPECT_THAT(failed_,
              UnorderedElementsAre(testing::Pair(3, "doubt1 perhaps"),
                                   testing::Pair(4, "full"),
                                   testing::Pair(5, "doubt2 perhaps")));
}

TEST_F(ImporterTest, ABrokenFileEndsTheImport) {
  EXPECT_THAT(Import("{\"digitalTwins\":[{\"a\":1}"),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

}  // namespace
}  // namespace twingraph::cli

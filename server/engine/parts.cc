// Covered by tests/server/engine/twin_ops_test.cc.
#include "server/engine/parts.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/commit/token.h"

namespace twingraph::engine {
namespace {

// Ends a transaction that was run for its errors only. Never leaves Write.
absl::Status NothingToStore() {
  return absl::Status(absl::StatusCode::kUnknown, "validated");
}

}  // namespace

std::string Parts::TokenOf(graph::Revision revision) const {
  return commit::FormatToken(incarnation, revision);
}

std::string Parts::EtagOf(graph::Revision revision) const {
  return absl::StrCat("W/\"", absl::Hex(incarnation.epoch), "-", revision,
                      "\"");
}

absl::StatusOr<std::optional<graph::Revision>> Parts::RevisionOf(
    const Context& ctx, const ReadOptions& options) const {
  if (!options.exactly_at.empty()) {
    ASSIGN_OR_RETURN(
        const graph::Revision revision,
        commit::ParseToken(incarnation, options.exactly_at, "exactly_at"));
    return revision;
  }
  if (options.as_of.has_value()) {
    const absl::Time present =
        std::max(clock->Now(), graph->commits().head()->time);
    if (*options.as_of > present) {
      return InvalidField("read.as_of",
                          absl::StrCat("a time up to the present, which is ",
                                       commit::FormatCommitTime(present)));
    }
    ASSIGN_OR_RETURN(const graph::Revision revision,
                     graph->commits().RevisionAt(ctx, *options.as_of));
    return revision;
  }
  if (!options.at_least_as_fresh.empty()) {
    ASSIGN_OR_RETURN(const graph::Revision revision,
                     commit::ParseToken(incarnation, options.at_least_as_fresh,
                                        "at_least_as_fresh"));
    RETURN_IF_ERROR(graph->commits().WaitApplied(ctx, revision));
  }
  return std::nullopt;
}

absl::StatusOr<std::unique_ptr<graph::GraphReader>> Parts::PointReader(
    const Context& ctx, const ReadOptions& options) const {
  ASSIGN_OR_RETURN(const std::optional<graph::Revision> revision,
                   RevisionOf(ctx, options));
  if (revision.has_value()) {
    return graph->ReaderAt(ctx, *revision);
  }
  return graph->Newest();
}

absl::StatusOr<std::unique_ptr<graph::GraphReader>> Parts::ListReader(
    const Context& ctx, const ReadOptions& options) const {
  ASSIGN_OR_RETURN(const std::optional<graph::Revision> revision,
                   RevisionOf(ctx, options));
  if (revision.has_value() && *revision != graph->commits().head()->revision) {
    return graph->ReaderAt(ctx, *revision);
  }
  ASSIGN_OR_RETURN(std::unique_ptr<graph::GraphReader> reader,
                   graph->OpenSnapshot(ctx));
  if (revision.has_value() && reader->revision() != *revision) {
    return graph->ReaderAt(ctx, *revision);
  }
  return reader;
}

absl::StatusOr<commit::CommitInfo> Parts::Write(
    const Context& ctx, const WriteOptions& options,
    graph::GraphStore::TransactionFunction function) {
  return Wait(WriteOn(ctx, options, function, nullptr));
}

Task<absl::StatusOr<commit::CommitInfo>> Parts::StartWrite(
    const Context& ctx, const WriteOptions& options,
    graph::GraphStore::TransactionFunction function) {
  return WriteOn(ctx, options, function, executor);
}

Task<absl::StatusOr<commit::CommitInfo>> Parts::WriteOn(
    const Context& ctx, const WriteOptions& options,
    graph::GraphStore::TransactionFunction function, Executor* resume_on) {
  if (is_stopping.load()) {
    co_return ShuttingDown();
  }
  if (!options.validate_only) {
    const commit::TransactionOptions transaction{
        .request_id = options.request_id,
        .request_fingerprint = options.request_fingerprint};
    co_return co_await graph->StartTransaction(ctx, transaction, function,
                                               resume_on);
  }
  graph::Revision seen = 0;
  const auto result = graph->RunTransaction(
      ctx, {}, [&](graph::GraphWriter& writer) -> absl::Status {
        seen = writer.reader().revision();
        RETURN_IF_ERROR(function(writer));
        return NothingToStore();
      });
  if (!result.ok() && result.status() != NothingToStore()) {
    co_return result.status();
  }
  commit::CommitInfo info;
  info.revision = seen;
  co_return info;
}

absl::Status Parts::CheckEtag(const std::string& expected,
                              graph::Revision revision, absl::string_view what,
                              absl::string_view id) const {
  const std::string current = EtagOf(revision);
  if (expected.empty() || expected == "*" || expected == current) {
    return absl::OkStatus();
  }
  return Aborted(
      v1::ERROR_REASON_ETAG_MISMATCH,
      absl::StrCat("the ", what, " \"", id, "\" has the etag ", current,
                   " now, not ", expected, "; read it again"),
      {{what, id}, {"expected", expected}, {"current", current}});
}

void Parts::Lease(graph::Revision revision) {
  auto pin = graph->commits().PinRevision(revision);
  if (pin.ok()) {
    leases->Renew(revision, *std::move(pin));
  }
}

absl::Status CheckPage(const PageRequest& page, const Limits& limits) {
  if (page.size < 1 || page.size > limits.page_size) {
    return InvalidField("page_size", absl::StrCat("1 to ", limits.page_size));
  }
  return absl::OkStatus();
}

}  // namespace twingraph::engine

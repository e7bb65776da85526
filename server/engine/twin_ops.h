#pragma once

// What can be done with twins. Every write is checked against the twin's
// effective model, is one commit, and reports all violations at once with
// paths such as "contents.thermostat.temperature". Safe from any thread; calls
// block, TryGet apart.
//
// Errors of every operation: INVALID_REVISION_TOKEN, REVISION_EXPIRED,
// CALL_ENDED, STORE_UNAVAILABLE; of every write also TRANSACTION_CONFLICT after
// several tries, REQUEST_ID_REUSED, OUTCOME_UNKNOWN, LIMIT_EXCEEDED.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "server/engine/call_options.h"
#include "server/engine/twin.h"
#include "storage/base/context.h"
#include "storage/base/task.h"

namespace twingraph::engine {

struct Parts;

// What ListTwins gives: all twins, or those of one model.
struct ListTwinsOptions {
  // DTMI; empty: every model. Subtypes are not included.
  std::string model;
  TwinView view = TwinView::kBasic;
};

class TwinOps {
 public:
  // `parts` outlives this object.
  explicit TwinOps(Parts& parts) : parts_(parts) {}

  // Makes a new twin.
  // Errors: TWIN_ALREADY_EXISTS; MODEL_NOT_FOUND; MODEL_DECOMMISSIONED;
  // CONTENT_INVALID; INVALID_FIELD for an id outside the alphabet.
  Task<absl::StatusOr<At<Twin>>> Create(const Context& ctx,
                                        const TwinInput& input,
                                        const WriteOptions& options);

  // Errors: TWIN_NOT_FOUND.
  absl::StatusOr<At<Twin>> Get(const Context& ctx, absl::string_view id,
                               TwinView view, const ReadOptions& options);

  // Get without waiting for a disk or another thread, for callers that must not
  // block; nullopt where that cannot be: call Get on a worker.
  absl::StatusOr<std::optional<At<Twin>>> TryGet(absl::string_view id,
                                                 TwinView view,
                                                 const ReadOptions& options);

  // Replaces all contents and the model of a twin; makes it where it is absent
  // and `allow_missing`.
  // A proxy keeps its device block. Errors: as Create and Get; ETAG_MISMATCH.
  Task<absl::StatusOr<At<Twin>>> Replace(const Context& ctx,
                                         const TwinInput& input,
                                         bool allow_missing,
                                         const WriteOptions& options);

  // Carries out all operations on a working copy, checks it once and commits,
  // or changes nothing.
  // Errors: TWIN_NOT_FOUND; INVALID_PATCH with the operation's index;
  // CONTENT_INVALID; ETAG_MISMATCH; MODEL_NOT_FOUND.
  Task<absl::StatusOr<At<Twin>>> Patch(
      const Context& ctx, absl::string_view id,
      const std::vector<PatchOperation>& operations,
      const WriteOptions& options);

  // Errors: TWIN_NOT_FOUND; TWIN_HAS_RELATIONSHIPS with both counts;
  // TWIN_MANAGED_BY_HUB while a device is attached; ETAG_MISMATCH.
  Task<absl::StatusOr<Done>> Delete(const Context& ctx, absl::string_view id,
                                    const WriteOptions& options);

  // Twins in byte order of their ids.
  // Errors: MODEL_NOT_FOUND; INVALID_PAGE_TOKEN.
  absl::StatusOr<Page<Twin>> List(const Context& ctx,
                                  const ListTwinsOptions& what,
                                  const PageRequest& page,
                                  const ReadOptions& options);

 private:
  Parts& parts_;
};

}  // namespace twingraph::engine

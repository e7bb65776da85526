#pragma once

// What can be done with relationships. A relationship belongs to its source
// twin; its id is unique there. Safe from any thread; calls block. Errors of
// every operation: see twin_ops.h.

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

class RelationshipOps {
 public:
  // `parts` outlives this object.
  explicit RelationshipOps(Parts& parts) : parts_(parts) {}

  // Makes a new relationship. The source's model, or one it extends, declares
  // the name; the target's model is the declared target or a subtype; a
  // declared maximum multiplicity is kept. A twin may point to itself.
  // Errors: TWIN_NOT_FOUND (source); TARGET_TWIN_NOT_FOUND;
  // RELATIONSHIP_ALREADY_EXISTS; RELATIONSHIP_NOT_ALLOWED; CONTENT_INVALID;
  // INVALID_FIELD.
  Task<absl::StatusOr<At<Relationship>>> Create(const Context& ctx,
                                                const RelationshipInput& input,
                                                const WriteOptions& options);

  // Errors: TWIN_NOT_FOUND; RELATIONSHIP_NOT_FOUND.
  absl::StatusOr<At<Relationship>> Get(const Context& ctx,
                                       absl::string_view source,
                                       absl::string_view id,
                                       const ReadOptions& options);

  // Errors: as Get; ETAG_MISMATCH.
  Task<absl::StatusOr<Done>> Delete(const Context& ctx,
                                    absl::string_view source,
                                    absl::string_view id,
                                    const WriteOptions& options);

  // Relationships of `source` in byte order of their ids; only those called
  // `name` unless it is empty.
  // Errors: TWIN_NOT_FOUND.
  absl::StatusOr<Page<Relationship>> ListOutgoing(const Context& ctx,
                                                  absl::string_view source,
                                                  absl::string_view name,
                                                  const PageRequest& page,
                                                  const ReadOptions& options);

  // Relationships that point to `target`, in an order that is stable within
  // one revision; only those called `name` unless it is empty.
  // Errors: TWIN_NOT_FOUND.
  absl::StatusOr<Page<Relationship>> ListIncoming(const Context& ctx,
                                                  absl::string_view target,
                                                  absl::string_view name,
                                                  const PageRequest& page,
                                                  const ReadOptions& options);

 private:
  Parts& parts_;
};

}  // namespace twingraph::engine

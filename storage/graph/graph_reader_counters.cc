// Covered by tests/storage/graph/graph_model_test.cc.
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/graph_reader.h"
#include "storage/key/counter_key.h"
#include "storage/key/key_space.h"
#include "storage/kv/counter.h"

namespace twingraph::graph {
namespace {

absl::StatusOr<int64_t> ReadCounter(const Context& ctx,
                                    const commit::Reader& reader,
                                    absl::string_view key) {
  ASSIGN_OR_RETURN(const auto row, reader.Get(ctx, key::kCounterSpace, key));
  if (!row.has_value()) {
    return 0;
  }
  const auto number = kv::DecodeCounter(row->value);
  if (!number.has_value()) {
    return Damaged("counter");
  }
  return *number;
}

}  // namespace

absl::StatusOr<int64_t> GraphReader::CountTwins(const Context& ctx) const {
  return ReadCounter(ctx, *reader_, key::TwinCounterKey());
}

absl::StatusOr<int64_t> GraphReader::CountRelationships(
    const Context& ctx) const {
  return ReadCounter(ctx, *reader_, key::RelationshipCounterKey());
}

absl::StatusOr<int64_t> GraphReader::CountModels(const Context& ctx) const {
  return ReadCounter(ctx, *reader_, key::ModelCounterKey());
}

absl::StatusOr<int64_t> GraphReader::CountHubs(const Context& ctx) const {
  return ReadCounter(ctx, *reader_, key::HubCounterKey());
}

absl::StatusOr<int64_t> GraphReader::CountTwinsOfModel(
    const Context& ctx, ModelNumber model) const {
  return ReadCounter(ctx, *reader_, key::TwinsOfModelCounterKey(model));
}

absl::StatusOr<int64_t> GraphReader::CountRelationshipsOfName(
    const Context& ctx, NameNumber name) const {
  return ReadCounter(ctx, *reader_, key::RelationshipsOfNameCounterKey(name));
}

absl::StatusOr<int64_t> GraphReader::CountDevices(const Context& ctx,
                                                  absl::string_view hub,
                                                  int state) const {
  return ReadCounter(ctx, *reader_,
                     key::DeviceCounterKey(hub, static_cast<uint8_t>(state)));
}

}  // namespace twingraph::graph

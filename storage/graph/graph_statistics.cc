#include "storage/graph/graph_statistics.h"

#include <algorithm>

#include "absl/functional/function_ref.h"

#include "storage/base/status_macros.h"
#include "storage/graph/scan_rows.h"
#include "storage/key/counter_key.h"
#include "storage/key/key_space.h"
#include "storage/key/number_codec.h"
#include "storage/kv/counter.h"

namespace twingraph::graph {
namespace {

// The counters whose keys are a byte and a number, named by `name_of`.
absl::StatusOr<std::vector<NamedCount>> CountByNumber(
    const Context& ctx, const GraphReader& reader, absl::string_view prefix,
    size_t limit, absl::FunctionRef<std::string(uint32_t number)> name_of) {
  std::vector<NamedCount> counts;
  RETURN_IF_ERROR(ScanRows(
      ctx, reader.rows(), key::kCounterSpace, kv::Range::Prefix(prefix),
      [&](const kv::Cursor& row) {
        const int64_t count = kv::DecodeCounter(row.value()).value_or(0);
        absl::string_view rest = row.key().substr(prefix.size());
        uint64_t number = 0;
        if (count != 0 && key::ReadInt(rest, 4, number)) {
          counts.push_back({name_of(static_cast<uint32_t>(number)), count});
        }
        return true;
      }));
  std::stable_sort(counts.begin(), counts.end(),
                   [](const NamedCount& a, const NamedCount& b) {
                     return a.count > b.count;
                   });
  counts.resize(std::min(counts.size(), limit));
  return counts;
}

}  // namespace

absl::StatusOr<std::vector<NamedCount>> CountTwinsByModel(
    const Context& ctx, const GraphReader& reader, size_t limit) {
  const std::string key = key::TwinsOfModelCounterKey(ModelNumber{});
  return CountByNumber(
      ctx, reader, key.substr(0, 1), limit, [&](uint32_t number) {
        return std::string(reader.ModelIdOf(ModelNumber{number}));
      });
}

absl::StatusOr<std::vector<NamedCount>> CountRelationshipsByName(
    const Context& ctx, const GraphReader& reader, size_t limit) {
  const std::string key = key::RelationshipsOfNameCounterKey(NameNumber{});
  return CountByNumber(ctx, reader, key.substr(0, 1), limit,
                       [&](uint32_t number) {
                         return std::string(reader.NameOf(NameNumber{number}));
                       });
}

}  // namespace twingraph::graph

#include "storage/graph/sequence_limits.h"

#include <optional>

#include "absl/strings/str_cat.h"

#include "storage/base/status_macros.h"
#include "storage/key/key_space.h"
#include "storage/kv/counter.h"

namespace twingraph::graph {
namespace {

// More numbers than are given out while a sequence is lengthened.
constexpr uint64_t kMargin = uint64_t{1} << 16;

absl::Status WriteLimit(const Context& ctx, commit::Store& store,
                        const std::string& key, uint64_t limit) {
  return store
      .RunTransaction(ctx, {},
                      [&](commit::Transaction& transaction) {
                        return transaction.Put(
                            key::kSequenceSpace, key,
                            kv::EncodeCounter(static_cast<int64_t>(limit)));
                      })
      .status();
}

// Takes `count` numbers that nobody gets, and returns the first.
absl::StatusOr<uint64_t> Skip(const Context& ctx, commit::Store& store,
                              const std::string& key, uint64_t count) {
  uint64_t first = 0;
  RETURN_IF_ERROR(
      store
          .RunTransaction(
              ctx, {},
              [&](commit::Transaction& transaction) -> absl::Status {
                ASSIGN_OR_RETURN(
                    first, transaction.ReserveNumbers(ctx, key::kSequenceSpace,
                                                      key, count));
                return absl::OkStatus();
              })
          .status());
  return first;
}

}  // namespace

absl::StatusOr<std::vector<ShortSequence>> FindShortSequences(
    const Context& ctx, const GraphReader& reader,
    const HighestNumbers& highest) {
  std::vector<ShortSequence> found;
  for (const auto& [sequence, number] : highest) {
    ASSIGN_OR_RETURN(const std::optional<kv::Row> row,
                     reader.rows().Get(ctx, key::kSequenceSpace,
                                       key::EncodeSequenceKey(sequence)));
    const std::optional<int64_t> limit =
        row.has_value() ? kv::DecodeCounter(row->value) : std::nullopt;
    if (limit.has_value() && *limit >= static_cast<int64_t>(number)) {
      continue;
    }
    std::string problem = !row.has_value()     ? "it is not there"
                          : !limit.has_value() ? "the row is damaged"
                                               : absl::StrCat("it is ", *limit);
    absl::StrAppend(&problem, ", and numbers up to ", number, " are in use");
    found.push_back({sequence, number, std::move(problem)});
  }
  return found;
}

absl::Status LengthenSequence(const Context& ctx, commit::Store& store,
                              const ShortSequence& found) {
  const std::string key = key::EncodeSequenceKey(found.sequence);
  absl::StatusOr<uint64_t> next = Skip(ctx, store, key, 1);
  if (absl::IsDataLoss(next.status())) {
    RETURN_IF_ERROR(WriteLimit(ctx, store, key, found.highest));
    next = Skip(ctx, store, key, 1);
  }
  RETURN_IF_ERROR(next.status());
  if (*next <= found.highest) {
    const uint64_t count = found.highest - *next;
    ASSIGN_OR_RETURN(next, Skip(ctx, store, key, count + 1));
    *next += count;
  }
  // What is given out is right already, and where the next commit raises the
  // limit it does not lower it.
  return WriteLimit(ctx, store, key, *next + kMargin);
}

}  // namespace twingraph::graph

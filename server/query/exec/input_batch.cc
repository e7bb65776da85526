// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/input_batch.h"

#include <utility>

#include "server/query/exec/place_codec.h"
#include "storage/base/status_macros.h"

namespace twingraph::query {

absl::Status InputBatch::Pull(const Context& ctx) {
  place_ = input_->Place();
  return input_->Next(ctx, rows_);
}

void InputBatch::AppendPlace(size_t index, std::string& out) const {
  AppendBytes(place_, out);
  AppendNumber(index, out);
}

absl::Status InputBatch::GoTo(const Context& ctx, absl::string_view& place,
                              size_t& index) {
  std::string input_place;
  uint64_t rest = 0;
  if (!TakeBytes(place, input_place) || !TakeNumber(place, rest)) {
    return BadPlace();
  }
  RETURN_IF_ERROR(input_->GoTo(ctx, input_place));
  RETURN_IF_ERROR(Pull(ctx));
  while (rest > rows_.size() && rows_.size() > 0) {
    rest -= rows_.size();
    RETURN_IF_ERROR(Pull(ctx));
  }
  index = rest;
  return rest <= rows_.size() ? absl::OkStatus() : BadPlace();
}

}  // namespace twingraph::query

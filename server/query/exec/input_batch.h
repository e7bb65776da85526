#pragma once

// The batch of its input that a step works through row by row, and the place
// that names a row of it: where the input was when the batch was pulled, and
// the row's index. Batches may be cut otherwise when the place is gone back to;
// the rows are the same, so the index counts rows from there on. Used by one
// thread at a time.

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "server/query/exec/operator.h"

namespace twingraph::query {

class InputBatch {
 public:
  InputBatch(size_t variables, std::unique_ptr<Operator> input)
      : input_(std::move(input)), rows_(variables), place_(input_->Place()) {}

  const Bindings& rows() const { return rows_; }

  // Pulls the next batch; no rows at the end.
  // Errors: those of the input.
  absl::Status Pull(const Context& ctx);

  // Appends the place of row `index`. It may be rows().size(): the first row of
  // the next batch.
  void AppendPlace(size_t index, std::string& out) const;

  // Takes a place off the front, goes there and sets `index` to the row in the
  // batch then in hand.
  // Errors: INVALID_PAGE_TOKEN; those of the input.
  absl::Status GoTo(const Context& ctx, absl::string_view& place,
                    size_t& index);

 private:
  const std::unique_ptr<Operator> input_;
  Bindings rows_;
  std::string place_;
};

}  // namespace twingraph::query

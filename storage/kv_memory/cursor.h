#pragma once

// A cursor over one held state. Copies rows in batches under the lock, so that
// a scan neither blocks writers for long nor sees them.

#include <memory>
#include <vector>

#include "storage/base/context.h"
#include "storage/kv/cursor.h"
#include "storage/kv/range.h"
#include "storage/kv_memory/shared_rows.h"

namespace twingraph::kv_memory {

class MemoryCursor final : public kv::Cursor {
 public:
  MemoryCursor(const Context& ctx, std::unique_ptr<Hold> hold,
               kv::SpaceId space, std::vector<kv::Range> ranges,
               kv::Order order)
      : ctx_(ctx),
        hold_(std::move(hold)),
        space_(space),
        ranges_(std::move(ranges)),
        order_(order) {}

  bool Next() override;
  void Seek(absl::string_view key) override;

  absl::string_view key() const override { return rows_[at_].key; }

  absl::string_view value() const override { return rows_[at_].row.value; }

  kv::Revision revision() const override { return rows_[at_].row.revision; }

  size_t range() const override { return range_; }

  absl::Status status() const override { return status_; }

 private:
  // Reads more of the present range; false on an error.
  bool Fill();

  Context ctx_;
  std::unique_ptr<Hold> hold_;
  const kv::SpaceId space_;
  // Of the present range and those behind it: what is not in `rows_` yet.
  std::vector<kv::Range> ranges_;
  size_t range_ = 0;  // the present one
  const kv::Order order_;
  std::vector<KeyedRow> rows_;
  size_t at_ = 0;
  bool is_started_ = false;
  bool is_exhausted_ = false;  // nothing is left of the present range
  absl::Status status_;
};

}  // namespace twingraph::kv_memory

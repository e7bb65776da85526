#pragma once

// A cursor that keeps alive what it reads, or that stands for an error.

#include <memory>
#include <utility>

#include "storage/kv/cursor.h"

namespace twingraph::commit {

// Passes everything on to a cursor and holds its state.
class OwningCursor final : public kv::Cursor {
 public:
  OwningCursor(std::shared_ptr<const void> owned,
               std::unique_ptr<kv::Cursor> cursor)
      : owned_(std::move(owned)), cursor_(std::move(cursor)) {}

  bool Next() override { return cursor_->Next(); }

  void Seek(absl::string_view key) override { cursor_->Seek(key); }

  absl::string_view key() const override { return cursor_->key(); }

  absl::string_view value() const override { return cursor_->value(); }

  kv::Revision revision() const override { return cursor_->revision(); }

  size_t range() const override { return cursor_->range(); }

  absl::Status status() const override { return cursor_->status(); }

 private:
  // Destroyed after the cursor.
  const std::shared_ptr<const void> owned_;
  const std::unique_ptr<kv::Cursor> cursor_;
};

// Yields nothing and reports an error.
class FailedCursor final : public kv::Cursor {
 public:
  explicit FailedCursor(absl::Status status) : status_(std::move(status)) {}

  bool Next() override { return false; }

  void Seek(absl::string_view /*key*/) override {}

  absl::string_view key() const override { return {}; }

  absl::string_view value() const override { return {}; }

  kv::Revision revision() const override { return 0; }

  size_t range() const override { return 0; }

  absl::Status status() const override { return status_; }

 private:
  const absl::Status status_;
};

}  // namespace twingraph::commit

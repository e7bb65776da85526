#pragma once

// The readers that a store hands out: a state of the engine, read as of a
// revision. Safe from any thread.

#include <atomic>
#include <memory>
#include <optional>

#include "storage/commit/pin.h"
#include "storage/commit/pin_set.h"
#include "storage/commit/reader.h"
#include "storage/kv/engine.h"
#include "storage/kv/snapshot.h"

namespace twingraph::commit {

// What a reader of the newest rows needs of its store, which outlives it.
struct ReadGround {
  kv::Engine& engine;
  const PinSet& pins;
  // No read can see a commit above this: raised before a group is applied.
  const std::atomic<kv::Revision>& visible;
};

// A snapshot with the head that it shows.
struct HeldState {
  std::unique_ptr<kv::Snapshot> snapshot;
  std::shared_ptr<const Head> head;
};

// Reads a held state, at its own revision or at an older one.
class SnapshotReader final : public Reader {
 public:
  // REQUIRES: revision is not above the snapshot's. A pin keeps the history of
  // an older revision.
  SnapshotReader(const kv::SpaceTable& spaces,
                 std::shared_ptr<const HeldState> held, kv::Revision revision,
                 Pin pin)
      : spaces_(spaces),
        held_(std::move(held)),
        revision_(revision),
        pin_(std::move(pin)) {}

  kv::Revision revision() const override { return revision_; }

  const Head& head() const override { return *held_->head; }

  absl::StatusOr<std::optional<kv::Row>> Get(
      const Context& ctx, kv::SpaceId space,
      absl::string_view key) const override;

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& ctx, kv::SpaceId space,
      absl::Span<const std::string> keys) const override;

  std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx, kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const override;

 private:
  // True where the snapshot's rows of a space are the answer as they stand.
  bool IsExact(kv::SpaceId space) const;

  const kv::SpaceTable& spaces_;
  const std::shared_ptr<const HeldState> held_;
  const kv::Revision revision_;
  const Pin pin_;
};

// Reads the newest rows without holding them, as of a head: a row that is newer
// than the head is looked up in the history.
class NewestReader final : public Reader {
 public:
  NewestReader(const ReadGround& ground, std::shared_ptr<const Head> head,
               kv::ReadTier tier)
      : ground_(ground), head_(std::move(head)), tier_(tier) {}

  kv::Revision revision() const override { return head_->revision; }

  const Head& head() const override { return *head_; }

  absl::StatusOr<std::optional<kv::Row>> Get(
      const Context& ctx, kv::SpaceId space,
      absl::string_view key) const override;

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& ctx, kv::SpaceId space,
      absl::Span<const std::string> keys) const override;

  std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx, kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const override;

 private:
  // Is this what the newest state answered the answer as of the head?
  bool IsExact(kv::SpaceId space, const std::optional<kv::Row>& row) const;
  absl::StatusOr<std::optional<kv::Row>> FromHistory(
      const Context& ctx, kv::SpaceId space, absl::string_view key,
      std::optional<kv::Row> newest) const;

  const ReadGround ground_;
  const std::shared_ptr<const Head> head_;
  const kv::ReadTier tier_;
};

}  // namespace twingraph::commit

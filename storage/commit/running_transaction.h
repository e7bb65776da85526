#pragma once

// One run of a transaction function: what it read for update and what it wants
// changed. Not for two threads at a time; the committer reads it when the
// function has returned.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"

#include "storage/commit/number_ranges.h"
#include "storage/commit/overlay.h"
#include "storage/commit/transaction.h"
#include "storage/kv/group_record.h"

namespace twingraph::commit {

class RunningTransaction final : public Transaction {
 public:
  // Reads `base`, with `group` (may be null) over it: the changes of commits
  // that precede this one in its group. Both outlive the transaction.
  RunningTransaction(const kv::SpaceTable& spaces, const Reader& base,
                     const Overlay* group, NumberRanges& numbers,
                     absl::Time time)
      : spaces_(spaces),
        base_(base),
        group_(group),
        numbers_(numbers),
        time_(time) {}

  kv::Revision revision() const override { return base_.revision(); }

  const Head& head() const override { return base_.head(); }

  absl::StatusOr<std::optional<kv::Row>> Get(
      const Context& ctx, kv::SpaceId space,
      absl::string_view key) const override;
  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& ctx, kv::SpaceId space,
      absl::Span<const std::string> keys) const override;
  std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx, kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const override;

  absl::StatusOr<std::optional<kv::Row>> GetForUpdate(
      const Context& ctx, kv::SpaceId space, absl::string_view key) override;
  absl::Status Put(kv::SpaceId space, absl::string_view key,
                   absl::string_view value) override;
  absl::Status Delete(kv::SpaceId space, absl::string_view key) override;
  absl::Status Touch(kv::SpaceId space, absl::string_view key) override;
  absl::Status Increment(kv::SpaceId space, absl::string_view key,
                         int64_t delta) override;
  absl::StatusOr<uint64_t> ReserveNumbers(const Context& ctx, kv::SpaceId space,
                                          absl::string_view key,
                                          uint64_t count) override;

  absl::Time time() const override { return time_; }

  bool has_effects() const override {
    return !own_.empty() || !touched_.empty();
  }

  void SetCausation(absl::string_view causation) override {
    causation_ = std::string(causation);
  }

  void SetPayload(std::string payload) override {
    payload_ = std::move(payload);
  }

  void SetResult(std::string result) override { result_ = std::move(result); }

  // Hashes of the keys read for update.
  const std::vector<uint64_t>& reads() const { return reads_; }

  const std::vector<NumberRanges::Use>& number_uses() const {
    return number_uses_;
  }

  const std::string& result() const { return result_; }

  // The commit that this run asks for, header without the final time.
  kv::Commit MakeCommit(const Origin& origin) const;

 private:
  // The row without this transaction's own changes.
  absl::StatusOr<std::optional<kv::Row>> GetBelow(const Context& ctx,
                                                  kv::SpaceId space,
                                                  absl::string_view key) const;
  absl::Status CheckWrite(kv::SpaceId space, absl::string_view key,
                          absl::string_view value) const;

  const kv::SpaceTable& spaces_;
  const Reader& base_;
  const Overlay* const group_;
  NumberRanges& numbers_;
  const absl::Time time_;

  Overlay own_;
  absl::btree_set<Overlay::Key> touched_;
  std::vector<uint64_t> reads_;
  // What was read for update: handed over to Apply as the values before.
  absl::btree_map<Overlay::Key, std::optional<kv::Row>> rows_before_;
  std::vector<NumberRanges::Use> number_uses_;
  std::string causation_;
  std::string payload_;
  std::string result_;
};

}  // namespace twingraph::commit

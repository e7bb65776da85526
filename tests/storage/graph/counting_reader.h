#pragma once

// Counts how often a reader is asked. For one thread.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/commit/reader.h"

namespace twingraph::graph {

class CountingReader final : public commit::Reader {
 public:
  explicit CountingReader(const commit::Reader& reader) : reader_(reader) {}

  kv::Revision revision() const override { return reader_.revision(); }

  const commit::Head& head() const override { return reader_.head(); }

  absl::StatusOr<std::optional<kv::Row>> Get(
      const Context& ctx, kv::SpaceId space,
      absl::string_view key) const override {
    ++gets_;
    return reader_.Get(ctx, space, key);
  }

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context& ctx, kv::SpaceId space,
      absl::Span<const std::string> keys) const override {
    ++gets_;
    return reader_.MultiGet(ctx, space, keys);
  }

  std::unique_ptr<kv::Cursor> MultiScan(const Context& ctx, kv::SpaceId space,
                                        std::vector<kv::Range> ranges,
                                        kv::Order order) const override {
    ++scans_;
    return reader_.MultiScan(ctx, space, std::move(ranges), order);
  }

  // MultiGet counts as one.
  int gets() const { return gets_; }

  int scans() const { return scans_; }

 private:
  const commit::Reader& reader_;
  mutable int gets_ = 0;
  mutable int scans_ = 0;
};

}  // namespace twingraph::graph

#pragma once

// Who is related to whom, in memory: the follower behind which following
// relationships costs no store read. It knows all relationships at every
// revision from a recent one on, the newest first; for older readers, and when
// it does not fit its budget, the store answers (memory_expander.h). Reads are
// safe from any thread.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <vector>

#include "absl/status/status.h"

#include "storage/commit/follower.h"
#include "storage/graph/adjacency.h"
#include "storage/graph/expansion.h"

namespace twingraph::graph {

struct TopologyOptions {
  // Memory for the relationships of all twins, about 12 bytes each and
  // direction, and 16 a twin. Where they do not fit, and at 0, the store is
  // read instead.
  size_t bytes = size_t{64} << 20;
  // Changes of lists that it can look behind: how old a reader may be before it
  // reads the store.
  size_t remembered_changes = 1 << 16;
};

class Topology final : public commit::Follower {
 public:
  // Before it is loaded.
  void SetOptions(const TopologyOptions& options) {
    options_ = options;
    SetLimit(options.bytes);
  }

  // Gives it less memory, or more, than its options say. Where it takes more by
  // now, the store is read after the next commit. Any thread.
  void SetLimit(size_t bytes) { limit_ = bytes; }

  // Does as Expander::Expand and returns true; false where memory cannot tell
  // how it goes on from `position`, which is exact.
  bool Expand(Revision revision, const ExpandRequest& request, size_t limit,
              ExpandPosition& position, std::vector<ExpandedEdge>& edges) const;

  // Relationships of a twin in one direction, of all names or of one; counting
  // may end at `limit`. nullopt where memory cannot tell.
  std::optional<size_t> Degree(Revision revision, TwinNumber twin,
                               Direction direction,
                               std::optional<NameNumber> name,
                               size_t limit) const;

  // Appends the other ends of the relationships of twins, of one name or (0) of
  // all, in the order of Expand. False where memory cannot tell: then nothing
  // is appended.
  bool AppendEnds(Revision revision, absl::Span<const TwinNumber> twins,
                  Direction direction, NameNumber name,
                  std::vector<TwinNumber>& ends) const;

  // Memory held, as the allocator counts it.
  size_t bytes() const { return outgoing_.bytes() + incoming_.bytes(); }

  // Readers of this revision and newer ones are served; kNever: nobody is.
  Revision oldest() const { return oldest_.load(std::memory_order_acquire); }

  static constexpr Revision kNever = std::numeric_limits<Revision>::max();

  absl::Status Load(const Context& ctx, const commit::Reader& reader) override;
  void Apply(const commit::GroupView& group) override;

 private:
  // A list that has changed and can forget what it was one day.
  struct Changed {
    Revision revision = 0;
    Direction direction = Direction::kOutgoing;
    TwinNumber twin{};
  };

  struct TwinChange {
    TwinNumber twin{};
    NeighbourChange change;

    friend auto operator<=>(const TwinChange&, const TwinChange&) = default;
  };

  Adjacency& Of(Direction direction) {
    return direction == Direction::kOutgoing ? outgoing_ : incoming_;
  }

  const Adjacency& Of(Direction direction) const {
    return direction == Direction::kOutgoing ? outgoing_ : incoming_;
  }

  // False: it does not fit. Stops early when the other direction has stopped.
  absl::StatusOr<bool> LoadDirection(const Context& ctx,
                                     const commit::Reader& reader,
                                     Direction direction,
                                     std::atomic<bool>& fits);
  bool ApplyDirection(const commit::GroupView& group, Direction direction);
  void Settle();
  void TurnOff();

  TopologyOptions options_;
  std::atomic<size_t> limit_{0};
  std::atomic<Revision> oldest_{kNever};
  Adjacency outgoing_{oldest_};
  Adjacency incoming_{oldest_};
  // In order of revisions. Used by Load and Apply only.
  std::deque<Changed> changed_;
};

}  // namespace twingraph::graph

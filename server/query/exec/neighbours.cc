// Covered by tests/server/query/execution_test.cc.
#include "server/query/exec/neighbours.h"

#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

// Relationships kept between two walks.
constexpr size_t kKeptEdges = 1 << 18;

// Relationships read by one call.
constexpr size_t kReadEdges = 4096;

}  // namespace

absl::Status Neighbours::Read(const Context& ctx,
                              absl::Span<const TwinNumber> twins) {
  RETURN_IF_ERROR(names_.Find(ctx, context_, segment_));
  std::vector<TwinNumber> missing;
  for (const TwinNumber twin : twins) {
    if (of_.try_emplace(twin).second) {
      missing.push_back(twin);
    }
  }
  if (missing.empty() || names_.is_nothing()) {
    return absl::OkStatus();
  }
  for (const Direction direction : directions_) {
    RETURN_IF_ERROR(ReadOne(ctx, missing, direction));
  }
  return absl::OkStatus();
}

absl::Status Neighbours::ReadOne(const Context& ctx,
                                 absl::Span<const TwinNumber> twins,
                                 Direction direction) {
  const bool is_second_look =
      !is_directed() && direction == Direction::kIncoming;
  ExpandPosition position;
  std::vector<ExpandedEdge> found;
  while (position.index < twins.size()) {
    RETURN_IF_ERROR(ctx.Check());
    RETURN_IF_ERROR(context_.view.Expand(
        ctx,
        {.twins = twins, .direction = direction, .names = names_.numbers()},
        kReadEdges, position, found));
    context_.stats.edges_visited += found.size();
    edges_ += found.size();
    for (const ExpandedEdge& each : found) {
      if (!is_second_look || each.edge.source != each.edge.target) {
        of_[twins[each.index]].push_back(
            {FarEnd(each.edge, direction), each.edge});
      }
    }
  }
  return absl::OkStatus();
}

void Neighbours::Trim() {
  if (edges_ > kKeptEdges) {
    of_.clear();
    edges_ = 0;
  }
}

}  // namespace twingraph::query

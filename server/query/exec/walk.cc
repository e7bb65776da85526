// Covered by tests/server/query/execution_test.cc.
#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "server/query/exec/input_batch.h"
#include "server/query/exec/operator.h"
#include "server/query/exec/place_codec.h"
#include "server/query/exec/trails.h"
#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

class Walk final : public Operator {
 public:
  Walk(const ExecutionContext& context, const Hop& hop,
       std::unique_ptr<Operator> input)
      : context_(context),
        hop_(hop),
        segment_(context.query.segments[hop.segment]),
        neighbours_(context, segment_, hop.is_reversed),
        input_(context.query.variables.size(), std::move(input)) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    rows.Clear();
    std::vector<size_t> origins;
    std::vector<TwinNumber> twins;
    while (origins.empty()) {
      RETURN_IF_ERROR(ctx.Check());
      if (row_ >= input_.rows().size()) {
        RETURN_IF_ERROR(Pull(ctx));
        if (input_.rows().size() == 0) {
          return absl::OkStatus();
        }
      }
      RETURN_IF_ERROR(Fill(ctx, origins, twins));
    }
    rows.Gather(input_.rows(), origins);
    rows.AddTwins(hop_.to, std::move(twins));
    return absl::OkStatus();
  }

  std::string Place() const override {
    std::string place;
    input_.AppendPlace(row_, place);
    AppendNumber(given_, place);
    return place;
  }

  absl::Status GoTo(const Context& ctx, absl::string_view place) override {
    RETURN_IF_ERROR(input_.GoTo(ctx, place, row_));
    uint64_t given = 0;
    if (!TakeNumber(place, given) || !place.empty()) {
      return BadPlace();
    }
    given_ = given;
    return absl::OkStatus();
  }

 private:
  absl::Status Pull(const Context& ctx) {
    RETURN_IF_ERROR(input_.Pull(ctx));
    row_ = 0;
    ends_.clear();
    return absl::OkStatus();
  }

  // Takes ends of rows until the step is full or the batch is through.
  absl::Status Fill(const Context& ctx, std::vector<size_t>& origins,
                    std::vector<TwinNumber>& twins) {
    const size_t most = context_.StepRows();
    while (row_ < input_.rows().size() && origins.size() < most) {
      ASSIGN_OR_RETURN(const std::vector<TwinNumber> ends, EndsOf(ctx, row_));
      while (given_ < ends.size() && origins.size() < most) {
        origins.push_back(row_);
        twins.push_back(ends[given_++]);
      }
      if (given_ >= ends.size()) {
        ++row_;
        given_ = 0;
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<TwinNumber>> EndsOf(const Context& ctx,
                                                 size_t row) {
    const TwinNumber start = input_.rows().twins(hop_.from)[row];
    const UsedEdges used = UsedBy(row);
    std::vector<TwinNumber> ends;
    const auto known = ends_.find(start);
    if (used.empty() && known != ends_.end()) {
      ends = known->second;
    } else {
      neighbours_.Trim();
      ASSIGN_OR_RETURN(ends, TrailEnds(ctx, start,
                                       {.min_hops = segment_.min_hops,
                                        .max_hops = segment_.max_hops},
                                       used, neighbours_));
      if (used.empty()) {
        ends_[start] = ends;
      }
    }
    if (hop_.is_closing) {
      const TwinNumber target = input_.rows().twins(hop_.to)[row];
      const bool is_there =
          std::binary_search(ends.begin(), ends.end(), target);
      ends.assign(is_there ? 1 : 0, target);
    }
    return ends;
  }

  // The relationships of the row that the walk could use as well.
  UsedEdges UsedBy(size_t row) const {
    UsedEdges used;
    for (const BoundSegment& other : context_.query.segments) {
      if (other.is_single() && CanShareRelationships(segment_, other) &&
          !input_.rows().edges(*other.relationship).empty()) {
        used.push_back(input_.rows().edges(*other.relationship)[row]);
      }
    }
    return used;
  }

  const ExecutionContext& context_;
  const Hop& hop_;
  const BoundSegment& segment_;
  Neighbours neighbours_;
  InputBatch input_;
  size_t row_ = 0;    // of the input, whose ends come next
  size_t given_ = 0;  // ends of it that were given
  // By start, where no relationship is forbidden. Of the batch in hand.
  absl::flat_hash_map<TwinNumber, std::vector<TwinNumber>> ends_;
};

}  // namespace

std::unique_ptr<Operator> MakeWalk(const ExecutionContext& context,
                                   const Hop& hop,
                                   std::unique_ptr<Operator> input) {
  return std::make_unique<Walk>(context, hop, std::move(input));
}

}  // namespace twingraph::query

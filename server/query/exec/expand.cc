// One hop. Covered by tests/server/query/golden_query_test.cc.
#include <utility>

#include "server/query/exec/operator.h"
#include "server/query/exec/place_codec.h"
#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

class Expand final : public Operator {
 public:
  Expand(const ExecutionContext& context, const Hop& hop,
         std::unique_ptr<Operator> input)
      : context_(context),
        hop_(hop),
        join_(context.query.joins[hop.join]),
        input_(std::move(input)),
        batch_(context),
        batch_place_(input_->Place()) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    rows.Clear();
    RETURN_IF_ERROR(FindName(ctx));
    if (name_ == kNoName) {
      return absl::OkStatus();  // No relationship ever had the name.
    }
    std::vector<ExpandedEdge> found;
    while (rows.size() == 0) {
      RETURN_IF_ERROR(ctx.Check());
      if (position_.index >= batch_.size()) {
        RETURN_IF_ERROR(Pull(ctx));
        if (batch_.size() == 0) {
          return absl::OkStatus();
        }
      }
      found.clear();
      RETURN_IF_ERROR(
          context_.view.Expand(ctx,
                               {.twins = batch_.twins(hop_.from),
                                .direction = hop_.direction,
                                .names = absl::MakeConstSpan(&name_, 1)},
                               kStepRows, position_, found));
      context_.stats.edges_visited += found.size();
      for (const ExpandedEdge& each : found) {
        const TwinNumber twin = hop_.direction == Direction::kOutgoing
                                    ? each.edge.target
                                    : each.edge.source;
        rows.AddExpanded(batch_, each.index, hop_.to, twin, join_.relationship,
                         each.edge);
      }
    }
    return absl::OkStatus();
  }

  // Where the input's batch in hand began, and how far it is followed.
  std::string Place() const override {
    std::string place;
    AppendBytes(batch_place_, place);
    AppendNumber(has_batch_ ? 1 : 0, place);
    AppendNumber(position_.index, place);
    AppendNumber(position_.after.has_value() ? 1 : 0, place);
    AppendEdge(position_.after.value_or(EdgeRef()), place);
    return place;
  }

  absl::Status GoTo(const Context& ctx, absl::string_view place) override {
    std::string batch_place;
    uint64_t has_batch = 0;
    uint64_t index = 0;
    uint64_t has_after = 0;
    EdgeRef after;
    if (!TakeBytes(place, batch_place) || !TakeNumber(place, has_batch) ||
        !TakeNumber(place, index) || !TakeNumber(place, has_after) ||
        !TakeEdge(place, after) || !place.empty()) {
      return BadPlace();
    }
    RETURN_IF_ERROR(input_->GoTo(ctx, batch_place));
    batch_place_ = std::move(batch_place);
    if (has_batch == 0) {
      return absl::OkStatus();
    }
    // The input's batches may be cut otherwise this time; the rows are the
    // same, so the index counts rows from the place on.
    while (true) {
      RETURN_IF_ERROR(Pull(ctx));
      if (batch_.size() == 0) {
        return index == 0 ? absl::OkStatus() : BadPlace();
      }
      if (index < batch_.size()) {
        break;
      }
      index -= batch_.size();
      if (index == 0 && has_after == 0) {
        position_.index = batch_.size();
        return absl::OkStatus();
      }
    }
    position_.index = index;
    if (has_after != 0) {
      position_.after = after;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status FindName(const Context& ctx) {
    if (!has_name_) {
      ASSIGN_OR_RETURN(name_,
                       context_.view.FindRelationshipName(ctx, join_.name));
      has_name_ = true;
    }
    return absl::OkStatus();
  }

  absl::Status Pull(const Context& ctx) {
    batch_place_ = input_->Place();
    position_ = {};
    has_batch_ = true;
    return input_->Next(ctx, batch_);
  }

  const ExecutionContext& context_;
  const Hop& hop_;
  const BoundJoin& join_;
  const std::unique_ptr<Operator> input_;
  Bindings batch_;
  std::string batch_place_;
  bool has_batch_ = false;
  ExpandPosition position_;
  bool has_name_ = false;
  NameNumber name_ = kNoName;
};

}  // namespace

std::unique_ptr<Operator> MakeExpand(const ExecutionContext& context,
                                     const Hop& hop,
                                     std::unique_ptr<Operator> input) {
  return std::make_unique<Expand>(context, hop, std::move(input));
}

}  // namespace twingraph::query

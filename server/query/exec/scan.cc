// Covered by tests/server/query/execution_test.cc.
#include <algorithm>
#include <utility>

#include "server/query/exec/condition_filter.h"
#include "server/query/exec/operator.h"
#include "server/query/exec/place_codec.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::query {
namespace {

// A first batch is small, for who wants one row; later ones grow.
constexpr size_t kFirstRows = 64;

class BatchSize {
 public:
  explicit BatchSize(const ExecutionContext& context) : context_(context) {}

  size_t Take() {
    const size_t most = context_.StepRows();
    const size_t size = std::min(next_, most);
    next_ = std::min(size * 2, most);
    return size;
  }

 private:
  const ExecutionContext& context_;
  size_t next_ = kFirstRows;
};

// Twins by their ids, in the order of the sorted list.
class TwinIdScan final : public Operator {
 public:
  TwinIdScan(const ExecutionContext& context, const Access& access)
      : context_(context), access_(access) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    rows.Clear();
    while (rows.size() == 0 && at_ < access_.ids.size()) {
      const size_t count = std::min(size_.Take(), access_.ids.size() - at_);
      std::vector<TwinNumber> numbers;
      RETURN_IF_ERROR(context_.view.FindTwins(
          ctx, absl::MakeConstSpan(access_.ids).subspan(at_, count), numbers));
      at_ += count;
      std::erase(numbers, kNoTwin);
      rows.SetTwins(access_.variable, std::move(numbers));
    }
    return absl::OkStatus();
  }

  std::string Place() const override {
    std::string place;
    AppendNumber(at_, place);
    return place;
  }

  absl::Status GoTo(const Context& /*ctx*/, absl::string_view place) override {
    uint64_t at = 0;
    if (!TakeNumber(place, at) || !place.empty() || at > access_.ids.size()) {
      return BadPlace();
    }
    at_ = at;
    return absl::OkStatus();
  }

 private:
  const ExecutionContext& context_;
  const Access& access_;
  BatchSize size_{context_};
  size_t at_ = 0;
};

// All twins, by number.
class AllTwinsScan final : public Operator {
 public:
  AllTwinsScan(const ExecutionContext& context, const Access& access)
      : context_(context), access_(access) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    rows.Clear();
    std::vector<TwinNumber> numbers;
    RETURN_IF_ERROR(
        context_.view.ScanTwins(ctx, after_, size_.Take(), numbers));
    context_.stats.index_entries_read += numbers.size();
    if (!numbers.empty()) {
      after_ = numbers.back();
    }
    rows.SetTwins(access_.variable, std::move(numbers));
    return absl::OkStatus();
  }

  std::string Place() const override {
    std::string place;
    AppendNumber(after_, place);
    return place;
  }

  absl::Status GoTo(const Context& /*ctx*/, absl::string_view place) override {
    return TakeNumber(place, after_) && place.empty() ? absl::OkStatus()
                                                      : BadPlace();
  }

 private:
  const ExecutionContext& context_;
  const Access& access_;
  BatchSize size_{context_};
  TwinNumber after_ = kNoTwin;
};

// Twins of some models: model by model, by number.
class ModelScan final : public Operator {
 public:
  ModelScan(const ExecutionContext& context, const Access& access)
      : context_(context), access_(access) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    rows.Clear();
    std::vector<TwinNumber> numbers;
    while (rows.size() == 0 && part_ < access_.models.size()) {
      if (after_ == kNoTwin && IsEmpty(access_.models[part_])) {
        ++part_;
        continue;
      }
      const size_t limit = size_.Take();
      RETURN_IF_ERROR(context_.view.ScanTwinsOfModel(ctx, access_.models[part_],
                                                     after_, limit, numbers));
      context_.stats.index_entries_read += numbers.size();
      if (numbers.size() < limit) {
        ++part_;
        after_ = kNoTwin;
      } else {
        after_ = numbers.back();
      }
      rows.SetTwins(access_.variable, std::move(numbers));
    }
    return absl::OkStatus();
  }

  std::string Place() const override {
    std::string place;
    AppendNumber(part_ < access_.models.size() ? access_.models[part_] : kEnd,
                 place);
    AppendNumber(after_, place);
    return place;
  }

  absl::Status GoTo(const Context& /*ctx*/, absl::string_view place) override {
    uint64_t model = 0;
    if (!TakeNumber(place, model) || !TakeNumber(place, after_) ||
        !place.empty()) {
      return BadPlace();
    }
    // By number, because models that came since are in the list too.
    const auto& models = access_.models;
    part_ = static_cast<size_t>(
        std::lower_bound(models.begin(), models.end(), model) - models.begin());
    return absl::OkStatus();
  }

 private:
  static constexpr uint64_t kEnd = uint64_t{1} << 32;  // above all models

  // A set of models may be large, and most of them without twins.
  bool IsEmpty(ModelNumber model) const {
    const Cardinality count =
        context_.view.statistics().CountTwinsOfModel(model);
    return count.is_exact && count.value == 0;
  }

  const ExecutionContext& context_;
  const Access& access_;
  BatchSize size_{context_};
  size_t part_ = 0;
  TwinNumber after_ = kNoTwin;
};

// Twins by ranges of an index, one range after the other.
class PropertyScan final : public Operator {
 public:
  PropertyScan(const ExecutionContext& context, const Access& access)
      : context_(context), access_(access) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    rows.Clear();
    while (rows.size() == 0 && part_ < access_.ranges.size()) {
      RETURN_IF_ERROR(ctx.Check());
      PropertyBatch batch;
      RETURN_IF_ERROR(context_.view.ScanProperty(ctx, access_.ranges[part_],
                                                 size_.Take(), cursor_, batch));
      part_ += cursor_.empty() ? 1 : 0;
      context_.stats.index_entries_read += batch.numbers.size();
      rows.SetTwins(access_.variable, std::move(batch.numbers));
      // An access that is exact replaces its condition, but not every index
      // can tell.
      if (access_.is_exact && !batch.is_exact) {
        RETURN_IF_ERROR(KeepWhere(
            ctx, context_, context_.query.conjuncts[*access_.conjunct], rows));
      }
    }
    return absl::OkStatus();
  }

  std::string Place() const override {
    std::string place;
    AppendNumber(part_, place);
    AppendBytes(cursor_, place);
    return place;
  }

  absl::Status GoTo(const Context& /*ctx*/, absl::string_view place) override {
    uint64_t part = 0;
    if (!TakeNumber(place, part) || !TakeBytes(place, cursor_) ||
        !place.empty() || part > access_.ranges.size()) {
      return BadPlace();
    }
    part_ = part;
    return absl::OkStatus();
  }

 private:
  const ExecutionContext& context_;
  const Access& access_;
  BatchSize size_{context_};
  size_t part_ = 0;
  std::string cursor_;
};

// Relationships by name, or all.
class RelationshipScan final : public Operator {
 public:
  RelationshipScan(const ExecutionContext& context, const Access& access)
      : context_(context), access_(access) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    rows.Clear();
    if (is_done_) {
      return absl::OkStatus();
    }
    NameNumber name = kNoName;
    if (access_.kind == AccessKind::kRelationshipsByName) {
      ASSIGN_OR_RETURN(name,
                       context_.view.FindRelationshipName(ctx, access_.name));
      if (name == kNoName) {
        is_done_ = true;  // No relationship ever had it.
        return absl::OkStatus();
      }
    }
    const size_t limit = size_.Take();
    std::vector<EdgeRef> edges;
    RETURN_IF_ERROR(
        context_.view.ScanRelationships(ctx, name, after_, limit, edges));
    context_.stats.index_entries_read += edges.size();
    is_done_ = edges.size() < limit;
    if (!edges.empty()) {
      after_ = edges.back();
    }
    rows.SetEdges(access_.variable, std::move(edges));
    return absl::OkStatus();
  }

  std::string Place() const override {
    std::string place;
    AppendNumber(is_done_ ? 1 : 0, place);
    AppendEdge(after_, place);
    return place;
  }

  absl::Status GoTo(const Context& /*ctx*/, absl::string_view place) override {
    uint64_t is_done = 0;
    if (!TakeNumber(place, is_done) || !TakeEdge(place, after_) ||
        !place.empty()) {
      return BadPlace();
    }
    is_done_ = is_done != 0;
    return absl::OkStatus();
  }

 private:
  const ExecutionContext& context_;
  const Access& access_;
  BatchSize size_{context_};
  EdgeRef after_;
  bool is_done_ = false;
};

// Relationships of some twins in one direction.
class RelationshipsOfScan final : public Operator {
 public:
  RelationshipsOfScan(const ExecutionContext& context, const Access& access)
      : context_(context), access_(access) {}

  absl::Status Next(const Context& ctx, Bindings& rows) override {
    rows.Clear();
    RETURN_IF_ERROR(Begin(ctx));
    std::vector<ExpandedEdge> found;
    while (rows.size() == 0 && position_.index < twins_.size()) {
      found.clear();
      RETURN_IF_ERROR(context_.view.Expand(
          ctx, {.twins = twins_, .direction = access_.direction, .names = {}},
          size_.Take(), position_, found));
      context_.stats.edges_visited += found.size();
      std::vector<EdgeRef> edges;
      edges.reserve(found.size());
      for (const ExpandedEdge& each : found) {
        edges.push_back(each.edge);
      }
      rows.SetEdges(access_.variable, std::move(edges));
    }
    return absl::OkStatus();
  }

  std::string Place() const override {
    std::string place;
    AppendNumber(position_.index, place);
    AppendNumber(position_.after.has_value() ? 1 : 0, place);
    AppendEdge(position_.after.value_or(EdgeRef()), place);
    return place;
  }

  absl::Status GoTo(const Context& ctx, absl::string_view place) override {
    RETURN_IF_ERROR(Begin(ctx));
    uint64_t index = 0;
    uint64_t has_after = 0;
    EdgeRef after;
    if (!TakeNumber(place, index) || !TakeNumber(place, has_after) ||
        !TakeEdge(place, after) || !place.empty() || index > twins_.size()) {
      return BadPlace();
    }
    position_.index = index;
    position_.after.reset();
    if (has_after != 0) {
      position_.after = after;
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Begin(const Context& ctx) {
    if (has_begun_) {
      return absl::OkStatus();
    }
    has_begun_ = true;
    RETURN_IF_ERROR(context_.view.FindTwins(ctx, access_.ids, twins_));
    std::erase(twins_, kNoTwin);
    return absl::OkStatus();
  }

  const ExecutionContext& context_;
  const Access& access_;
  BatchSize size_{context_};
  bool has_begun_ = false;
  std::vector<TwinNumber> twins_;
  ExpandPosition position_;
};

}  // namespace

absl::Status BadPlace() {
  return InvalidArgument(v1::ERROR_REASON_INVALID_PAGE_TOKEN,
                         "the page token is not of this query");
}

std::unique_ptr<Operator> MakeScan(const ExecutionContext& context,
                                   const Access& access) {
  switch (access.kind) {
    case AccessKind::kTwinIds:
      return std::make_unique<TwinIdScan>(context, access);
    case AccessKind::kTwinsOfModels:
      return std::make_unique<ModelScan>(context, access);
    case AccessKind::kAllTwins:
      return std::make_unique<AllTwinsScan>(context, access);
    case AccessKind::kTwinsOfProperty:
      return std::make_unique<PropertyScan>(context, access);
    case AccessKind::kRelationshipsOf:
      return std::make_unique<RelationshipsOfScan>(context, access);
    case AccessKind::kRelationshipsByName:
    case AccessKind::kAllRelationships:
      return std::make_unique<RelationshipScan>(context, access);
  }
  return nullptr;
}

}  // namespace twingraph::query

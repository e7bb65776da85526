#include "storage/graph/topology.h"

#include <algorithm>
#include <thread>

#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "storage/graph/scan_rows.h"
#include "storage/key/counter_key.h"
#include "storage/key/key_space.h"
#include "storage/key/relationship_key.h"
#include "storage/kv/counter.h"

namespace twingraph::graph {
namespace {

// Lists freed per group once it is turned off, so that no commit waits long.
constexpr size_t kFreedPerGroup = 1 << 13;

// The least that a relationship takes.
constexpr size_t kLeastBytes = 12;

// Twins between two looks at the budget while loading.
constexpr size_t kLoadedBetweenLooks = 1 << 10;

kv::SpaceId SpaceOf(Direction direction) {
  return direction == Direction::kOutgoing ? key::kOutSpace : key::kInSpace;
}

bool DecodeKey(absl::string_view key, Direction direction, Edge& edge) {
  return direction == Direction::kOutgoing ? key::DecodeOutKey(key, edge)
                                           : key::DecodeInKey(key, edge);
}

TwinNumber NearEnd(const Edge& edge, Direction direction) {
  return direction == Direction::kOutgoing ? edge.source : edge.target;
}

Neighbour ToNeighbour(const Edge& edge, Direction direction) {
  return {edge.name,
          direction == Direction::kOutgoing ? edge.target : edge.source,
          edge.number};
}

Edge ToEdge(TwinNumber twin, const Neighbour& neighbour, Direction direction) {
  const bool is_outgoing = direction == Direction::kOutgoing;
  return {.name = neighbour.name,
          .source = is_outgoing ? twin : neighbour.other,
          .target = is_outgoing ? neighbour.other : twin,
          .number = neighbour.number};
}

// The first neighbour that can come behind one.
Neighbour Behind(Neighbour neighbour) {
  neighbour.number = RelationshipNumber{ToInt(neighbour.number) + 1};
  return neighbour;
}

// In order, each once.
std::vector<NameNumber> SortedNames(absl::Span<const NameNumber> names) {
  std::vector<NameNumber> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

// The lists of one Expand.
class Expansion {
 public:
  Expansion(const ExpandRequest& request, size_t full, ExpandPosition& position,
            std::vector<ExpandedEdge>& edges)
      : direction_(request.direction),
        names_(SortedNames(request.names)),
        full_(full),
        position_(position),
        edges_(edges) {}

  // Takes a twin's list; is_full() tells whether it stopped within.
  template <typename List>
  void Take(TwinNumber twin, const List& list) {
    if (names_.empty()) {
      TakeName(twin, list, std::nullopt);
    }
    for (size_t i = 0; i < names_.size() && !is_full(); ++i) {
      TakeName(twin, list, names_[i]);
    }
  }

  bool is_full() const { return edges_.size() == full_; }

 private:
  template <typename List>
  void TakeName(TwinNumber twin, const List& list,
                std::optional<NameNumber> name) {
    Neighbour from{.name = name.value_or(NameNumber{})};
    if (position_.after.has_value()) {
      from = std::max(from, Behind(ToNeighbour(*position_.after, direction_)));
    }
    list.VisitFrom(from, [&](const Neighbour& each) {
      if (is_full() || (name.has_value() && each.name != *name)) {
        return false;
      }
      edges_.push_back({position_.index, ToEdge(twin, each, direction_)});
      return true;
    });
  }

  const Direction direction_;
  const std::vector<NameNumber> names_;
  const size_t full_;
  const ExpandPosition& position_;
  std::vector<ExpandedEdge>& edges_;
};

}  // namespace

bool Topology::Expand(Revision revision, const ExpandRequest& request,
                      size_t limit, ExpandPosition& position,
                      std::vector<ExpandedEdge>& edges) const {
  if (revision < oldest()) {
    return false;
  }
  const Adjacency& lists = Of(request.direction);
  Expansion expansion(request, edges.size() + limit, position, edges);
  for (; position.index < request.twins.size(); ++position.index) {
    const TwinNumber twin = request.twins[position.index];
    lists.LookAhead(request.twins, position.index);
    const bool is_known = lists.Read(
        twin, revision, [&](const auto& list) { expansion.Take(twin, list); });
    if (!is_known) {
      return false;
    }
    if (expansion.is_full()) {
      if (limit > 0) {
        position.after = edges.back().edge;
      }
      return true;
    }
    position.after.reset();
  }
  return true;
}

std::optional<size_t> Topology::Degree(Revision revision, TwinNumber twin,
                                       Direction direction,
                                       std::optional<NameNumber> name,
                                       size_t limit) const {
  if (revision < oldest()) {
    return std::nullopt;
  }
  size_t count = 0;
  const NameNumber first = name.value_or(NameNumber{});
  const bool is_known =
      Of(direction).Read(twin, revision, [&](const auto& list) {
        list.VisitFrom({.name = first}, [&](const Neighbour& each) {
          if (count == limit || (name.has_value() && each.name != first)) {
            return false;
          }
          ++count;
          return true;
        });
      });
  return is_known ? std::optional<size_t>(count) : std::nullopt;
}

bool Topology::AppendEnds(Revision revision, absl::Span<const TwinNumber> twins,
                          Direction direction, NameNumber name,
                          std::vector<TwinNumber>& ends) const {
  const Adjacency& lists = Of(direction);
  const size_t before = ends.size();
  bool is_known = revision >= oldest();
  for (size_t i = 0; i < twins.size() && is_known; ++i) {
    lists.LookAhead(twins, i);
    is_known = lists.Read(twins[i], revision, [&](const auto& list) {
      list.VisitEnds(name, [&](TwinNumber end) { ends.push_back(end); });
    });
  }
  if (!is_known) {
    ends.resize(before);
  }
  return is_known;
}

absl::Status Topology::Load(const Context& ctx, const commit::Reader& reader) {
  ASSIGN_OR_RETURN(
      const auto counter,
      reader.Get(ctx, key::kCounterSpace, key::RelationshipCounterKey()));
  const auto count = static_cast<size_t>(
      counter.has_value() ? kv::DecodeCounter(counter->value).value_or(0) : 0);
  std::atomic<bool> fits = count <= limit_ / (2 * kLeastBytes) && limit_ > 0;
  if (fits) {
    // Two halves of about the same length.
    absl::StatusOr<bool> incoming = true;
    std::thread other([&] {
      incoming = LoadDirection(ctx, reader, Direction::kIncoming, fits);
    });
    const absl::StatusOr<bool> outgoing =
        LoadDirection(ctx, reader, Direction::kOutgoing, fits);
    other.join();
    RETURN_IF_ERROR(outgoing.status());
    RETURN_IF_ERROR(incoming.status());
  }
  if (fits && bytes() <= limit_) {
    oldest_.store(reader.revision(), std::memory_order_release);
    return absl::OkStatus();
  }
  TurnOff();
  outgoing_.Clear(SIZE_MAX);
  incoming_.Clear(SIZE_MAX);
  return absl::OkStatus();
}

absl::StatusOr<bool> Topology::LoadDirection(const Context& ctx,
                                             const commit::Reader& reader,
                                             Direction direction,
                                             std::atomic<bool>& fits) {
  Adjacency& lists = Of(direction);
  TwinNumber twin{};
  std::vector<Neighbour> list;
  size_t loaded = 0;
  const auto store_list = [&] {
    const bool is_in_reach = list.empty() || lists.Load(twin, list);
    list.clear();
    if (!is_in_reach ||
        (++loaded % kLoadedBetweenLooks == 0 && bytes() > limit_)) {
      fits = false;
    }
    return fits.load();
  };
  RETURN_IF_ERROR(
      ScanRows(ctx, reader, SpaceOf(direction), kv::Range::All(),
               [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
                 Edge edge;
                 if (!DecodeKey(row.key(), direction, edge)) {
                   LogWarning("a key is damaged; the store is used",
                              {{"space", key::SpaceName(SpaceOf(direction))}});
                   fits = false;
                   return false;
                 }
                 const TwinNumber near = NearEnd(edge, direction);
                 if (near != twin && !store_list()) {
                   return false;
                 }
                 twin = near;
                 list.push_back(ToNeighbour(edge, direction));
                 return true;
               }));
  return store_list();
}

void Topology::Apply(const commit::GroupView& group) {
  if (oldest() == kNever) {
    outgoing_.Clear(kFreedPerGroup);
    incoming_.Clear(kFreedPerGroup);
    return;
  }
  if (!ApplyDirection(group, Direction::kOutgoing) ||
      !ApplyDirection(group, Direction::kIncoming) || bytes() > limit_) {
    LogWarning("the topology does not fit its memory; the store is used");
    TurnOff();
    return;
  }
  Settle();
}

bool Topology::ApplyDirection(const commit::GroupView& group,
                              Direction direction) {
  std::vector<TwinChange> changes;
  for (size_t i = 0; i < group.record.commits.size(); ++i) {
    for (const kv::Effect& effect : group.record.commits[i].effects) {
      Edge edge;
      if (effect.space == SpaceOf(direction) &&
          effect.op != kv::EffectOp::kTouch &&
          DecodeKey(effect.key, direction, edge)) {
        changes.push_back({NearEnd(edge, direction),
                           {.neighbour = ToNeighbour(edge, direction),
                            .revision = group.RevisionOf(i),
                            .is_added = effect.op == kv::EffectOp::kPut}});
      }
    }
  }
  std::sort(changes.begin(), changes.end());
  std::vector<NeighbourChange> of_twin;
  for (size_t i = 0; i < changes.size(); ++i) {
    of_twin.push_back(changes[i].change);
    if (i + 1 < changes.size() && changes[i + 1].twin == changes[i].twin) {
      continue;
    }
    if (!Of(direction).Change(changes[i].twin, of_twin)) {
      return false;
    }
    changed_.push_back(
        {group.record.last_revision(), direction, changes[i].twin});
    of_twin.clear();
  }
  return true;
}

void Topology::Settle() {
  while (changed_.size() > options_.remembered_changes) {
    const Changed changed = changed_.front();
    changed_.pop_front();
    oldest_.store(changed.revision, std::memory_order_release);
    Of(changed.direction).Settle(changed.twin, changed.revision);
  }
}

void Topology::TurnOff() {
  oldest_.store(kNever, std::memory_order_release);
  changed_.clear();
}

}  // namespace twingraph::graph

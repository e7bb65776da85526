// Following relationships in memory, beside the least that it can cost: a loop
// over compressed sparse rows of the same graph, a million twins with five
// relationships each.

#include "storage/graph/topology.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "benchmark/benchmark.h"

#include "bench/storage/support.h"
#include "storage/base/status.h"
#include "storage/graph/memory_expander.h"
#include "storage/key/key_space.h"
#include "storage/key/relationship_key.h"

namespace twingraph::graph {
namespace {

using bench::NextRandom;
using bench::Require;

constexpr uint64_t kTwins = 1'000'000;
constexpr uint64_t kFanOut = 5;
constexpr size_t kThreeHops = kFanOut * kFanOut * kFanOut;

// The keys of one direction in order, made as they are read.
class EdgeCursor final : public kv::Cursor {
 public:
  // `edges`: borrowed, sorted as the keys are.
  EdgeCursor(const std::vector<Edge>& edges, bool is_outgoing)
      : edges_(edges), is_outgoing_(is_outgoing) {}

  bool Next() override {
    if (next_ == edges_.size()) {
      return false;
    }
    key_ = is_outgoing_ ? key::EncodeOutKey(edges_[next_])
                        : key::EncodeInKey(edges_[next_]);
    ++next_;
    return true;
  }

  void Seek(absl::string_view) override {}

  absl::string_view key() const override { return key_; }

  absl::string_view value() const override { return ""; }

  kv::Revision revision() const override { return 1; }

  size_t range() const override { return 0; }

  absl::Status status() const override { return absl::OkStatus(); }

 private:
  const std::vector<Edge>& edges_;
  const bool is_outgoing_;
  size_t next_ = 0;
  std::string key_;
};

// What a topology loads from: relationships, and nothing else.
class EdgeReader final : public commit::Reader {
 public:
  explicit EdgeReader(std::vector<Edge> edges)
      : outgoing_(std::move(edges)), incoming_(outgoing_) {
    std::sort(incoming_.begin(), incoming_.end(),
              [](const Edge& a, const Edge& b) {
                return std::tie(a.target, a.name, a.source, a.number) <
                       std::tie(b.target, b.name, b.source, b.number);
              });
  }

  kv::Revision revision() const override { return 1; }

  const commit::Head& head() const override { return head_; }

  absl::StatusOr<std::optional<kv::Row>> Get(const Context&, kv::SpaceId,
                                             absl::string_view) const override {
    return std::nullopt;
  }

  absl::StatusOr<std::vector<std::optional<kv::Row>>> MultiGet(
      const Context&, kv::SpaceId,
      absl::Span<const std::string> keys) const override {
    return std::vector<std::optional<kv::Row>>(keys.size());
  }

  std::unique_ptr<kv::Cursor> MultiScan(const Context&, kv::SpaceId space,
                                        std::vector<kv::Range>,
                                        kv::Order) const override {
    const bool is_outgoing = space == key::kOutSpace;
    return std::make_unique<EdgeCursor>(is_outgoing ? outgoing_ : incoming_,
                                        is_outgoing);
  }

 private:
  commit::Head head_;
  std::vector<Edge> outgoing_;
  std::vector<Edge> incoming_;
};

// The same graph in memory and as sparse rows.
class World {
 public:
  static World& Get() {
    static World world;
    return world;
  }

  const Topology& topology() const { return topology_; }

  const std::vector<uint32_t>& targets() const { return targets_; }

  const std::vector<uint32_t>& offsets() const { return offsets_; }

  const EdgeReader& reader() const { return *reader_; }

 private:
  World() {
    std::vector<Edge> edges;
    uint64_t random = 1;
    offsets_.assign(2, 0);
    for (uint64_t twin = 1; twin <= kTwins; ++twin) {
      for (uint64_t i = 0; i < kFanOut; ++i) {
        const uint64_t target = NextRandom(random, kTwins) + 1;
        edges.push_back({NameNumber{1}, TwinNumber{twin}, TwinNumber{target},
                         RelationshipNumber{edges.size() + 1}});
        targets_.push_back(static_cast<uint32_t>(target));
      }
      std::sort(edges.end() - kFanOut, edges.end());
      offsets_.push_back(static_cast<uint32_t>(targets_.size()));
    }
    reader_ = std::make_unique<EdgeReader>(std::move(edges));
    topology_.SetOptions({.bytes = size_t{1} << 30});
    Require(topology_.Load(Context(), *reader_));
  }

  std::vector<uint32_t> offsets_;  // by twin number
  std::vector<uint32_t> targets_;
  std::unique_ptr<EdgeReader> reader_;
  Topology topology_;
};

void ThreeHopsOverRows(benchmark::State& state) {
  const World& world = World::Get();
  const std::vector<uint32_t>& offsets = world.offsets();
  const std::vector<uint32_t>& targets = world.targets();
  std::vector<uint32_t> ends;
  std::vector<uint32_t> next;
  uint64_t random = 1;
  for (auto _ : state) {
    ends.assign(1, static_cast<uint32_t>(NextRandom(random, kTwins) + 1));
    for (int hop = 0; hop < 3; ++hop) {
      next.clear();
      for (const uint32_t twin : ends) {
        for (uint32_t i = offsets[twin]; i < offsets[twin + 1]; ++i) {
          next.push_back(targets[i]);
        }
      }
      ends.swap(next);
    }
    if (ends.size() != kThreeHops) {
      state.SkipWithError("wrong ends");
    }
  }
}

void ThreeHopsInMemory(benchmark::State& state) {
  const World& world = World::Get();
  std::vector<TwinNumber> ends;
  std::vector<TwinNumber> next;
  uint64_t random = 1;
  for (auto _ : state) {
    ends.assign(1, TwinNumber{NextRandom(random, kTwins) + 1});
    for (int hop = 0; hop < 3; ++hop) {
      next.clear();
      world.topology().AppendEnds(1, ends, Direction::kOutgoing, NameNumber{1},
                                  next);
      ends.swap(next);
    }
    if (ends.size() != kThreeHops) {
      state.SkipWithError("wrong ends");
    }
  }
}

// As queries do it: whole edges, a call for each hop.
void ThreeHopsExpanded(benchmark::State& state) {
  const World& world = World::Get();
  const MemoryExpander expander(world.topology(), world.reader());
  const Context ctx;
  const NameNumber name{1};
  std::vector<TwinNumber> ends;
  std::vector<ExpandedEdge> edges;
  uint64_t random = 1;
  for (auto _ : state) {
    ends.assign(1, TwinNumber{NextRandom(random, kTwins) + 1});
    for (int hop = 0; hop < 3; ++hop) {
      edges.clear();
      ExpandPosition position;
      Require(expander.Expand(ctx,
                              {.twins = ends,
                               .direction = Direction::kOutgoing,
                               .names = {&name, 1}},
                              1000, position, edges));
      ends.clear();
      for (const ExpandedEdge& each : edges) {
        ends.push_back(each.edge.target);
      }
    }
    if (ends.size() != kThreeHops) {
      state.SkipWithError("wrong ends");
    }
  }
}

BENCHMARK(ThreeHopsOverRows);
BENCHMARK(ThreeHopsInMemory);
BENCHMARK(ThreeHopsExpanded);

}  // namespace
}  // namespace twingraph::graph

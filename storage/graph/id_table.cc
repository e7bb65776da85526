#include "storage/graph/id_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/hash/hash.h"

#include "storage/kv/space.h"

namespace twingraph::graph {
namespace {

constexpr int kBlockBits = 14;
constexpr size_t kBlockBytes = size_t{1} << kBlockBits;

constexpr int kLengthBits = 16;
constexpr uint64_t kLengthMask = (uint64_t{1} << kLengthBits) - 1;
constexpr size_t kHeadBytes = sizeof(uint64_t);

static_assert(kv::kMaxKeyBytes <= kLengthMask);
static_assert(kv::kMaxKeyBytes + kHeadBytes <= kBlockBytes);

}  // namespace

IdTable::Place IdTable::Blocks::Append(absl::string_view id, TwinNumber twin) {
  const size_t size = kHeadBytes + id.size();
  if (blocks_.empty() || used_of_last_ + size > kBlockBytes) {
    blocks_.push_back(std::make_unique<char[]>(kBlockBytes));
    used_of_last_ = 0;
  }
  const auto place =
      static_cast<Place>(((blocks_.size() - 1) << kBlockBits) + used_of_last_);
  char* const bytes = &blocks_.back()[used_of_last_];
  const uint64_t head = (ToInt(twin) << kLengthBits) | id.size();
  std::memcpy(bytes, &head, kHeadBytes);
  std::memcpy(bytes + kHeadBytes, id.data(), id.size());
  used_of_last_ += size;
  return place;
}

const char* IdTable::Blocks::At(Place place) const {
  return &blocks_[place >> kBlockBits][place & (kBlockBytes - 1)];
}

uint64_t IdTable::Blocks::HeadAt(Place place) const {
  uint64_t head = 0;
  std::memcpy(&head, At(place), kHeadBytes);
  return head;
}

absl::string_view IdTable::Blocks::IdAt(Place place) const {
  return {At(place) + kHeadBytes, HeadAt(place) & kLengthMask};
}

TwinNumber IdTable::Blocks::NumberAt(Place place) const {
  return TwinNumber{HeadAt(place) >> kLengthBits};
}

size_t IdTable::Blocks::bytes() const {
  return blocks_.size() * kBlockBytes;
}

size_t IdTable::Hash::operator()(absl::string_view id) const {
  return absl::Hash<absl::string_view>()(id);
}

size_t IdTable::Hash::operator()(Place place) const {
  return (*this)(blocks->IdAt(place));
}

bool IdTable::Equal::operator()(Place place, absl::string_view id) const {
  return blocks->IdAt(place) == id;
}

bool IdTable::Equal::operator()(absl::string_view id, Place place) const {
  return (*this)(place, id);
}

IdTable::IdTable()
    : blocks_(std::make_unique<Blocks>()), places_(NoPlaces(*blocks_)) {}

IdTable::Places IdTable::NoPlaces(const Blocks& blocks) {
  return Places(0, Hash{&blocks}, Equal{&blocks});
}

std::optional<TwinNumber> IdTable::Find(absl::string_view id) const {
  const auto found = places_.find(id);
  if (found == places_.end()) {
    return std::nullopt;
  }
  return blocks_->NumberAt(*found);
}

void IdTable::Set(absl::string_view id, TwinNumber twin) {
  Erase(id);
  places_.insert(blocks_->Append(id, twin));
}

void IdTable::Erase(absl::string_view id) {
  const auto found = places_.find(id);
  if (found == places_.end()) {
    return;
  }
  places_.erase(found);
  dead_bytes_ += kHeadBytes + id.size();
  if (dead_bytes_ > std::max(blocks_->bytes() / 2, kBlockBytes)) {
    Repack();
  }
}

size_t IdTable::bytes() const {
  return blocks_->bytes() + places_.capacity() * (sizeof(Place) + 1);
}

void IdTable::Repack() {
  auto blocks = std::make_unique<Blocks>();
  Places places = NoPlaces(*blocks);
  places.reserve(places_.size());
  for (const Place place : places_) {
    places.insert(
        blocks->Append(blocks_->IdAt(place), blocks_->NumberAt(place)));
  }
  places_ = std::move(places);
  blocks_ = std::move(blocks);
  dead_bytes_ = 0;
}

}  // namespace twingraph::graph

#include "storage/kv/history_size.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace twingraph::kv {
namespace {

constexpr size_t kSamplesAtMost = 1024;

}  // namespace

void HistorySize::Start(Revision head) {
  MutexLock lock(mutex_);
  samples_ = {{0, 0}};
  if (head > 0) {
    samples_.push_back({head, 0});
  }
}

void HistorySize::Weigh(uint64_t bytes) {
  MutexLock lock(mutex_);
  Sample& first = samples_.front();
  first.bytes =
      std::min(first.bytes, samples_.back().bytes - static_cast<double>(bytes));
}

void HistorySize::Note(Revision revision, uint64_t bytes) {
  MutexLock lock(mutex_);
  const Sample sample{revision,
                      samples_.back().bytes + static_cast<double>(bytes)};
  const size_t count = samples_.size();
  if (count > 2 && sample.bytes - samples_[count - 2].bytes < step_) {
    samples_.back() = sample;
    return;
  }
  samples_.push_back(sample);
  if (samples_.size() > kSamplesAtMost) {
    Thin();
  }
}

void HistorySize::Thin() {
  step_ =
      (samples_.back().bytes - samples_.front().bytes) / (kSamplesAtMost / 2.0);
  std::deque<Sample> kept;
  for (const Sample& sample : samples_) {
    if (kept.size() > 1 && sample.bytes - kept[kept.size() - 2].bytes < step_) {
      kept.back() = sample;
    } else {
      kept.push_back(sample);
    }
  }
  samples_ = std::move(kept);
}

double HistorySize::BytesUpTo(Revision revision) const {
  const auto next = std::lower_bound(
      samples_.begin(), samples_.end(), revision,
      [](const Sample& sample, Revision at) { return sample.revision < at; });
  if (next == samples_.end()) {
    return samples_.back().bytes;
  }
  if (next == samples_.begin()) {
    return next->bytes;
  }
  const Sample& before = *std::prev(next);
  const double part = static_cast<double>(revision - before.revision) /
                      static_cast<double>(next->revision - before.revision);
  return before.bytes + part * (next->bytes - before.bytes);
}

void HistorySize::GiveUp(Revision floor) {
  MutexLock lock(mutex_);
  CutBefore(floor);
  has_rest_ = true;
}

bool HistorySize::has_rest() const {
  MutexLock lock(mutex_);
  return has_rest_;
}

void HistorySize::Left(Revision floor) {
  MutexLock lock(mutex_);
  CutBefore(floor);
  has_rest_ = false;
}

void HistorySize::CutBefore(Revision floor) {
  if (floor <= samples_.front().revision) {
    return;
  }
  const Sample first{floor, BytesUpTo(floor)};
  while (!samples_.empty() && samples_.front().revision <= floor) {
    samples_.pop_front();
  }
  samples_.push_front(first);
  // What is left has as many samples as it had, so they may lie closer again.
  step_ = std::min(
      step_, (samples_.back().bytes - first.bytes) / (kSamplesAtMost / 2.0));
}

double HistorySize::ShareUpTo(Revision floor) const {
  MutexLock lock(mutex_);
  const double first = samples_.front().bytes;
  const double all = samples_.back().bytes - first;
  return all > 0 ? (BytesUpTo(floor) - first) / all : 0;
}

Revision HistorySize::FloorKeeping(double share) const {
  MutexLock lock(mutex_);
  const double last = samples_.back().bytes;
  const double wanted = last - share * (last - samples_.front().bytes);
  const auto next = std::lower_bound(
      samples_.begin(), samples_.end(), wanted,
      [](const Sample& sample, double at) { return sample.bytes < at; });
  if (next == samples_.begin() || next == samples_.end()) {
    return next == samples_.end() ? samples_.back().revision : next->revision;
  }
  const Sample& before = *std::prev(next);
  const double part = (wanted - before.bytes) / (next->bytes - before.bytes);
  return before.revision +
         static_cast<Revision>(
             part * static_cast<double>(next->revision - before.revision));
}

}  // namespace twingraph::kv

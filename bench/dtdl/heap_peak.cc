#include "bench/dtdl/heap_peak.h"

#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::atomic<bool> is_counting = false;
std::atomic<int64_t> in_use = 0;
std::atomic<int64_t> most_in_use = 0;

void Count(int64_t change) {
  const int64_t now = in_use += change;
  int64_t known = most_in_use.load();
  while (now > known && !most_in_use.compare_exchange_weak(known, now)) {
  }
}

void* Counted(void* memory) {
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  if (is_counting.load(std::memory_order_relaxed)) {
    Count(static_cast<int64_t>(malloc_usable_size(memory)));
  }
  return memory;
}

void Give(void* memory) {
  if (memory != nullptr && is_counting.load(std::memory_order_relaxed)) {
    Count(-static_cast<int64_t>(malloc_usable_size(memory)));
  }
  std::free(memory);
}

}  // namespace

void* operator new(size_t size) {
  return Counted(std::malloc(size));
}

void* operator new[](size_t size) {
  return Counted(std::malloc(size));
}

void* operator new(size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<size_t>(alignment);
  return Counted(std::aligned_alloc(unit, (size + unit - 1) / unit * unit));
}

void operator delete(void* memory) noexcept {
  Give(memory);
}

void operator delete[](void* memory) noexcept {
  Give(memory);
}

void operator delete(void* memory, size_t /*size*/) noexcept {
  Give(memory);
}

void operator delete[](void* memory, size_t /*size*/) noexcept {
  Give(memory);
}

void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
  Give(memory);
}

void operator delete(void* memory, size_t /*size*/,
                     std::align_val_t /*alignment*/) noexcept {
  Give(memory);
}

namespace twingraph::bench {

HeapCount::HeapCount() {
  in_use = 0;
  most_in_use = 0;
  is_counting = true;
}

HeapCount::~HeapCount() {
  is_counting = false;
}

int64_t HeapCount::bytes() const {
  return in_use;
}

int64_t HeapCount::peak() const {
  return most_in_use;
}

}  // namespace twingraph::bench

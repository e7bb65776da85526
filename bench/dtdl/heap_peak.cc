#include "bench/dtdl/heap_peak.h"

#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

std::atomic<size_t> in_use = 0;
std::atomic<size_t> peak = 0;

void* Take(size_t size) {
  void* memory = std::malloc(size);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  const size_t now = in_use += malloc_usable_size(memory);
  size_t known = peak.load();
  while (now > known && !peak.compare_exchange_weak(known, now)) {
  }
  return memory;
}

void Give(void* memory) {
  if (memory != nullptr) {
    in_use -= malloc_usable_size(memory);
    std::free(memory);
  }
}

}  // namespace

void* operator new(size_t size) {
  return Take(size);
}

void* operator new[](size_t size) {
  return Take(size);
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

namespace twingraph::bench {

size_t HeapBytes() {
  return in_use;
}

size_t HeapPeak() {
  return peak;
}

void ResetHeapPeak() {
  peak = in_use.load();
}

}  // namespace twingraph::bench

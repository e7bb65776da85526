#include "storage/base/resident_memory.h"

#include <algorithm>
#include <fstream>

#include "absl/time/time.h"
#include <malloc.h>
#include <unistd.h>

namespace twingraph {
namespace {

// A look costs some microseconds.
constexpr absl::Duration kPeriod = absl::Milliseconds(50);

}  // namespace

size_t FreeMemory(size_t budget_bytes) {
  malloc_trim(0);
  return budget_bytes - std::min(budget_bytes, ResidentBytes());
}

size_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  size_t total_pages = 0;
  size_t resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

MemoryTrimmer::MemoryTrimmer(size_t from_bytes)
    : from_bytes_(from_bytes), thread_([this] { Run(); }) {}

MemoryTrimmer::~MemoryTrimmer() {
  {
    MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  wake_.NotifyAll();
  thread_.join();
}

void MemoryTrimmer::Run() {
  MutexLock lock(mutex_);
  while (!is_stopping_) {
    Look();
    wake_.WaitFor(mutex_, kPeriod);
  }
}

void MemoryTrimmer::Look() {
  const size_t now = ResidentBytes();
  trimmed_to_ = std::min(trimmed_to_, now);
  if (now >= std::max(from_bytes_, trimmed_to_ + from_bytes_ / 16)) {
    malloc_trim(0);
    trimmed_to_ = ResidentBytes();
  }
}

}  // namespace twingraph

#include "tests/support/power_loss_env.h"

#include <string>
#include <utility>

#include "rocksdb/file_system.h"

#include "storage/base/mutex.h"

namespace twingraph {
namespace {

using rocksdb::DataVerificationInfo;
using rocksdb::FileOptions;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// Appends to memory; a sync writes it and makes it durable.
class HeldBackFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  explicit HeldBackFile(std::unique_ptr<FSWritableFile> target)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(target)) {}

  IOStatus Append(const Slice& data, const IOOptions& /*options*/,
                  IODebugContext* /*debug*/) override {
    MutexLock lock(mutex_);
    held_.append(data.data(), data.size());
    return IOStatus::OK();
  }

  IOStatus Append(const Slice& data, const IOOptions& options,
                  const DataVerificationInfo& /*verification*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  IOStatus Flush(const IOOptions& /*options*/,
                 IODebugContext* /*debug*/) override {
    return IOStatus::OK();
  }

  IOStatus RangeSync(uint64_t /*offset*/, uint64_t /*bytes*/,
                     const IOOptions& /*options*/,
                     IODebugContext* /*debug*/) override {
    return IOStatus::OK();
  }

  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    MutexLock lock(mutex_);
    IOStatus status = Write(options, debug);
    return status.ok() ? target()->Sync(options, debug) : status;
  }

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    MutexLock lock(mutex_);
    IOStatus status = Write(options, debug);
    return status.ok() ? target()->Fsync(options, debug) : status;
  }

  IOStatus Truncate(uint64_t size, const IOOptions& options,
                    IODebugContext* debug) override {
    MutexLock lock(mutex_);
    IOStatus status = Write(options, debug);
    return status.ok() ? target()->Truncate(size, options, debug) : status;
  }

  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    MutexLock lock(mutex_);
    IOStatus status = Write(options, debug);
    return status.ok() ? target()->Close(options, debug) : status;
  }

  uint64_t GetFileSize(const IOOptions& options,
                       IODebugContext* debug) override {
    MutexLock lock(mutex_);
    return target()->GetFileSize(options, debug) + held_.size();
  }

 private:
  IOStatus Write(const IOOptions& options, IODebugContext* debug)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (held_.empty()) {
      return IOStatus::OK();
    }
    IOStatus status = target()->Append(held_, options, debug);
    held_.clear();
    return status.ok() ? target()->Flush(options, debug) : status;
  }

  Mutex mutex_;
  std::string held_ ABSL_GUARDED_BY(mutex_);
};

class PowerLossFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  PowerLossFileSystem()
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "twingraph.PowerLoss"; }

  IOStatus NewWritableFile(const std::string& name, const FileOptions& options,
                           std::unique_ptr<FSWritableFile>* file,
                           IODebugContext* debug) override {
    std::unique_ptr<FSWritableFile> opened;
    IOStatus status = target()->NewWritableFile(name, options, &opened, debug);
    if (status.ok()) {
      *file = std::make_unique<HeldBackFile>(std::move(opened));
    }
    return status;
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> NewPowerLossEnv() {
  return rocksdb::NewCompositeEnv(std::make_shared<PowerLossFileSystem>());
}

}  // namespace twingraph

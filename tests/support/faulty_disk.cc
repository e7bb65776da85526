#include "tests/support/faulty_disk.h"

#include <utility>

#include "rocksdb/file_system.h"

namespace twingraph {
namespace {

using rocksdb::DataVerificationInfo;
using rocksdb::FileOptions;
using rocksdb::FSRandomAccessFile;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// As RocksDB makes them of errno.
IOStatus StatusOf(FaultyDisk::Fault fault) {
  if (fault == FaultyDisk::Fault::kNone) {
    return IOStatus::OK();
  }
  if (fault == FaultyDisk::Fault::kBroken) {
    return IOStatus::IOError("injected", "Input/output error");
  }
  IOStatus full = IOStatus::NoSpace("injected", "No space left on device");
  full.SetRetryable(true);
  return full;
}

class FaultyWritableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyWritableFile(FaultyDisk& disk, std::string name,
                     std::unique_ptr<FSWritableFile> target)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(target)),
        disk_(disk),
        name_(std::move(name)) {}

  IOStatus Append(const Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    const IOStatus status = StatusOf(disk_.WriteFault(name_));
    if (status.IsNoSpace()) {
      target()
          ->Append(Slice(data.data(), data.size() / 2), options, debug)
          .PermitUncheckedError();
    }
    return status.ok() ? target()->Append(data, options, debug) : status;
  }

  IOStatus Append(const Slice& data, const IOOptions& options,
                  const DataVerificationInfo& /*verification*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    const IOStatus status = StatusOf(disk_.WriteFault(name_));
    return status.ok() ? target()->Sync(options, debug) : status;
  }

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    const IOStatus status = StatusOf(disk_.WriteFault(name_));
    return status.ok() ? target()->Fsync(options, debug) : status;
  }

 private:
  FaultyDisk& disk_;
  const std::string name_;
};

class FaultyRandomAccessFile final
    : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  FaultyRandomAccessFile(FaultyDisk& disk, std::string name,
                         std::unique_ptr<FSRandomAccessFile> target)
      : rocksdb::FSRandomAccessFileOwnerWrapper(std::move(target)),
        disk_(disk),
        name_(std::move(name)) {}

  IOStatus Read(uint64_t offset, size_t size, const IOOptions& options,
                Slice* result, char* scratch,
                IODebugContext* debug) const override {
    const IOStatus status = StatusOf(disk_.ReadFault(name_));
    return status.ok()
               ? target()->Read(offset, size, options, result, scratch, debug)
               : status;
  }

  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count,
                     const IOOptions& options, IODebugContext* debug) override {
    const IOStatus status = StatusOf(disk_.ReadFault(name_));
    return status.ok() ? target()->MultiRead(requests, count, options, debug)
                       : status;
  }

 private:
  FaultyDisk& disk_;
  const std::string name_;
};

class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FaultyFileSystem(FaultyDisk& disk)
      : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()),
        disk_(disk) {}

  const char* Name() const override { return "twingraph.FaultyDisk"; }

  IOStatus NewWritableFile(const std::string& name, const FileOptions& options,
                           std::unique_ptr<FSWritableFile>* file,
                           IODebugContext* debug) override {
    IOStatus status = StatusOf(disk_.WriteFault(name));
    std::unique_ptr<FSWritableFile> opened;
    if (status.ok()) {
      status = target()->NewWritableFile(name, options, &opened, debug);
    }
    if (status.ok()) {
      *file =
          std::make_unique<FaultyWritableFile>(disk_, name, std::move(opened));
    }
    return status;
  }

  IOStatus NewRandomAccessFile(const std::string& name,
                               const FileOptions& options,
                               std::unique_ptr<FSRandomAccessFile>* file,
                               IODebugContext* debug) override {
    std::unique_ptr<FSRandomAccessFile> opened;
    IOStatus status =
        target()->NewRandomAccessFile(name, options, &opened, debug);
    if (status.ok()) {
      *file = std::make_unique<FaultyRandomAccessFile>(disk_, name,
                                                       std::move(opened));
    }
    return status;
  }

  // Also what RocksDB says of itself is written to this disk.
  IOStatus NewLogger(const std::string& name, const IOOptions& options,
                     std::shared_ptr<rocksdb::Logger>* logger,
                     IODebugContext* debug) override {
    return rocksdb::FileSystem::NewLogger(name, options, logger, debug);
  }

  IOStatus GetFreeSpace(const std::string& path, const IOOptions& options,
                        uint64_t* free_bytes, IODebugContext* debug) override {
    *free_bytes = disk_.free_bytes();
    return *free_bytes == UINT64_MAX
               ? target()->GetFreeSpace(path, options, free_bytes, debug)
               : IOStatus::OK();
  }

 private:
  FaultyDisk& disk_;
};

}  // namespace

FaultyDisk::FaultyDisk()
    : env_(
          rocksdb::NewCompositeEnv(std::make_shared<FaultyFileSystem>(*this))) {
}

void FaultyDisk::FailWrites(Fault fault, const std::string& part) {
  MutexLock lock(mutex_);
  write_fault_ = fault;
  write_part_ = part;
}

void FaultyDisk::FailReads(const std::string& part) {
  MutexLock lock(mutex_);
  read_fault_ = Fault::kBroken;
  read_part_ = part;
}

void FaultyDisk::Repair() {
  MutexLock lock(mutex_);
  write_fault_ = Fault::kNone;
  read_fault_ = Fault::kNone;
}

FaultyDisk::Fault FaultyDisk::WriteFault(const std::string& name) {
  MutexLock lock(mutex_);
  if (write_fault_ == Fault::kNone ||
      name.find(write_part_) == std::string::npos) {
    return Fault::kNone;
  }
  ++failures_;
  return write_fault_;
}

FaultyDisk::Fault FaultyDisk::ReadFault(const std::string& name) {
  MutexLock lock(mutex_);
  return name.find(read_part_) == std::string::npos ? Fault::kNone
                                                    : read_fault_;
}

}  // namespace twingraph

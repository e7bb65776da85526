#include "tests/support/power_loss_disk.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "storage/base/mutex.h"

namespace twingraph {
namespace {

namespace fs = std::filesystem;

// Files up to this size are compared before they are taken for grown ones.
constexpr uint64_t kSmallFileBytes = 64 << 10;

using Inode = uint64_t;

struct Entry {
  Inode inode = 0;
  bool is_directory = false;

  friend bool operator==(const Entry&, const Entry&) = default;
};

using Listing = std::map<std::string, Entry>;

void Require(bool is_fine, const std::string& what) {
  if (!is_fine) {
    std::perror(what.c_str());
    std::abort();
  }
}

// The names in a directory; what changes meanwhile may be among them or not.
Listing ReadOnce(const std::string& path) {
  Listing names;
  std::error_code error;
  for (fs::directory_iterator it(path, error);
       !error && it != fs::directory_iterator(); it.increment(error)) {
    struct stat facts = {};
    if (lstat(it->path().c_str(), &facts) == 0) {
      names[it->path().filename()] = {facts.st_ino, S_ISDIR(facts.st_mode)};
    }
  }
  return names;
}

// The names in a directory as they are at one moment.
Listing ReadDirectory(const std::string& path) {
  Listing names = ReadOnce(path);
  for (Listing again = ReadOnce(path); again != names;) {
    names = std::exchange(again, ReadOnce(path));
  }
  return names;
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

void WriteFile(const std::string& path, absl::string_view content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

// Where the record of a disk keeps what:
//   names/INODE  the durable names of a directory: "inode d|f name" in lines
//   bytes/INODE  the durable content of a file
//   pins/INODE   the file itself, so that its number is not given to another
class Record {
 public:
  explicit Record(std::string path) : path_(std::move(path)) {}

  void Make() const {
    fs::remove_all(path_);
    for (const char* part : {"/names", "/bytes", "/pins"}) {
      fs::create_directories(path_ + part);
    }
  }

  std::string names(Inode inode) const { return Path("/names/", inode); }

  std::string bytes(Inode inode) const { return Path("/bytes/", inode); }

  std::string pin(Inode inode) const { return Path("/pins/", inode); }

  void SetNames(Inode inode, const Listing& listing) const {
    std::string text;
    for (const auto& [name, entry] : listing) {
      absl::StrAppend(&text, entry.inode, entry.is_directory ? " d " : " f ",
                      name, "\n");
    }
    Replace(names(inode), text);
  }

  Listing Names(Inode inode) const {
    Listing listing;
    std::ifstream file(names(inode));
    Entry entry;
    char kind = 0;
    std::string name;
    while (file >> entry.inode >> kind >> name) {
      entry.is_directory = kind == 'd';
      listing[name] = entry;
    }
    return listing;
  }

  // There whole or not at all, whenever the process is killed.
  static void Replace(const std::string& path, absl::string_view content) {
    WriteFile(path + ".new", content);
    Require(rename((path + ".new").c_str(), path.c_str()) == 0, path);
  }

 private:
  std::string Path(const char* part, Inode inode) const {
    return absl::StrCat(path_, part, inode);
  }

  const std::string path_;
};

std::string ReadFrom(const std::string& path, uint64_t from, uint64_t size) {
  std::string bytes(size, '\0');
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(from));
  file.read(bytes.data(), static_cast<std::streamsize>(size));
  Require(file.good(), path);
  return bytes;
}

// Makes what a pinned file holds its durable bytes.
void TakeBytes(const Record& record, const struct stat& facts) {
  const std::string pin = record.pin(facts.st_ino);
  const std::string durable = record.bytes(facts.st_ino);
  const auto size = static_cast<uint64_t>(facts.st_size);
  std::error_code error;
  uint64_t known = fs::file_size(durable, error);
  if (error) {
    known = 0;
  }
  if (size < known || size <= kSmallFileBytes) {
    const std::string content = ReadFrom(pin, 0, size);
    if (!absl::StartsWith(content, ReadFile(durable))) {
      Record::Replace(durable, content);
      return;
    }
  }
  std::ofstream(durable, std::ios::binary | std::ios::app)
      << ReadFrom(pin, known, size - known);
}

// What a process under watch does at a sync.
class Watch {
 public:
  Watch(std::string directory, const std::string& record, Syncs syncs)
      : directory_(std::move(directory)), record_(record), syncs_(syncs) {
    record_.Make();
    MutexLock lock(mutex_);
    SyncAllNames(directory_);
    AdoptBytes();
  }

  ~Watch() {
    for (const auto& [inode, file] : held_) {
      close(file);
    }
  }

  bool Covers(absl::string_view path) const {
    return absl::ConsumePrefix(&path, directory_) &&
           (path.empty() || path[0] == '/');
  }

  void Sync(int file, const std::string& path) {
    struct stat facts = {};
    Require(fstat(file, &facts) == 0, path);
    MutexLock lock(mutex_);
    if (syncs_ == Syncs::kAllAndMore && random_() % 16 == 0) {
      SyncAllNames(directory_);
    }
    if (!S_ISDIR(facts.st_mode)) {
      SyncFile(file, facts);
    } else if (syncs_ != Syncs::kFilesOnly) {
      SyncNames(path, facts.st_ino);
    }
  }

 private:
  void SyncFile(int file, const struct stat& facts)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (linkat(AT_FDCWD, absl::StrCat("/proc/self/fd/", file).c_str(), AT_FDCWD,
               record_.pin(facts.st_ino).c_str(), AT_SYMLINK_FOLLOW) == 0 ||
        errno == EEXIST) {
      TakeBytes(record_, facts);
    }  // else it has no name left
  }

  void SyncNames(const std::string& path, Inode inode)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Hold(path, inode);
    Listing listing = ReadDirectory(path);
    while (!PinAll(path, listing)) {
      listing = ReadDirectory(path);
    }
    record_.SetNames(inode, listing);
  }

  // Numbers of durable names are not given to others; directories are kept by
  // being open. False where a name has gone meanwhile.
  bool PinAll(const std::string& path, const Listing& listing)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const auto& [name, entry] : listing) {
      const std::string full = path + "/" + name;
      if (entry.is_directory) {
        Hold(full, entry.inode);
      } else if (link(full.c_str(), record_.pin(entry.inode).c_str()) != 0 &&
                 errno != EEXIST) {
        Require(errno == ENOENT, full);
        return false;
      }
    }
    return true;
  }

  void Hold(const std::string& path, Inode inode)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    int& file = held_.try_emplace(inode, -1).first->second;
    if (file < 0) {
      file = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
  }

  void SyncAllNames(const std::string& path)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    struct stat facts = {};
    if (stat(path.c_str(), &facts) != 0) {
      return;  // gone meanwhile
    }
    SyncNames(path, facts.st_ino);
    for (const auto& [name, entry] : record_.Names(facts.st_ino)) {
      if (entry.is_directory) {
        SyncAllNames(path + "/" + name);
      }
    }
  }

  // What is in files before the watch is durable.
  void AdoptBytes() const {
    for (const auto& each : fs::recursive_directory_iterator(directory_)) {
      struct stat facts = {};
      Require(stat(each.path().c_str(), &facts) == 0, each.path());
      if (!each.is_directory()) {
        fs::copy_file(each.path(), record_.bytes(facts.st_ino),
                      fs::copy_options::skip_existing);
      }
    }
  }

  const std::string directory_;
  const Record record_;
  const Syncs syncs_;
  // A copy of a disk needs time as the disk would: one at a time.
  Mutex mutex_;
  std::mt19937_64 random_ ABSL_GUARDED_BY(mutex_){std::random_device()()};
  std::map<Inode, int> held_ ABSL_GUARDED_BY(mutex_);
};

// The one of this process; syncs of the whole process come here.
std::atomic<Watch*>& TheWatch() {
  static std::atomic<Watch*> watch{nullptr};
  return watch;
}

std::string PathOf(int file) {
  std::string path(4096, '\0');
  const ssize_t size = readlink(absl::StrCat("/proc/self/fd/", file).c_str(),
                                path.data(), path.size());
  path.resize(size < 0 ? 0 : static_cast<size_t>(size));
  return path;
}

int SyncOf(int file,
           long call) {  // NOLINT(google-runtime-int): a call's number
  if (Watch* watch = TheWatch().load(); watch != nullptr) {
    const std::string path = PathOf(file);
    if (watch->Covers(path)) {
      watch->Sync(file, path);
      return 0;
    }
  }
  return static_cast<int>(syscall(call, file));
}

// Builds what a power loss leaves of a directory.
class Wreck {
 public:
  Wreck(const std::string& directory, const std::string& record, Loss loss,
        uint64_t seed)
      : record_(record), loss_(loss), random_(seed) {
    Walk(directory);
  }

  void Build(Inode inode, const std::string& path) {
    fs::create_directory(path);
    const Listing names =
        loss_ == Loss::kBytes ? live_[inode] : record_.Names(inode);
    for (const auto& [name, entry] : names) {
      if (entry.is_directory) {
        Build(entry.inode, path + "/" + name);
      } else {
        WriteFile(path + "/" + name, BytesOf(entry.inode));
      }
    }
  }

 private:
  void Walk(const std::string& path) {
    struct stat facts = {};
    Require(stat(path.c_str(), &facts) == 0, path);
    Listing& listing = live_[facts.st_ino];
    listing = ReadDirectory(path);
    for (const auto& [name, entry] : listing) {
      if (entry.is_directory) {
        Walk(path + "/" + name);
      } else {
        files_[entry.inode] = path + "/" + name;
      }
    }
  }

  // The durable bytes and perhaps some of those behind them.
  std::string BytesOf(Inode inode) {
    std::string bytes = ReadFile(record_.bytes(inode));
    if (loss_ == Loss::kAll || random_() % 3 == 0) {
      return bytes;
    }
    const auto file = files_.find(inode);
    const std::string written =
        ReadFile(file == files_.end() ? record_.pin(inode) : file->second);
    if (!absl::StartsWith(written, bytes)) {
      return bytes;
    }
    const uint64_t more = written.size() - bytes.size();
    bytes.append(written, bytes.size(),
                 random_() % 2 == 0 ? more : random_() % (more + 1));
    return bytes;
  }

  const Record record_;
  const Loss loss_;
  std::mt19937_64 random_;
  std::map<Inode, Listing> live_;
  std::map<Inode, std::string> files_;
};

}  // namespace

void WatchDisk(const std::string& directory, const std::string& record,
               Syncs syncs) {
  StopWatchingDisk();
  TheWatch().store(
      std::make_unique<Watch>(fs::canonical(directory), record, syncs)
          .release());
}

void StopWatchingDisk() {
  const std::unique_ptr<Watch> ended(TheWatch().exchange(nullptr));
}

void LosePower(const std::string& directory, const std::string& record,
               Loss loss, uint64_t seed) {
  struct stat facts = {};
  Require(stat(directory.c_str(), &facts) == 0, directory);
  const std::string left = directory + ".left";
  Wreck(directory, record, loss, seed).Build(facts.st_ino, left);
  fs::remove_all(directory);
  fs::rename(left, directory);
  fs::remove_all(record);
}

}  // namespace twingraph

// RocksDB's and our own syncs come here: a program's functions go before those
// of libraries.
extern "C" int fsync(int file) {
  return twingraph::SyncOf(file, SYS_fsync);
}

extern "C" int fdatasync(int file) {
  return twingraph::SyncOf(file, SYS_fdatasync);
}

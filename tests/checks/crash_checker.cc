#include "tests/checks/crash_checker.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "storage/base/status_macros.h"
#include "storage/commit/store.h"
#include "storage/kv/counter.h"
#include "storage/kv_rocks/backup.h"
#include "storage/kv_rocks/store.h"
#include "tests/checks/crash_child.h"
#include "tests/support/kv_engines.h"
#include "tests/support/temp_dir.h"

namespace twingraph {
namespace {

namespace fs = std::filesystem;

using Rows = std::map<std::string, kv::Row>;

template <typename Number>
Number ToNumber(absl::string_view text) {
  Number number = 0;
  if (!absl::SimpleAtoi(text, &number)) {
    std::abort();
  }
  return number;
}

absl::StatusOr<Rows> ReadSpace(const commit::Reader& reader,
                               kv::SpaceId space) {
  Rows rows;
  const auto cursor = reader.Scan(Context(), space, kv::Range::All());
  while (cursor->Next()) {
    rows[std::string(cursor->key())] = {std::string(cursor->value()),
                                        cursor->revision()};
  }
  RETURN_IF_ERROR(cursor->status());
  return rows;
}

absl::StatusOr<int64_t> Total(const commit::Reader& reader) {
  ASSIGN_OR_RETURN(const auto total, reader.Get(Context(), kCounter, "total"));
  return total.has_value() ? *kv::DecodeCounter(total->value) : 0;
}

absl::Status CheckSameRows(const Rows& facts, const Rows& others) {
  if (others.size() != facts.size()) {
    return absl::InternalError("a commit is half there");
  }
  for (const auto& [key, row] : facts) {
    const auto other = others.find(key);
    if (other == others.end() || other->second.revision != row.revision) {
      return absl::InternalError(absl::StrCat(key, " is half there"));
    }
  }
  return absl::OkStatus();
}

// The log begins where history does and follows itself.
absl::Status CheckLog(const commit::Store& store) {
  uint64_t hash = 0;
  kv::Revision last = 0;
  bool is_first = true;
  absl::Status status;
  RETURN_IF_ERROR(
      store.engine().ReadLog(Context(), 0, [&](absl::string_view record) {
        const auto header = kv::DecodeGroupHeader(record);
        status = header.status();
        if (!status.ok()) {
          return false;
        }
        if (is_first && header->previous_revision > store.OldestRevision()) {
          status = absl::InternalError("the log begins too late");
        } else if (!is_first && (header->previous_hash != hash ||
                                 header->previous_revision != last)) {
          status = absl::InternalError("the log does not follow itself");
        }
        is_first = false;
        hash = header->hash;
        last = header->last_revision();
        return status.ok();
      }));
  RETURN_IF_ERROR(status);
  return last == store.head()->revision
             ? absl::OkStatus()
             : absl::InternalError("the log does not end at the head");
}

// At every old revision that is readable, as many commits as the counter says.
absl::Status CheckHistory(const commit::Store& store, const Rows& facts) {
  const kv::Revision oldest = store.OldestRevision();
  const kv::Revision newest = store.head()->revision;
  for (const kv::Revision at : {oldest, oldest + (newest - oldest) / 2}) {
    ASSIGN_OR_RETURN(const auto reader, store.ReaderAt(Context(), at));
    ASSIGN_OR_RETURN(const int64_t total, Total(*reader));
    const auto there = std::count_if(
        facts.begin(), facts.end(),
        [at](const auto& fact) { return fact.second.revision <= at; });
    if (total != there) {
      return absl::InternalError(absl::StrCat("at revision ", at,
                                              " the counter says ", total,
                                              ", there were ", there));
    }
  }
  return absl::OkStatus();
}

// No commit is half there; rows, counter, log and history agree.
absl::StatusOr<Rows> CheckWhole(const commit::Store& store) {
  ASSIGN_OR_RETURN(const auto reader, store.OpenSnapshot(Context()));
  ASSIGN_OR_RETURN(Rows facts, ReadSpace(*reader, kFacts));
  for (const kv::SpaceId space : {kEdges, kIndex}) {
    ASSIGN_OR_RETURN(const Rows others, ReadSpace(*reader, space));
    RETURN_IF_ERROR(CheckSameRows(facts, others));
  }
  ASSIGN_OR_RETURN(const int64_t count, Total(*reader));
  if (count != static_cast<int64_t>(facts.size())) {
    return absl::InternalError(
        absl::StrCat("the counter says ", count, ", there are ", facts.size()));
  }
  RETURN_IF_ERROR(CheckLog(store));
  RETURN_IF_ERROR(CheckHistory(store, facts));
  return facts;
}

kv::Revision NewestOf(const Rows& facts) {
  kv::Revision newest = 0;
  for (const auto& [key, row] : facts) {
    newest = std::max(newest, row.revision);
  }
  return newest;
}

// A store that was promised to be whole and to have what was committed up to a
// revision (the revision itself may be no commit of the check).
absl::Status CheckPromisedCopy(const std::string& path, kv::Revision revision) {
  ASSIGN_OR_RETURN(const auto store,
                   OpenCrashStore(path, kv::Durability::kFsync));
  RETURN_IF_ERROR(CheckWhole(*store).status());
  return store->head()->revision > revision  // opening a copy is a commit
             ? absl::OkStatus()
             : absl::InternalError(absl::StrCat("a copy ends at ",
                                                store->head()->revision,
                                                " instead of ", revision));
}

absl::Status Annotated(const absl::Status& status, const std::string& what) {
  return status.ok() ? status
                     : absl::Status(status.code(),
                                    absl::StrCat(what, ": ", status.message()));
}

}  // namespace

Promises ReadPromises(absl::string_view text) {
  Promises promises;
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  lines.pop_back();  // empty, or cut by the kill
  for (const absl::string_view line : lines) {
    const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
    if (parts[0] == "commit") {
      promises.commits[std::string(parts.at(4))] = {
          ToNumber<uint64_t>(parts.at(1)), ToNumber<uint64_t>(parts.at(2)),
          ToNumber<uint64_t>(parts.at(3))};
    } else if (parts[0] == "backup") {
      promises.backup = {ToNumber<uint32_t>(parts.at(1)),
                         ToNumber<uint64_t>(parts.at(2))};
    } else if (parts[0] == "copy") {
      promises.copies[std::string(parts.at(1))] =
          ToNumber<uint64_t>(parts.at(2));
    } else {
      ReadGraphPromise(parts, promises.graph);
    }
  }
  return promises;
}

absl::Status CrashChecker::Check(const Promises& fresh, bool in_place) {
  RETURN_IF_ERROR(NoteRevisions(fresh));
  if (fresh.backup.has_value()) {
    backup_ = fresh.backup;
  }
  RETURN_IF_ERROR(CheckCopies(fresh.copies));
  RETURN_IF_ERROR(CheckBackups());
  RETURN_IF_ERROR(CheckPart(kStoreName, in_place, [&](const std::string& path) {
    return CheckStore(path);
  }));
  for (const auto& [id, promise] : fresh.graph) {
    graph_[id] = promise;
  }
  return CheckPart(kGraphName, in_place, [&](const std::string& path) {
    return Annotated(CheckCrashGraph(path, durability_, graph_, graph_losses_),
                     "graph");
  });
}

absl::Status CrashChecker::CheckPart(
    absl::string_view name, bool in_place,
    absl::FunctionRef<absl::Status(const std::string& path)> check) const {
  const std::string path = absl::StrCat(directory_, name);
  if (in_place || !fs::exists(path)) {
    return check(path);
  }
  const TempDir copy;
  fs::copy(path, copy.path(), fs::copy_options::recursive);
  return check(copy.path());
}

absl::Status CrashChecker::NoteRevisions(const Promises& fresh) {
  for (const auto& [key, entry] : fresh.commits) {
    if (!revisions_.insert({entry.epoch, entry.revision}).second) {
      return absl::InternalError(
          absl::StrCat("revision ", entry.revision, " was given twice"));
    }
    if (durability_ == kv::Durability::kFsync &&
        !numbers_.insert(entry.number).second) {
      return absl::InternalError(
          absl::StrCat("number ", entry.number, " was given twice"));
    }
    commits_[key] = entry;
  }
  return absl::OkStatus();
}

absl::Status CrashChecker::CheckStore(const std::string& path) {
  ASSIGN_OR_RETURN(const auto store, OpenCrashStore(path, durability_));
  ASSIGN_OR_RETURN(const Rows facts, CheckWhole(*store));
  // With os, what is there must be a prefix: nothing missing below something
  // that is there.
  const kv::Revision newest = NewestOf(facts);
  for (auto it = commits_.begin(); it != commits_.end();) {
    const auto found = facts.find(it->first);
    if (found != facts.end()) {
      if (found->second.revision != it->second.revision) {
        return absl::InternalError(absl::StrCat(it->first, " has moved"));
      }
      ++it;
      continue;
    }
    if (durability_ == kv::Durability::kFsync ||
        it->second.revision <= newest) {
      return absl::InternalError(absl::StrCat(
          it->first, " of revision ", it->second.revision, " is missing"));
    }
    it = commits_.erase(it);
    ++lost_;
  }
  return absl::OkStatus();
}

// The newest one that was promised, and all that are listed, can be restored.
absl::Status CrashChecker::CheckBackups() {
  const std::string directory = directory_ + kBackupsName;
  ASSIGN_OR_RETURN(const std::vector<kv::Backup> backups,
                   kv_rocks::ListBackups(directory));
  if (backup_.has_value() &&
      std::none_of(backups.begin(), backups.end(),
                   [this](const kv::Backup& backup) {
                     return backup.id == backup_->first &&
                            backup.revision == backup_->second;
                   })) {
    return absl::InternalError(
        absl::StrCat("backup ", backup_->first, " is missing"));
  }
  for (const kv::Backup& backup : backups) {
    const TempDir target;
    const std::string path = target.path() + kStoreName;
    const std::string what = absl::StrCat("backup ", backup.id);
    RETURN_IF_ERROR(Annotated(
        kv_rocks::RestoreBackup(directory, backup.id, path).status(), what));
    RETURN_IF_ERROR(Annotated(CheckPromisedCopy(path, backup.revision), what));
  }
  return absl::OkStatus();
}

absl::Status CrashChecker::CheckCopies(
    const std::map<std::string, kv::Revision>& copies) {
  for (const auto& [name, revision] : copies) {
    const std::string path = directory_ + kCopiesName + name;
    if (!fs::exists(path)) {
      return absl::InternalError(
          absl::StrCat("checkpoint ", name, " is missing"));
    }
    RETURN_IF_ERROR(Annotated(CheckPromisedCopy(path, revision),
                              absl::StrCat("checkpoint ", name)));
  }
  fs::remove_all(directory_ + kCopiesName);
  fs::create_directory(directory_ + kCopiesName);
  return absl::OkStatus();
}

}  // namespace twingraph

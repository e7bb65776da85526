// `twingraph admin`: backups, repair, compaction, statistics.
// Covered by tests/e2e/cli_test.cc.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/util/time_util.h"

#include "client/admin_client.h"
#include "client/cli/commands/commands.h"
#include "client/cli/output/count.h"
#include "client/cli/output/json.h"
#include "client/cli/output/table.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

using google::protobuf::util::TimeUtil;

std::string Mebibytes(int64_t bytes) {
  return absl::StrFormat("%.1f MiB", static_cast<double>(bytes) / (1 << 20));
}

void AddBackup(const v1::Backup& backup, Table& table) {
  // What is not known of a damaged one is left out.
  table.AddRow({absl::StrCat(backup.id()),
                backup.has_create_time()
                    ? TimeUtil::ToString(backup.create_time())
                    : "-",
                backup.bytes() > 0 ? Mebibytes(backup.bytes()) : "-",
                backup.damaged() ? "damaged" : backup.revision()});
}

Table BackupTable(Session& session) {
  return Table(session.out(), {"backup", "made", "size", "revision"});
}

void PrintBackups(const google::protobuf::RepeatedPtrField<v1::Backup>& backups,
                  Session& session) {
  if (session.is_json) {
    for (const v1::Backup& backup : backups) {
      session.out() << MessageToJson(backup) << '\n';
    }
    return;
  }
  Table table = BackupTable(session);
  for (const v1::Backup& backup : backups) {
    AddBackup(backup, table);
  }
  table.Flush();
}

absl::Status CreateBackup(Session& session) {
  const client::AdminClient admin(session.connection());
  ASSIGN_OR_RETURN(const auto made,
                   admin.CreateBackup(v1::CreateBackupRequest()));
  if (session.is_json) {
    session.out() << MessageToJson(made.backup()) << '\n';
    return absl::OkStatus();
  }
  Table table = BackupTable(session);
  AddBackup(made.backup(), table);
  return absl::OkStatus();
}

absl::Status ListBackups(Session& session) {
  const client::AdminClient admin(session.connection());
  ASSIGN_OR_RETURN(const auto found,
                   admin.ListBackups(v1::ListBackupsRequest()));
  PrintBackups(found.backups(), session);
  return absl::OkStatus();
}

absl::Status VerifyBackups(Session& session) {
  const client::AdminClient admin(session.connection());
  ASSIGN_OR_RETURN(const auto found,
                   admin.VerifyBackups(v1::VerifyBackupsRequest()));
  PrintBackups(found.backups(), session);
  const auto damaged =
      std::count_if(found.backups().begin(), found.backups().end(),
                    [](const v1::Backup& backup) { return backup.damaged(); });
  return damaged == 0
             ? absl::OkStatus()
             : FailedPrecondition(
                   v1::ERROR_REASON_BACKUP_UNUSABLE,
                   absl::StrCat(damaged, " of ",
                                Count(found.backups_size(), "backup"),
                                " damaged; what is damaged cannot be "
                                "restored, and prune does not count it"));
}

absl::Status DeleteOldBackups(Session& session,
                              const v1::DeleteOldBackupsRequest& request) {
  const client::AdminClient admin(session.connection());
  ASSIGN_OR_RETURN(const auto made, admin.DeleteOldBackups(request));
  if (!session.is_json && made.deleted().empty()) {
    session.out() << "no backup deleted: there are no more than "
                  << Count(request.keep_count(), "whole one") << " to keep\n";
    return absl::OkStatus();
  }
  if (!session.is_json) {
    session.out() << Count(made.deleted_size(), "backup") << " deleted\n";
  }
  PrintBackups(made.deleted(), session);
  return absl::OkStatus();
}

absl::Status Repair(Session& session) {
  const client::AdminClient admin(session.connection());
  ASSIGN_OR_RETURN(const auto made,
                   admin.RepairIndexes(v1::RepairIndexesRequest()));
  if (session.is_json) {
    session.out() << MessageToJson(made) << '\n';
    return absl::OkStatus();
  }
  session.out() << Count(made.rows_written(), "row") << " written, "
                << made.rows_deleted() << " deleted, "
                << Count(made.counters_changed(), "counter") << " changed\n";
  return absl::OkStatus();
}

absl::Status Compact(Session& session) {
  const client::AdminClient admin(session.connection());
  ASSIGN_OR_RETURN(const auto made,
                   admin.CompactStore(v1::CompactStoreRequest()));
  if (session.is_json) {
    session.out() << MessageToJson(made) << '\n';
    return absl::OkStatus();
  }
  session.out() << Mebibytes(made.disk_bytes_before()) << " before, "
                << Mebibytes(made.disk_bytes_after()) << " after, "
                << absl::StreamFormat(
                       "%.2f s\n", 1e-3 * static_cast<double>(
                                              TimeUtil::DurationToMilliseconds(
                                                  made.elapsed())));
  return absl::OkStatus();
}

void PrintParts(const v1::GetStatisticsResponse& found, Session& session) {
  Table table(session.out(), {"part", "disk", "buffers", "entries"});
  for (const v1::PartStatistics& part : found.parts()) {
    table.AddRow({part.name(), Mebibytes(part.disk_bytes()),
                  Mebibytes(part.buffer_bytes()),
                  absl::StrCat(part.entry_count())});
  }
}

void PrintCounts(const v1::GetStatisticsResponse& found, Session& session) {
  Table table(session.out(), {"model or relationship", "count"});
  for (const v1::ModelStatistics& model : found.models()) {
    table.AddRow({model.model_id(), absl::StrCat(model.twin_count())});
  }
  for (const v1::RelationshipStatistics& name : found.relationships()) {
    table.AddRow({name.name(), absl::StrCat(name.relationship_count())});
  }
}

absl::Status PrintStatistics(Session& session) {
  const client::AdminClient admin(session.connection());
  ASSIGN_OR_RETURN(const auto found,
                   admin.GetStatistics(v1::GetStatisticsRequest()));
  if (session.is_json) {
    session.out() << MessageToJson(found) << '\n';
    return absl::OkStatus();
  }
  PrintCounts(found, session);
  PrintParts(found, session);
  session.out() << "history " << Mebibytes(found.history_bytes()) << ", log "
                << Mebibytes(found.log_bytes()) << "; memory "
                << Mebibytes(found.memory().resident_bytes()) << ", "
                << Mebibytes(found.memory().store_bytes()) << " of "
                << Mebibytes(found.memory().store_limit_bytes())
                << " for the store\n"
                << "oldest readable revision " << found.oldest_revision()
                << '\n';
  return absl::OkStatus();
}

void AddVerb(CLI::App& parent, Session& session, const char* name,
             const char* what, absl::Status (*run)(Session&)) {
  parent.add_subcommand(name, what)->callback([&session, run] {
    session.command = [&session, run] { return run(session); };
  });
}

void AddBackupCommand(CLI::App& admin, Session& session) {
  CLI::App* backup = admin.add_subcommand(
      "backup",
      "backups in the directory that the server names (--backup-dir)");
  backup->require_subcommand(1);
  AddVerb(*backup, session, "create", "add a backup; reads and writes go on",
          CreateBackup);
  AddVerb(*backup, session, "list",
          "the backups, oldest first; damaged ones as far as missing files and "
          "sizes tell",
          ListBackups);
  AddVerb(*backup, session, "verify",
          "read all backups, list them, and fail where one is damaged",
          VerifyBackups);
  CLI::App* prune = backup->add_subcommand(
      "prune", "delete all but the newest whole backups, which are read first");

  struct Options {
    int64_t keep = 0;
    bool damaged = false;
  };

  const auto options = std::make_shared<Options>();
  prune
      ->add_option("--keep", options->keep,
                   "how many whole ones stay; damaged ones do not count")
      ->required();
  prune->add_flag("--damaged", options->damaged,
                  "delete damaged ones of any age too, if a whole one stays");
  prune->callback([&session, options] {
    session.command = [&session, options] {
      v1::DeleteOldBackupsRequest request;
      request.set_keep_count(options->keep);
      request.set_damaged(options->damaged);
      return DeleteOldBackups(session, request);
    };
  });
}

}  // namespace

void AddAdminCommand(CLI::App& app, Session& session) {
  CLI::App* admin =
      app.add_subcommand("admin", "keep a server's store in order");
  admin->require_subcommand(1);
  AddBackupCommand(*admin, session);
  AddVerb(
      *admin, session, "repair-indexes",
      "make all that follows from twins and relationships again where it is "
      "wrong",
      Repair);
  AddVerb(*admin, session, "compact",
          "make the store as small as it can be; prints what it took on the "
          "disk before and after (files that reads still need leave later)",
          Compact);
  AddVerb(*admin, session, "statistics",
          "how much is stored of what, and what memory is used for",
          PrintStatistics);
}

}  // namespace twingraph::cli

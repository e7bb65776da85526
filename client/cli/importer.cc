#include "client/cli/importer.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "client/cli/row_writer.h"
#include "client/model_client.h"
#include "storage/base/mutex.h"
#include "storage/base/status_macros.h"

namespace twingraph::cli {
namespace {

using graphfile::GraphFile;
using graphfile::RawRow;
using graphfile::Section;

// One import. Its threads share the file and the counts under one lock, which
// is held while a row is found, not while it is parsed and written.
class Import {
 public:
  Import(const client::Connection& connection, const std::string& path,
         const ImportOptions& options, const ImportHandlers& handlers)
      : connection_(connection),
        path_(path),
        options_(options),
        handlers_(handlers),
        writer_(connection, options.if_exists) {}

  absl::StatusOr<ImportProgress> Run() {
    RETURN_IF_ERROR(UploadModels());
    RETURN_IF_ERROR(WriteRows(Section::kTwins));
    RETURN_IF_ERROR(WriteRows(Section::kRelationships));
    MutexLock lock(mutex_);
    return progress_;
  }

 private:
  absl::Status UploadModels() {
    ASSIGN_OR_RETURN(const auto file, GraphFile::Open(path_, Section::kModels));
    v1::UploadModelsRequest request;
    for (;;) {
      ASSIGN_OR_RETURN(std::optional<RawRow> row, file->Next());
      if (!row.has_value()) {
        break;
      }
      request.add_documents(std::move(row->text));
    }
    if (request.documents_size() == 0) {
      return absl::OkStatus();
    }
    const client::ModelClient models(connection_);
    ASSIGN_OR_RETURN(const v1::UploadModelsResponse response,
                     models.UploadModels(std::move(request)));
    MutexLock lock(mutex_);
    progress_.models = response.models_size();
    Report();
    return absl::OkStatus();
  }

  absl::Status WriteRows(Section section) {
    ASSIGN_OR_RETURN(auto file, GraphFile::Open(path_, section));
    {
      MutexLock lock(mutex_);
      file_ = std::move(file);
      progress_.section = section;
    }
    std::vector<std::thread> threads;
    for (int i = 0; i < std::max(options_.parallel_calls, 1); ++i) {
      threads.emplace_back([this, section] { WriteUntilEnd(section); });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    MutexLock lock(mutex_);
    return end_;
  }

  void WriteUntilEnd(Section section) {
    while (const std::optional<RawRow> row = TakeRow()) {
      WrittenRow written = section == Section::kTwins
                               ? writer_.WriteTwin(*row)
                               : writer_.WriteRelationship(*row);
      MutexLock lock(mutex_);
      Count(section, *row, std::move(written));
    }
  }

  // The next row; nullopt for all threads at the end.
  std::optional<RawRow> TakeRow() {
    MutexLock lock(mutex_);
    if (!end_.ok()) {
      return std::nullopt;
    }
    absl::StatusOr<std::optional<RawRow>> row = file_->Next();
    if (!row.ok()) {
      end_ = row.status();
      return std::nullopt;
    }
    return *std::move(row);
  }

  void Count(Section section, const RawRow& row, WrittenRow written)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (!written.status.ok()) {
      ++progress_.failed;
      if (written.status.code() == absl::StatusCode::kUnavailable) {
        // The server is gone: so would be all other rows.
        end_ = written.status;
      }
      if (handlers_.on_failed_row) {
        handlers_.on_failed_row({section, row.line, std::move(written.id),
                                 std::move(written.status)});
      }
    } else if (written.is_skipped) {
      ++progress_.skipped;
    } else {
      ++(section == Section::kTwins ? progress_.twins
                                    : progress_.relationships);
    }
    Report();
  }

  void Report() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    progress_.file_progress = file_ == nullptr ? 0 : file_->progress();
    if (handlers_.on_progress) {
      handlers_.on_progress(progress_);
    }
  }

  const client::Connection& connection_;
  const std::string& path_;
  const ImportOptions& options_;
  const ImportHandlers& handlers_;
  const RowWriter writer_;
  Mutex mutex_;
  std::unique_ptr<GraphFile> file_ ABSL_GUARDED_BY(mutex_);
  // Not OK: no further row is taken.
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
  ImportProgress progress_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<ImportProgress> ImportFile(const client::Connection& connection,
                                          const std::string& path,
                                          const ImportOptions& options,
                                          const ImportHandlers& handlers) {
  return Import(connection, path, options, handlers).Run();
}

}  // namespace twingraph::cli

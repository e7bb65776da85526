#include "client/cli/importer.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"

#include "client/cli/row_writer.h"
#include "client/model_client.h"
#include "client/outcome.h"
#include "client/pages.h"
#include "storage/base/mutex.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::cli {
namespace {

using graphfile::GraphFile;
using graphfile::RawRow;
using graphfile::Section;

// Empty for what is no model; the server says why.
std::string ModelIdOf(const std::string& document) {
  const absl::StatusOr<Value> model = ParseJsonValue(document);
  const Value* id = model.ok() ? model->Find("@id") : nullptr;
  return id != nullptr && id->is_string() ? id->as_string() : "";
}

absl::StatusOr<std::set<std::string>> StoredModels(
    const client::ModelClient& models) {
  std::set<std::string> ids;
  RETURN_IF_ERROR(client::ForEachPage(
      v1::ListModelsRequest(),
      [&](const v1::ListModelsRequest& page) {
        return models.ListModels(page);
      },
      [&](const v1::ListModelsResponse& page) {
        for (const v1::Model& model : page.models()) {
          ids.insert(model.id());
        }
        return true;
      }));
  return ids;
}

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
        writer_(connection, options) {}

  absl::StatusOr<ImportProgress> Run() {
    RETURN_IF_ERROR(UploadModels());
    RETURN_IF_ERROR(WriteRows(Section::kTwins));
    RETURN_IF_ERROR(WriteRows(Section::kRelationships));
    MutexLock lock(mutex_);
    return progress_;
  }

 private:
  absl::Status UploadModels() {
    ASSIGN_OR_RETURN(const std::vector<std::string> documents, ReadModels());
    if (documents.empty()) {
      return absl::OkStatus();
    }
    const client::ModelClient models(connection_);
    // A model never changes, so there is nothing to replace.
    std::set<std::string> stored;
    if (options_.if_exists != IfExists::kFail) {
      ASSIGN_OR_RETURN(stored, StoredModels(models));
    }
    v1::UploadModelsRequest request;
    for (const std::string& document : documents) {
      if (!stored.contains(ModelIdOf(document))) {
        request.add_documents(document);
      }
    }
    MutexLock lock(mutex_);
    progress_.models = request.documents_size();
    progress_.skipped =
        static_cast<int64_t>(documents.size()) - progress_.models;
    if (progress_.models > 0) {
      RETURN_IF_ERROR(models.UploadModels(std::move(request)).status());
    }
    Report();
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<std::string>> ReadModels() {
    ASSIGN_OR_RETURN(const auto file, GraphFile::Open(path_, Section::kModels));
    std::vector<std::string> documents;
    for (;;) {
      ASSIGN_OR_RETURN(std::optional<RawRow> row, file->Next());
      if (!row.has_value()) {
        return documents;
      }
      documents.push_back(std::move(row->text));
    }
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
      CountFailure(section, row, written);
    } else if (written.is_skipped) {
      ++progress_.skipped;
    } else {
      ++(section == Section::kTwins ? progress_.twins
                                    : progress_.relationships);
    }
    if (!written.complaint.ok()) {
      ++progress_.nonconforming;
      Report({.section = section,
              .line = row.line,
              .id = std::move(written.id),
              .fate = RowFate::kStored,
              .status = std::move(written.complaint)});
    }
    Report();
  }

  void CountFailure(Section section, const RawRow& row,
                    const WrittenRow& written)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const bool is_unknown = client::IsOutcomeUnknown(written.status);
    ++(is_unknown ? progress_.unknown : progress_.failed);
    if (written.status.code() == absl::StatusCode::kUnavailable) {
      // The server is gone: so would be all other rows.
      end_ = written.status;
    }
    Report({.section = section,
            .line = row.line,
            .id = written.id,
            .fate = is_unknown ? RowFate::kUnknown : RowFate::kFailed,
            .status = written.status});
  }

  void Report(const ReportedRow& row) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (handlers_.on_reported_row) {
      handlers_.on_reported_row(row);
    }
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

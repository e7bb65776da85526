#pragma once

// A file that a command writes: there is the whole of it, or what was there
// before. One thread at a time.

#include <fstream>
#include <memory>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/cli/output/before_stop.h"

namespace twingraph::cli {

class OutputFile {
 public:
  // Begins to write beside `path`, in a file that Commit gives this name. An
  // existing file must be writable; it keeps owner, as far as the process may
  // give it, and permissions. Of a symbolic link the file is replaced that it
  // leads to. Whatever is no regular file, such as a pipe or a device, is
  // written straight.
  // Errors, here and of Commit: FAILED_PRECONDITION / INVALID_FIELD, with the
  // path and the reason.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Open(
      const std::string& path);

  // Leaves what is at the path as it was, unless Commit has succeeded. So does
  // a signal that stops the process.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  std::ostream& stream() { return stream_; }

  // Puts what was written in its place, when it is on the disk. Call it once.
  absl::Status Commit();

 private:
  explicit OutputFile(std::string path);

  absl::Status OpenStraight();
  absl::Status OpenBeside();
  absl::Status CannotWrite(absl::string_view reason) const;

  const std::string path_;
  // The file beside, while it is there; empty: written straight.
  std::string unfinished_;
  std::unique_ptr<BeforeStop> before_stop_;
  int file_ = -1;
  std::ofstream stream_;
};

}  // namespace twingraph::cli

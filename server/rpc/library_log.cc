// Covered by tests/e2e: what a server prints while it is fed bad bytes.
#include "server/rpc/library_log.h"

#include <string>

#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"

#include "storage/base/log.h"

namespace twingraph::rpc {
namespace {

void OnGrpcLine(gpr_log_func_args* line) {
  Log(line->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning
                                               : LogLevel::kDebug,
      "grpc", {{"message", line->message}});
}

void OnProtobufLine(google::protobuf::LogLevel /*level*/, const char* /*file*/,
                    int /*line*/, const std::string& message) {
  Log(LogLevel::kDebug, "protobuf", {{"message", message}});
}

}  // namespace

void TakeOverLibraryLogs() {
  gpr_set_log_function(&OnGrpcLine);
  google::protobuf::SetLogHandler(&OnProtobufLine);
}

}  // namespace twingraph::rpc

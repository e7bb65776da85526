#pragma once

// The state of the server and reports of its checks between domain and proto.
// Pure, but for the memory of this process.

#include <cstdint>

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"

#include "server/engine/admin_ops.h"
#include "twingraph/v1/admin.pb.h"

namespace twingraph::rpc {

// Sets what the engine knows of its graph.
void SetStatus(const engine::Status& status, v1::GetStatusResponse& response);

void SetProblem(const engine::CheckProblem& problem,
                v1::CheckStoreResponse& response);
void SetSummary(const engine::CheckReport& report, absl::Duration elapsed,
                v1::CheckStoreResponse& response);

void SetRepair(const engine::RepairReport& report,
               v1::RepairIndexesResponse& response);
void SetStatistics(const engine::Statistics& statistics,
                   v1::GetStatisticsResponse& response);
void SetBackup(const engine::BackupEntry& backup, v1::Backup& proto);
void SetDuration(absl::Duration duration, google::protobuf::Duration& proto);

}  // namespace twingraph::rpc

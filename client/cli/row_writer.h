#pragma once

// Writes rows of a graph file to a server, one call each. Safe from any thread.

#include <string>

#include "absl/status/status.h"

#include "client/cli/importer.h"
#include "client/connection.h"
#include "client/graphfile/graph_file.h"
#include "client/relationship_client.h"
#include "client/twin_client.h"

namespace twingraph::cli {

// What became of a row.
struct WrittenRow {
  std::string id;  // empty where it could not be read
  bool is_skipped = false;
  absl::Status status;
  // What was wrong with a row that was stored all the same.
  absl::Status complaint;
};

class RowWriter {
 public:
  // `connection` must outlive the writer.
  RowWriter(const client::Connection& connection, const ImportOptions& options)
      : options_(options), twins_(connection), relationships_(connection) {}

  WrittenRow WriteTwin(const graphfile::RawRow& row) const;
  WrittenRow WriteRelationship(const graphfile::RawRow& row) const;

 private:
  absl::Status Replace(const v1::CreateTwinRequest& request) const;
  absl::Status Replace(const v1::CreateRelationshipRequest& request) const;

  const ImportOptions options_;
  const client::TwinClient twins_;
  const client::RelationshipClient relationships_;
};

}  // namespace twingraph::cli

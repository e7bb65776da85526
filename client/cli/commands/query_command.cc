// `twingraph query`.
// Covered by tests/e2e/cli_test.cc.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"

#include "client/cli/commands/commands.h"
#include "client/cli/commands/read_at.h"
#include "client/cli/output/json.h"
#include "client/cli/output/table.h"
#include "client/query_client.h"

namespace twingraph::cli {
namespace {

struct QueryArguments {
  std::string text;
  v1::ReadOptions read;
  bool has_stats = false;
};

bool IsWholeDocument(const client::RowStream& rows) {
  return rows.columns().size() == 1 && rows.columns()[0] == "*";
}

// A row as one object, without the columns that it lacks.
std::string RowToJson(const std::vector<std::string>& columns,
                      const v1::QueryRow& row) {
  google::protobuf::Struct object;
  int absent = 0;
  for (int i = 0; i < row.values_size(); ++i) {
    if (absent < row.absent_size() && row.absent(absent) == i) {
      ++absent;
    } else {
      (*object.mutable_fields())[columns[static_cast<size_t>(i)]] =
          row.values(i);
    }
  }
  return StructToJson(object);
}

void PrintTable(client::RowStream& rows, Session& session) {
  if (rows.columns().empty()) {
    return;
  }
  Table table(session.out(), rows.columns());
  for (const v1::QueryRow& row : rows) {
    std::vector<std::string> cells;
    for (const google::protobuf::Value& value : row.values()) {
      cells.push_back(value.has_null_value() ? "" : ValueToCell(value));
    }
    table.AddRow(std::move(cells));
  }
  // The command gives the status.
  EndList(&table, rows.status()).IgnoreError();
}

void PrintJson(client::RowStream& rows, Session& session) {
  const bool is_whole = IsWholeDocument(rows);
  for (const v1::QueryRow& row : rows) {
    session.out() << (is_whole ? ValueToJson(row.values(0))
                               : RowToJson(rows.columns(), row))
                  << '\n';
  }
}

absl::Status Query(const QueryArguments& arguments, Session& session) {
  v1::QueryRequest request;
  request.set_query(arguments.text);
  *request.mutable_read() = arguments.read;
  const client::QueryClient queries(session.connection());
  const auto rows = queries.Query(std::move(request));
  if (session.is_json || IsWholeDocument(*rows)) {
    PrintJson(*rows, session);
  } else {
    PrintTable(*rows, session);
  }
  if (arguments.has_stats && rows->status().ok()) {
    session.err() << MessageToJson(rows->stats()) << '\n';
  }
  return rows->status();
}

}  // namespace

void AddQueryCommand(CLI::App& app, Session& session) {
  CLI::App* query = app.add_subcommand("query", "ask the graph");
  auto arguments = std::make_shared<QueryArguments>();
  query
      ->add_option("TEXT", arguments->text,
                   "such as \"SELECT * FROM DIGITALTWINS\"")
      ->required();
  AddAtOption(*query, arguments->read);
  query->add_flag("--stats", arguments->has_stats,
                  "also print what the query took");
  query->callback([arguments, &session] {
    session.command = [arguments, &session] {
      return Query(*arguments, session);
    };
  });
}

}  // namespace twingraph::cli

// Covered by tests/e2e/cli_test.cc.

#include "client/cli/commands/commands.h"

namespace twingraph::cli {

void AddCommands(CLI::App& app, Session& session) {
  AddModelCommand(app, session);
  AddTwinCommand(app, session);
  AddRelationshipCommand(app, session);
  AddHubCommand(app, session);
  AddQueryCommand(app, session);
  AddDtdlCommand(app, session);
  AddImportCommand(app, session);
  AddExportCommand(app, session);
  AddCheckCommand(app, session);
  AddStatusCommand(app, session);
  AddAdminCommand(app, session);
}

}  // namespace twingraph::cli

#pragma once

// The commands of the tool. Each function adds one command (with its own
// sub-commands) to the command line; parsing it sets `session.command`.

#include "CLI/App.hpp"

#include "client/cli/session.h"

namespace twingraph::cli {

// All of the following.
void AddCommands(CLI::App& app, Session& session);

void AddModelCommand(CLI::App& app, Session& session);
void AddTwinCommand(CLI::App& app, Session& session);
void AddRelationshipCommand(CLI::App& app, Session& session);
void AddHubCommand(CLI::App& app, Session& session);
void AddSimulateCommand(CLI::App& hub, Session& session);
void AddQueryCommand(CLI::App& app, Session& session);
void AddDtdlCommand(CLI::App& app, Session& session);
void AddImportCommand(CLI::App& app, Session& session);
void AddExportCommand(CLI::App& app, Session& session);
void AddCheckCommand(CLI::App& app, Session& session);
void AddStatusCommand(CLI::App& app, Session& session);
void AddAdminCommand(CLI::App& app, Session& session);

}  // namespace twingraph::cli

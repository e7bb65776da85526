#pragma once

// The flags of the server: their names, help and ranges.

#include <string>
#include <vector>

#include "CLI/App.hpp"

#include "server/config/config.h"

namespace twingraph::config {

// Flags whose form differs from that of the setting.
struct RawFlags {
  std::string listen;
  std::vector<std::string> unindexed_paths;
};

// Adds all flags but --version and --config to `app`. Parsing sets `config`,
// whose values are the defaults, and `raw`; both must outlive it.
void AddFlags(CLI::App& app, Config& config, RawFlags& raw);

}  // namespace twingraph::config

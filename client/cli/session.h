#pragma once

// What every command of the tool shares: the options before the command's name,
// where output goes, and the connection. One thread at a time.

#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"

#include "client/connection.h"

namespace twingraph::cli {

class Session {
 public:
  // The streams must outlive the session.
  Session(std::ostream& out, std::ostream& err) : out_(out), err_(err) {}

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Set by the command line.
  std::string server = "127.0.0.1:50051";
  std::string graph;
  double timeout_seconds = 30;
  // Programs read the output: JSON, one value a line.
  bool is_json = false;

  // What the command line asks for; set by the command that it names.
  std::function<absl::Status()> command;

  // Results.
  std::ostream& out() { return out_; }

  // Progress and remarks.
  std::ostream& err() { return err_; }

  // To the server that the options name; made at the first use.
  const client::Connection& connection();

 private:
  std::ostream& out_;
  std::ostream& err_;
  std::optional<client::Connection> connection_;
};

}  // namespace twingraph::cli

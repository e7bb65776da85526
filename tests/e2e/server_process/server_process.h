#pragma once

// The real server as a process of its own, on a free port, for tests that drive
// it from outside. One thread at a time.

#include <string>
#include <vector>

#include <sys/types.h>

namespace twingraph {

class ServerProcess {
 public:
  // Starts twingraph-server with these arguments beside --listen, and waits
  // until it serves. Fails the test if it does not.
  explicit ServerProcess(std::vector<std::string> arguments);

  // Stops it (SIGTERM) and waits.
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // HOST:PORT where it serves; empty if it did not start.
  const std::string& address() const { return address_; }

  // Stops it and gives its exit status back; -1 if a signal ended it.
  int Stop(int signal);

 private:
  pid_t pid_ = -1;
  std::string address_;
};

}  // namespace twingraph

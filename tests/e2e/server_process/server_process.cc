#include "tests/e2e/server_process/server_process.h"

#include <array>
#include <csignal>
#include <utility>

#include "gtest/gtest.h"
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace twingraph {
namespace {

constexpr char kServing[] = "listening on ";

// Starts a program whose standard output goes to `output`.
pid_t Spawn(const std::vector<std::string>& command, int output) {
  std::vector<char*> argv;
  for (const std::string& word : command) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  EXPECT_EQ(error, 0) << "cannot start " << command[0];
  return error == 0 ? pid : -1;
}

// The rest of the line that begins with kServing; empty at the end of the pipe.
std::string ReadAddress(int pipe) {
  std::string text;
  char byte = 0;
  while (read(pipe, &byte, 1) == 1) {
    if (byte != '\n') {
      text += byte;
      continue;
    }
    if (text.rfind(kServing, 0) == 0) {
      return text.substr(sizeof(kServing) - 1);
    }
    text.clear();
  }
  return "";
}

}  // namespace

ServerProcess::ServerProcess(std::vector<std::string> arguments) {
  std::vector<std::string> command = {TWINGRAPH_SERVER_BINARY, "--listen",
                                      "127.0.0.1:0"};
  for (std::string& argument : arguments) {
    command.push_back(std::move(argument));
  }
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    ADD_FAILURE() << "no pipe";
    return;
  }
  pid_ = Spawn(command, ends[1]);
  close(ends[1]);
  address_ = ReadAddress(ends[0]);
  close(ends[0]);
  EXPECT_FALSE(address_.empty()) << "the server did not start";
}

ServerProcess::~ServerProcess() {
  Stop(SIGTERM);
}

int ServerProcess::Stop(int signal) {
  if (pid_ < 0) {
    return -1;
  }
  kill(pid_, signal);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace twingraph

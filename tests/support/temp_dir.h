#pragma once

// A directory of one test, removed with everything in it at the end.

#include <string>

namespace twingraph {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace twingraph

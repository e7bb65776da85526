#pragma once

// Bytes of stored tables that go bad.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace twingraph {

// Overwrites bytes of the first rows in all tables of a directory whose content
// holds `part`, such as the name of a column family, which each table has among
// its properties. How many there were.
inline int DamageTables(const std::string& directory, const std::string& part) {
  // In the first block, behind what says how long the first key is.
  constexpr std::streamoff kAt = 20;
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".sst") {
      continue;
    }
    std::fstream file(entry.path(),
                      std::ios::in | std::ios::out | std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    if (content.find(part) != std::string::npos) {
      file.clear();
      file.seekp(kAt);
      file.write("damaged", 7);
      ++count;
    }
  }
  return count;
}

}  // namespace twingraph

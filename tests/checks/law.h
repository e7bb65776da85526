#pragma once

// How a check that makes things up ends when it finds something.

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace twingraph {

// Where `holds` is false, prints the law and the texts that break it and ends
// the process with 1.
inline void Require(bool holds, const char* law,
                    const std::vector<std::string>& texts) {
  if (holds) {
    return;
  }
  std::cout << "broken: " << law << "\n";
  for (const std::string& text : texts) {
    std::cout << text << "\n";
  }
  std::cout.flush();
  std::exit(1);
}

}  // namespace twingraph

#pragma once

// Options of the command line that are numbers. What help says of one, what its
// error says, and what is accepted come from one place: its range.

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "CLI/App.hpp"
#include "absl/strings/string_view.h"

namespace twingraph::config {

template <typename T>
struct NumberOption {
  const char* flag;
  // For the help, before the range.
  const char* what;
  // What is accepted, both ends included. The largest number of the type, or
  // infinity, is no limit.
  T least;
  T most = std::numeric_limits<T>::has_infinity
               ? std::numeric_limits<T>::infinity()
               : std::numeric_limits<T>::max();
  T initial;
  std::function<void(T)> set;
};

// A function that sets `setting`, which must outlive the parsing.
template <typename T>
auto Into(T& setting) {
  return [&setting](auto number) { setting = static_cast<T>(number); };
}

// Each adds an option to `app`. Text that is no number of the range is refused
// with the name of the option, the text, the range and an example.

// Bytes, as ParseSize reads them.
CLI::Option* AddSize(CLI::App& app, NumberOption<uint64_t> option);

// Seconds, with a fraction or not; "inf" where the range has no end.
CLI::Option* AddSeconds(CLI::App& app, NumberOption<double> option);

// Whole numbers of things.
CLI::Option* AddCount(CLI::App& app, NumberOption<uint32_t> option);

// Bytes: a whole number and a unit, which may be B, KB, MB, GB or TB (each 1024
// times the one before), also without the B or as KiB, in any case; without a
// unit they are bytes. Nullopt for other text, and for more than 64 bits hold.
std::optional<uint64_t> ParseSize(absl::string_view text);

// In the largest unit that keeps the number whole, such as "512MB".
std::string FormatSize(uint64_t bytes);

}  // namespace twingraph::config

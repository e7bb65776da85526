#pragma once

// Finds where JSON values begin and end in a stream of any length, holding one
// value at a time. It does not check what it passes over: whoever uses a value
// parses its text. One thread at a time.

#include <array>
#include <cstddef>
#include <istream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace twingraph::graphfile {

// A longer value is refused: nothing that fits into a twin, a relationship or a
// model comes near.
inline constexpr size_t kValueLimitBytes = size_t{64} << 20;

class Scanner {
 public:
  // Reads from `input`, which must outlive the scanner.
  explicit Scanner(std::istream& input) : input_(input) {}

  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  // 1-based line of the next byte.
  int line() const { return line_; }

  // The next byte that is not white space, without taking it; 0 at the end.
  char PeekToken();

  // Takes the next token if it is `expected`; false leaves it.
  bool TryTake(char expected);

  // Takes the token `expected`.
  // Errors: INVALID_ARGUMENT / INVALID_FIELD, with the line.
  absl::Status Take(char expected);

  // The text of the next value, whatever its kind.
  // Errors: INVALID_ARGUMENT / INVALID_FIELD for a value that does not end,
  // that is longer than kValueLimitBytes, or where there is none.
  absl::StatusOr<std::string> ReadValue();

  // Passes over the next value. Errors: as ReadValue, without limit of length.
  absl::Status SkipValue();

  // The text of a member's name without its quotes (escapes as written), after
  // which the colon is taken.
  absl::StatusOr<std::string> ReadKey();

  // The rest of the line without its end; false at the end of the input.
  bool ReadLine(std::string& text);

  // An error that names the line, for what a caller finds wrong here.
  absl::Status ErrorHere(absl::string_view rule) const;

 private:
  bool Fill();
  // The next byte without taking it; 0 at the end.
  char Peek();
  // Takes one byte and appends it to `out`, unless that is null.
  void Take(std::string* out);
  absl::Status Pass(std::string* out);
  absl::Status PassString(std::string* out);
  absl::Status PassNested(std::string* out);
  absl::Status PassScalar(std::string* out);

  std::istream& input_;
  std::array<char, size_t{64} << 10> buffer_;
  size_t next_ = 0;
  size_t end_ = 0;
  int line_ = 1;
  bool is_start_ = true;
};

}  // namespace twingraph::graphfile

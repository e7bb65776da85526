#include "client/graphfile/scanner.h"

#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::graphfile {
namespace {

// Bytes that end a number or a word.
bool EndsScalar(char byte) {
  return byte == 0 || byte == ',' || byte == ']' || byte == '}' ||
         byte == ':' || absl::ascii_isspace(static_cast<unsigned char>(byte));
}

// Some editors put a byte order mark before the text.
size_t BomLength(absl::string_view text) {
  constexpr absl::string_view kBom = "\xEF\xBB\xBF";
  return absl::StartsWith(text, kBom) ? kBom.size() : 0;
}

bool IsTooLong(const std::string* out) {
  return out != nullptr && out->size() > kValueLimitBytes;
}

}  // namespace

char Scanner::PeekToken() {
  while (absl::ascii_isspace(static_cast<unsigned char>(Peek()))) {
    Take(nullptr);
  }
  return Peek();
}

bool Scanner::TryTake(char expected) {
  if (PeekToken() != expected) {
    return false;
  }
  Take(nullptr);
  return true;
}

absl::Status Scanner::Take(char expected) {
  if (!TryTake(expected)) {
    return ErrorHere(absl::StrCat("'", std::string(1, expected), "' expected"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Scanner::ReadValue() {
  std::string text;
  PeekToken();
  RETURN_IF_ERROR(Pass(&text));
  return text;
}

absl::Status Scanner::SkipValue() {
  PeekToken();
  return Pass(nullptr);
}

absl::StatusOr<std::string> Scanner::ReadKey() {
  if (PeekToken() != '"') {
    return ErrorHere("a member name in double quotes is needed");
  }
  std::string name;
  RETURN_IF_ERROR(PassString(&name));
  RETURN_IF_ERROR(Take(':'));
  return name.substr(1, name.size() - 2);
}

bool Scanner::ReadLine(std::string& text) {
  text.clear();
  if (!Fill()) {
    return false;
  }
  while (Fill()) {
    const char* start = buffer_.data() + next_;
    const void* newline = std::memchr(start, '\n', end_ - next_);
    const char* stop = newline == nullptr ? buffer_.data() + end_
                                          : static_cast<const char*>(newline);
    text.append(start, stop);
    next_ = static_cast<size_t>(stop - buffer_.data());
    if (newline != nullptr) {
      Take(nullptr);
      break;
    }
  }
  if (!text.empty() && text.back() == '\r') {
    text.pop_back();
  }
  return true;
}

absl::Status Scanner::ErrorHere(absl::string_view rule) const {
  return InvalidArgument(v1::ERROR_REASON_INVALID_FIELD,
                         absl::StrCat("line ", line_, ": ", rule),
                         {{"line", absl::StrCat(line_)}});
}

bool Scanner::Fill() {
  if (next_ < end_) {
    return true;
  }
  input_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  next_ = 0;
  end_ = static_cast<size_t>(input_.gcount());
  if (is_start_) {
    is_start_ = false;
    next_ = BomLength({buffer_.data(), end_});
  }
  return next_ < end_;
}

char Scanner::Peek() {
  return Fill() ? buffer_[next_] : '\0';
}

void Scanner::Take(std::string* out) {
  const char byte = buffer_[next_++];
  if (byte == '\n') {
    ++line_;
  }
  if (out != nullptr) {
    out->push_back(byte);
  }
}

absl::Status Scanner::Pass(std::string* out) {
  switch (Peek()) {
    case '"':
      return PassString(out);
    case '{':
    case '[':
      return PassNested(out);
    default:
      return PassScalar(out);
  }
}

absl::Status Scanner::PassString(std::string* out) {
  Take(out);
  bool is_escaped = false;
  while (Fill()) {
    const char byte = buffer_[next_];
    Take(out);
    if (byte == '"' && !is_escaped) {
      return absl::OkStatus();
    }
    is_escaped = byte == '\\' && !is_escaped;
    if (IsTooLong(out)) {
      return ErrorHere("a value of more than 64 MiB");
    }
  }
  return ErrorHere("a string that does not end");
}

absl::Status Scanner::PassNested(std::string* out) {
  int depth = 0;
  while (Fill()) {
    const char byte = buffer_[next_];
    if (byte == '"') {
      RETURN_IF_ERROR(PassString(out));
      continue;
    }
    Take(out);
    if (byte == '{' || byte == '[') {
      ++depth;
    } else if ((byte == '}' || byte == ']') && --depth == 0) {
      return absl::OkStatus();
    }
    if (IsTooLong(out)) {
      return ErrorHere("a value of more than 64 MiB");
    }
  }
  return ErrorHere("an object or array that does not end");
}

absl::Status Scanner::PassScalar(std::string* out) {
  if (EndsScalar(Peek())) {
    return ErrorHere("a JSON value is needed");
  }
  while (!EndsScalar(Peek())) {
    Take(out);
    if (IsTooLong(out)) {
      return ErrorHere("a value of more than 64 MiB");
    }
  }
  return absl::OkStatus();
}

}  // namespace twingraph::graphfile

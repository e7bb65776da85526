#include "storage/base/json.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "rapidjson/error/error.h"
#include "rapidjson/memorystream.h"
#include "rapidjson/reader.h"

#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace twingraph {
namespace {

constexpr unsigned kFlags =
    rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag;
// For a text that is not UTF-8: the library says where. Validating the whole
// text beforehand costs far less than its validating each string.
constexpr unsigned kValidatingFlags =
    kFlags | rapidjson::kParseValidateEncodingFlag;

// Forwards the library's events with offsets and watches the depth.
class Adapter
    : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Adapter> {
 public:
  Adapter(const rapidjson::MemoryStream& stream, JsonEvents& events,
          int depth_limit)
      : stream_(stream), events_(events), depth_left_(depth_limit) {}

  bool Null() { return events_.Null(End()); }

  bool Bool(bool value) { return events_.Bool(value, End()); }

  bool RawNumber(const char* token, rapidjson::SizeType size, bool) {
    return events_.Number({token, size}, End());
  }

  bool String(const char* text, rapidjson::SizeType size, bool) {
    return events_.String({text, size}, End());
  }

  bool Key(const char* name, rapidjson::SizeType size, bool) {
    return events_.Key({name, size}, End());
  }

  bool StartObject() { return Enter() && events_.BeginObject(BracketEnd()); }

  bool StartArray() { return Enter() && events_.BeginArray(BracketEnd()); }

  bool EndObject(rapidjson::SizeType) {
    ++depth_left_;
    return events_.EndObject(BracketEnd());
  }

  bool EndArray(rapidjson::SizeType) {
    ++depth_left_;
    return events_.EndArray(BracketEnd());
  }

  bool is_too_deep() const { return depth_left_ < 0; }

 private:
  bool Enter() { return --depth_left_ >= 0; }

  size_t End() const { return stream_.Tell(); }

  // The iterative parser reports a bracket before it takes it.
  size_t BracketEnd() const { return stream_.Tell() + 1; }

  const rapidjson::MemoryStream& stream_;
  JsonEvents& events_;
  int depth_left_;
};

absl::string_view Rule(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorNone:
      return "no error";
    case rapidjson::kParseErrorDocumentEmpty:
      return "the text is empty; a JSON value is needed";
    case rapidjson::kParseErrorDocumentRootNotSingular:
      return "text after the end of the JSON value";
    case rapidjson::kParseErrorValueInvalid:
      return "not a JSON value";
    case rapidjson::kParseErrorObjectMissName:
      return "a member name in double quotes is needed";
    case rapidjson::kParseErrorObjectMissColon:
      return "a colon is needed after a member name";
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
      return "a comma or } is needed after a member";
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
      return "a comma or ] is needed after an element";
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      return "\\u needs four hexadecimal digits";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "a \\u surrogate without its partner";
    case rapidjson::kParseErrorStringEscapeInvalid:
      return "an unknown escape in a string";
    case rapidjson::kParseErrorStringMissQuotationMark:
      return "a string without closing quote";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "a string that is not valid UTF-8";
    case rapidjson::kParseErrorNumberTooBig:
      return "a number too large to hold";
    case rapidjson::kParseErrorNumberMissFraction:
      return "a digit is needed after the decimal point";
    case rapidjson::kParseErrorNumberMissExponent:
      return "a digit is needed in the exponent";
    case rapidjson::kParseErrorTermination:
    case rapidjson::kParseErrorUnspecificSyntaxError:
      return "not valid JSON";
  }
  return "not valid JSON";
}

// The library calls a bare control character a bad escape, and a NUL the end of
// the text.
bool IsControlCharacterInString(absl::string_view text,
                                const rapidjson::ParseResult& result) {
  return (result.Code() == rapidjson::kParseErrorStringEscapeInvalid ||
          result.Code() == rapidjson::kParseErrorStringMissQuotationMark) &&
         result.Offset() < text.size() &&
         static_cast<unsigned char>(text[result.Offset()]) < 0x20;
}

absl::Status SyntaxError(absl::string_view text, size_t offset,
                         absl::string_view rule) {
  const TextPosition at = PositionAt(text, offset);
  absl::Status status =
      InvalidArgument(v1::ERROR_REASON_INVALID_FIELD,
                      absl::StrFormat("JSON, line %d, column %d: %s", at.line,
                                      at.column, std::string(rule)));
  AddMetadata(status, "line", absl::StrCat(at.line));
  AddMetadata(status, "column", absl::StrCat(at.column));
  return status;
}

}  // namespace

absl::Status ParseJson(absl::string_view text, JsonEvents& events,
                       int depth_limit) {
  rapidjson::MemoryStream stream(text.data(), text.size());
  Adapter adapter(stream, events, depth_limit);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result =
      IsValidUtf8(text) ? reader.Parse<kFlags>(stream, adapter)
                        : reader.Parse<kValidatingFlags>(stream, adapter);
  if (adapter.is_too_deep()) {
    return SyntaxError(
        text, stream.Tell(),
        absl::StrCat("nested deeper than ", depth_limit, " levels"));
  }
  if (result.Code() == rapidjson::kParseErrorTermination) {
    return absl::OkStatus();
  }
  if (IsControlCharacterInString(text, result)) {
    return SyntaxError(text, result.Offset(),
                       "a control character in a string; write it as an "
                       "escape, a line end as \\n");
  }
  if (result.IsError()) {
    return SyntaxError(text, std::min(result.Offset(), text.size()),
                       Rule(result.Code()));
  }
  if (stream.Tell() < text.size()) {  // behind a NUL
    return SyntaxError(text, stream.Tell(),
                       Rule(rapidjson::kParseErrorDocumentRootNotSingular));
  }
  return absl::OkStatus();
}

size_t JsonTokenStart(absl::string_view text, size_t end) {
  size_t start = end - 1;
  const char last = text[start];
  if (last == '{' || last == '[') {
    return start;
  }
  if (last == '"') {
    // The opening quote is the nearest one with an even number of backslashes
    // before it: inside the string every quote is escaped.
    while (start > 0) {
      --start;
      if (text[start] != '"') {
        continue;
      }
      size_t backslashes = 0;
      while (backslashes < start && text[start - 1 - backslashes] == '\\') {
        ++backslashes;
      }
      if (backslashes % 2 == 0) {
        return start;
      }
    }
    return 0;
  }
  const absl::string_view before = text.substr(0, end);
  const size_t separator = before.find_last_of(" \t\r\n,:[{");
  return separator == absl::string_view::npos ? 0 : separator + 1;
}

TextPosition PositionAt(absl::string_view text, size_t offset) {
  const absl::string_view before = text.substr(0, offset);
  TextPosition position;
  position.line +=
      static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const size_t line_start = before.rfind('\n');
  position.column = static_cast<int>(line_start == absl::string_view::npos
                                         ? before.size() + 1
                                         : before.size() - line_start);
  return position;
}

void AppendJsonString(std::string& out, absl::string_view text) {
  out.push_back('"');
  size_t copied = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') {
      continue;
    }
    out.append(text.data() + copied, i - copied);
    copied = i + 1;
    switch (byte) {
      case '"':
        out.append("\\\"");
        break;
      case '\\':
        out.append("\\\\");
        break;
      case '\n':
        out.append("\\n");
        break;
      case '\r':
        out.append("\\r");
        break;
      case '\t':
        out.append("\\t");
        break;
      default:
        absl::StrAppendFormat(&out, "\\u%04x", byte);
    }
  }
  out.append(text.data() + copied, text.size() - copied);
  out.push_back('"');
}

void AppendJsonDouble(std::string& out, double number) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), number);
  out.append(buffer, result.ptr);
}

}  // namespace twingraph

#include "server/query/syntax/diagnostic.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "storage/base/json.h"
#include "storage/base/status.h"

namespace twingraph::query {
namespace {

// Bytes shown before and behind the place of a long line: a whole message must
// stay below what an error may carry.
constexpr size_t kShownBytes = 60;

absl::string_view KindName(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::kSyntax:
      return "SYN";
    case ProblemKind::kSemantic:
      return "SEM";
    case ProblemKind::kFeature:
      return "FEA";
    case ProblemKind::kLimit:
      return "LIM";
  }
  return "";
}

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The line that holds `offset`, as a range of bytes without its end.
Span LineAt(absl::string_view text, size_t offset) {
  const size_t before = text.substr(0, offset).find_last_of("\r\n");
  const size_t begin = before == absl::string_view::npos ? 0 : before + 1;
  const size_t end = text.find_first_of("\r\n", offset);
  return {begin, end == absl::string_view::npos ? text.size() : end};
}

// Cuts a long line to the surroundings of `offset`, at character borders.
Span Surroundings(absl::string_view text, Span line, size_t offset) {
  Span shown = line;
  if (offset - line.begin > kShownBytes) {
    shown.begin = offset - kShownBytes;
  }
  if (line.end - offset > kShownBytes) {
    shown.end = offset + kShownBytes;
  }
  while (shown.begin < offset && IsContinuation(text[shown.begin])) {
    ++shown.begin;
  }
  while (shown.end < line.end && IsContinuation(text[shown.end])) {
    ++shown.end;
  }
  return shown;
}

// Blanks as wide as `text`, one per character, tabs kept.
std::string Blanks(absl::string_view text) {
  std::string blanks;
  for (const char c : text) {
    if (!IsContinuation(c)) {
      blanks.push_back(c == '\t' ? '\t' : ' ');
    }
  }
  return blanks;
}

std::string Underline(absl::string_view marked) {
  const size_t width = Blanks(marked).size();
  return absl::StrCat("^", std::string(width > 1 ? width - 1 : 0, '~'));
}

std::string MarkedLine(absl::string_view text, Span span) {
  const Span line = LineAt(text, span.begin);
  const Span shown = Surroundings(text, line, span.begin);
  const absl::string_view before =
      text.substr(shown.begin, span.begin - shown.begin);
  const size_t mark_end =
      std::clamp(span.end, span.begin, std::max(shown.end, span.begin));
  const absl::string_view left = shown.begin > line.begin ? "..." : "";
  const absl::string_view right = shown.end < line.end ? "..." : "";
  return absl::StrCat(
      left, text.substr(shown.begin, shown.end - shown.begin), right, "\n",
      Blanks(left), Blanks(before),
      Underline(text.substr(span.begin, mark_end - span.begin)));
}

}  // namespace

absl::Status MakeQueryError(absl::string_view text, const Problem& problem) {
  const TextPosition place = PositionAt(text, problem.span.begin);
  return InvalidArgument(
      v1::ERROR_REASON_INVALID_QUERY,
      absl::StrCat("query, line ", place.line, ", column ", place.column, ": ",
                   problem.message, "\n", MarkedLine(text, problem.span)),
      {{"line", absl::StrCat(place.line)},
       {"column", absl::StrCat(place.column)},
       {"offset", absl::StrCat(problem.span.begin)},
       {"rule", problem.rule},
       {"kind", KindName(problem.kind)}});
}

}  // namespace twingraph::query

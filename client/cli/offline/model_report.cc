#include "client/cli/offline/model_report.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "storage/base/json.h"

namespace twingraph::cli {
namespace {

// A longer line is shown as the part around the place.
constexpr size_t kShownBytes = 100;

int LineOf(const dtdl::Diagnostic& diagnostic, const ModelText& text) {
  return text.first_line + diagnostic.line - 1;
}

// Does a character begin at that byte, or the text end there?
bool IsBoundary(absl::string_view text, size_t at) {
  return at >= text.size() ||
         (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

absl::string_view LineText(absl::string_view text, int line) {
  for (const absl::string_view each : absl::StrSplit(text, '\n')) {
    if (--line == 0) {
      return each;
    }
  }
  return {};
}

// The line, or the part of it around a byte, and a caret below that byte.
std::string Excerpt(absl::string_view line, size_t at) {
  at = std::min(at, line.size());
  size_t begin = 0;
  size_t end = line.size();
  if (line.size() > kShownBytes) {
    begin = at > kShownBytes / 2 ? at - kShownBytes / 2 : 0;
    end = std::min(begin + kShownBytes, line.size());
  }
  while (!IsBoundary(line, begin)) {
    ++begin;
  }
  while (!IsBoundary(line, end)) {
    --end;
  }
  std::string shown(line.substr(begin, end - begin));
  std::replace_if(
      shown.begin(), shown.end(),
      [](unsigned char c) { return c < ' ' || c == 0x7F; }, ' ');
  size_t width = 0;
  for (size_t i = begin; i < at; ++i) {
    width += IsBoundary(line, i) ? 1 : 0;
  }
  return absl::StrCat("    ", shown, "\n    ", std::string(width, ' '), "^\n");
}

void AddMember(std::string& out, absl::string_view name,
               absl::string_view value) {
  AppendJsonString(out, name);
  out += ':';
  AppendJsonString(out, value);
}

}  // namespace

std::string FormatDiagnostic(const dtdl::Diagnostic& diagnostic,
                             const ModelText& text) {
  std::string out = absl::StrCat(text.file, ":", LineOf(diagnostic, text), ":",
                                 diagnostic.column, ": ", diagnostic.message,
                                 " [", diagnostic.rule, "]\n");
  const absl::string_view line = LineText(text.text, diagnostic.line);
  if (!line.empty()) {
    out += Excerpt(line, static_cast<size_t>(diagnostic.column) - 1);
  }
  if (!diagnostic.element.empty()) {
    absl::StrAppend(&out, "  in ", diagnostic.element,
                    diagnostic.path.empty() ? "" : ", at ", diagnostic.path,
                    "\n");
  }
  return out;
}

std::string FormatDiagnosticJson(const dtdl::Diagnostic& diagnostic,
                                 const ModelText& text) {
  std::string out = "{";
  AddMember(out, "file", text.file);
  absl::StrAppend(&out, ",\"line\":", LineOf(diagnostic, text),
                  ",\"column\":", diagnostic.column, ",");
  AddMember(out, "rule", diagnostic.rule);
  out += ',';
  AddMember(out, "element", diagnostic.element);
  out += ',';
  AddMember(out, "path", diagnostic.path);
  out += ',';
  AddMember(out, "message", diagnostic.message);
  out += '}';
  return out;
}

}  // namespace twingraph::cli

#include "server/engine/twin_id.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::engine {
namespace {

bool IsIdByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::string_view("-.+%_#*?!(),=@$'").find(c) !=
             absl::string_view::npos;
}

std::string EncodePart(absl::string_view part) {
  std::string out;
  for (const char c : part) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || c == '-' || c == '_') {
      out.push_back(c);
    } else {
      absl::StrAppendFormat(&out, "%%%02X", byte);
    }
  }
  return out;
}

std::string EncodePath(const std::vector<std::string>& path) {
  std::string out;
  for (const std::string& part : path) {
    absl::StrAppend(&out, out.empty() ? "" : ".", EncodePart(part));
  }
  return out;
}

}  // namespace

bool IsInIdAlphabet(absl::string_view id) {
  return !id.empty() && std::all_of(id.begin(), id.end(), IsIdByte);
}

absl::Status CheckId(absl::string_view field, absl::string_view id,
                     size_t limit_bytes) {
  if (id.empty()) {
    return InvalidField(field, "is required");
  }
  if (id.size() > limit_bytes) {
    return InvalidField(
        field, absl::StrCat("has ", id.size(), " bytes; at most ", limit_bytes,
                            " are allowed"));
  }
  if (!IsInIdAlphabet(id)) {
    return InvalidField(field,
                        "may hold ASCII letters, digits and "
                        "- . + % _ # * ? ! ( ) , = @ $ ' only");
  }
  return absl::OkStatus();
}

absl::Status CheckIdTemplate(absl::string_view field, absl::string_view text) {
  if (text.find("{path}") == absl::string_view::npos) {
    return InvalidField(field, "must hold {path}, or devices would share ids");
  }
  const std::string rest =
      absl::StrReplaceAll(text, {{"{path}", "p"}, {"{hub}", "h"}});
  if (text.size() > kIdBytes || !IsInIdAlphabet(rest)) {
    return InvalidField(field,
                        "may hold {hub}, {path} and characters of twin ids, "
                        "at most 128 bytes");
  }
  return absl::OkStatus();
}

std::string MakeProxyId(absl::string_view id_template, absl::string_view hub,
                        const std::vector<std::string>& path) {
  return absl::StrReplaceAll(
      id_template, {{"{hub}", EncodePart(hub)}, {"{path}", EncodePath(path)}});
}

}  // namespace twingraph::engine

#include "storage/kv_rocks/backup_manifest.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "storage/kv/hash.h"

namespace twingraph::kv_rocks {
namespace {

constexpr absl::string_view kShared = "shared_checksum/";
constexpr absl::string_view kSchema = "schema_version 2.0";

// A name in a directory, and no way to another one.
bool IsName(absl::string_view name) {
  return !name.empty() && name[0] != '.' && !absl::StrContains(name, '/');
}

bool IsPathOf(uint32_t id, absl::string_view path) {
  return (absl::ConsumePrefix(&path, kShared) ||
          absl::ConsumePrefix(&path, absl::StrCat("private/", id, "/"))) &&
         IsName(path);
}

std::optional<BackupFile> ParseFile(absl::string_view line, uint32_t id) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  BackupFile file{.path = std::string(words[0])};
  uint64_t bytes = 0;
  const bool is_file = (words.size() == 3 || words.size() == 5) &&
                       IsPathOf(id, words[0]) && words[1] == "crc32" &&
                       absl::SimpleAtoi(words[2], &file.crc32c);
  if (!is_file ||
      (words.size() == 5 &&
       (words[3] != "size" || !absl::SimpleAtoi(words[4], &bytes)))) {
    return std::nullopt;
  }
  if (words.size() == 5) {
    file.bytes = bytes;
  }
  return file;
}

std::string Seal(const BackupPlace& place, absl::string_view manifest) {
  return absl::StrCat(
      absl::Hex(kv::Hash64(absl::StrCat(place.revision, " ", place.epoch, "\n",
                                        manifest)),
                absl::kZeroPad16));
}

}  // namespace

bool BackupFile::is_shared() const {
  return absl::StartsWith(path, kShared);
}

std::string BackupFile::store_name() const {
  std::string name = path.substr(path.rfind('/') + 1);
  const size_t first = name.find('_');
  const size_t last = name.rfind('.');
  if (is_shared() && first != std::string::npos && last != std::string::npos &&
      first < last) {
    name.erase(first, last - first);
  }
  return name;
}

std::string FormatManifest(const BackupManifest& manifest) {
  std::string text =
      absl::StrCat(kSchema, "\n", absl::ToUnixSeconds(manifest.time), "\n",
                   manifest.sequence, "\n", manifest.files.size(), "\n");
  for (const BackupFile& file : manifest.files) {
    absl::StrAppend(&text, file.path, " crc32 ", file.crc32c, " size ",
                    file.bytes.value_or(0), "\n");
  }
  return text;
}

std::optional<BackupManifest> ParseManifest(absl::string_view text,
                                            uint32_t id) {
  absl::ConsumePrefix(&text, absl::StrCat(kSchema, "\n"));
  if (!absl::ConsumeSuffix(&text, "\n")) {
    return std::nullopt;
  }
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  BackupManifest manifest;
  int64_t seconds = 0;
  size_t count = 0;
  if (lines.size() < 3 || !absl::SimpleAtoi(lines[0], &seconds) ||
      !absl::SimpleAtoi(lines[1], &manifest.sequence) ||
      !absl::SimpleAtoi(lines[2], &count) || count != lines.size() - 3) {
    return std::nullopt;
  }
  manifest.time = absl::FromUnixSeconds(seconds);
  for (size_t i = 3; i < lines.size(); ++i) {
    std::optional<BackupFile> file = ParseFile(lines[i], id);
    if (!file.has_value()) {
      return std::nullopt;
    }
    manifest.files.push_back(*std::move(file));
  }
  return manifest;
}

std::string FormatMark(const BackupPlace& place, absl::string_view manifest) {
  return absl::StrCat(place.revision, " ", place.epoch, " ",
                      Seal(place, manifest), "\n");
}

std::optional<BackupPlace> ParseMark(absl::string_view text,
                                     absl::string_view manifest) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(absl::StripAsciiWhitespace(text), ' ');
  BackupPlace place;
  if (words.size() < 2 || words.size() > 3 ||
      !absl::SimpleAtoi(words[0], &place.revision) ||
      !absl::SimpleAtoi(words[1], &place.epoch) ||
      (words.size() == 3 && words[2] != Seal(place, manifest))) {
    return std::nullopt;
  }
  return place;
}

}  // namespace twingraph::kv_rocks

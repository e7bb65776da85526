#include "client/graphfile/graph_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::graphfile {
namespace {

// The sections of a document by the name of their member.
std::optional<Section> SectionOfMember(absl::string_view name) {
  if (name == "digitalTwinsModels") {
    return Section::kModels;
  }
  if (name == "digitalTwins") {
    return Section::kTwins;
  }
  if (name == "relationships") {
    return Section::kRelationships;
  }
  return std::nullopt;
}

// One JSON document with an array for each section.
class DocumentFile final : public GraphFile {
 public:
  DocumentFile(std::unique_ptr<std::ifstream> input, Section section)
      : GraphFile(std::move(input), section) {}

  absl::StatusOr<std::optional<RawRow>> Next() override {
    for (;;) {
      if (place_ == Place::kArray) {
        ASSIGN_OR_RETURN(std::optional<RawRow> row, NextElement());
        if (row.has_value()) {
          return row;
        }
        continue;
      }
      ASSIGN_OR_RETURN(const bool goes_on, NextMember());
      if (!goes_on) {
        return std::nullopt;
      }
    }
  }

 private:
  enum class Place { kStart, kMembers, kArray, kEnd };

  // The next element of the section's array; nullopt at its end.
  absl::StatusOr<std::optional<RawRow>> NextElement() {
    if (scanner().TryTake(']')) {
      place_ = Place::kMembers;
      return std::nullopt;
    }
    if (!is_first_) {
      RETURN_IF_ERROR(scanner().Take(','));
    }
    is_first_ = false;
    scanner().PeekToken();
    RawRow row;
    row.line = scanner().line();
    ASSIGN_OR_RETURN(row.text, scanner().ReadValue());
    return row;
  }

  // Goes to the next member, or out of the object; false at the end of all.
  absl::StatusOr<bool> NextMember() {
    if (place_ == Place::kEnd) {
      return false;
    }
    if (place_ == Place::kStart) {
      RETURN_IF_ERROR(scanner().Take('{'));
      Enter();
    }
    if (scanner().TryTake('}')) {
      is_first_ = false;
      return Leave();
    }
    if (!is_first_) {
      RETURN_IF_ERROR(scanner().Take(','));
    }
    is_first_ = false;
    ASSIGN_OR_RETURN(const std::string name, scanner().ReadKey());
    RETURN_IF_ERROR(EnterMember(name));
    return true;
  }

  void Enter() {
    place_ = Place::kMembers;
    is_first_ = true;
    ++depth_;
  }

  absl::StatusOr<bool> Leave() {
    if (--depth_ > 0) {
      return true;
    }
    if (scanner().PeekToken() != 0) {
      return scanner().ErrorHere("text after the end of the document");
    }
    place_ = Place::kEnd;
    if (has_other_member_ && !has_section_) {
      return scanner().ErrorHere(
          "this document is not a graph: it has no digitalTwins, relationships "
          "or digitalTwinsModels (a model is uploaded, not imported)");
    }
    return false;
  }

  absl::Status EnterMember(absl::string_view name) {
    if (name == "digitalTwinsGraph" && scanner().TryTake('{')) {
      Enter();
      return absl::OkStatus();
    }
    const std::optional<Section> found = SectionOfMember(name);
    has_section_ |= found.has_value();
    has_other_member_ |= !found.has_value();
    if (!found.has_value() || *found != section()) {
      return scanner().SkipValue();
    }
    place_ = Place::kArray;
    is_first_ = true;
    return scanner().Take('[');
  }

  Place place_ = Place::kStart;
  int depth_ = 0;
  bool is_first_ = true;
  bool has_section_ = false;
  bool has_other_member_ = false;
};

// One object a line, in sections.
class LinesFile final : public GraphFile {
 public:
  LinesFile(std::unique_ptr<std::ifstream> input, Section section)
      : GraphFile(std::move(input), section) {}

  absl::StatusOr<std::optional<RawRow>> Next() override {
    RawRow row;
    for (;;) {
      row.line = scanner().line();
      if (!scanner().ReadLine(row.text)) {
        return std::nullopt;
      }
      if (absl::StripAsciiWhitespace(row.text).empty()) {
        continue;
      }
      ASSIGN_OR_RETURN(const bool is_section_line, EnterSection(row.text));
      if (!is_section_line && current_ == section()) {
        return row;
      }
    }
  }

 private:
  // Follows a section line; false for any other.
  absl::StatusOr<bool> EnterSection(const std::string& line) {
    constexpr size_t kLongest = 200;
    if (line.size() > kLongest ||
        line.find("\"Section\"") == std::string::npos) {
      return false;
    }
    const absl::StatusOr<Value> object = ParseJsonValue(line);
    const Value* name = object.ok() ? object->Find("Section") : nullptr;
    if (name == nullptr || !name->is_string() || object->as_map().size() != 1) {
      return false;
    }
    return Enter(absl::AsciiStrToLower(name->as_string()));
  }

  absl::StatusOr<bool> Enter(absl::string_view name) {
    for (const Section known :
         {Section::kModels, Section::kTwins, Section::kRelationships}) {
      if (name == SectionName(known)) {
        current_ = known;
        return true;
      }
    }
    if (name != "header") {
      return scanner().ErrorHere(absl::StrCat(
          "unknown section \"", name,
          "\"; Header, Models, Twins and Relationships are known"));
    }
    current_.reset();
    return true;
  }

  std::optional<Section> current_;
};

absl::Status CannotRead(const std::string& path) {
  return NotFound(v1::ERROR_REASON_INVALID_FIELD,
                  absl::StrCat("cannot read the file ", path),
                  {{"file", path}});
}

// Does the file begin with a section line?
absl::StatusOr<bool> HasSections(const std::string& path) {
  std::ifstream input(path, std::ios::binary);
  if (!input.is_open()) {
    return CannotRead(path);
  }
  Scanner scanner(input);
  if (!scanner.TryTake('{')) {
    return scanner.ErrorHere(
        "not a graph file: a line {\"Section\": \"Header\"} or a JSON object "
        "is needed");
  }
  if (scanner.PeekToken() == '}') {
    return false;
  }
  ASSIGN_OR_RETURN(const std::string name, scanner.ReadKey());
  return name == "Section";
}

}  // namespace

absl::string_view SectionName(Section section) {
  switch (section) {
    case Section::kModels:
      return "models";
    case Section::kTwins:
      return "twins";
    case Section::kRelationships:
      return "relationships";
  }
  return "";
}

absl::StatusOr<std::unique_ptr<GraphFile>> GraphFile::Open(
    const std::string& path, Section section) {
  ASSIGN_OR_RETURN(const bool has_sections, HasSections(path));
  auto input = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!input->is_open()) {
    return CannotRead(path);
  }
  std::unique_ptr<GraphFile> file;
  if (has_sections) {
    file = std::make_unique<LinesFile>(std::move(input), section);
  } else {
    file = std::make_unique<DocumentFile>(std::move(input), section);
  }
  return file;
}

GraphFile::GraphFile(std::unique_ptr<std::ifstream> input, Section section)
    : input_(std::move(input)), scanner_(*input_), section_(section) {
  input_->seekg(0, std::ios::end);
  size_bytes_ = static_cast<double>(std::max<std::streamoff>(
      static_cast<std::streamoff>(input_->tellg()), 1));
  input_->seekg(0);
}

double GraphFile::progress() const {
  const std::streamoff at =
      input_->good() ? std::streamoff{input_->tellg()} : std::streamoff{-1};
  return at < 0 ? 1.0 : static_cast<double>(at) / size_bytes_;
}

}  // namespace twingraph::graphfile

#pragma once

// Files that hold a graph, read in pieces: one model, twin or relationship is
// in memory at a time, whatever the size of the file. Three forms are told
// apart by their content:
//
//   lines     {"Section": "Header"}, a header object, then the sections Models,
//             Twins and Relationships, one object a line (the import job format
//             of Azure Digital Twins)
//   document  {"digitalTwins": [..], "relationships": [..],
//              "digitalTwinsModels": [..]}, each optional, in any order
//   export    the same under "digitalTwinsGraph" beside "digitalTwinsFileInfo":
//             what Digital Twins Explorer writes
//
// What a row means is row.h's part. One thread at a time.

#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "client/graphfile/scanner.h"

namespace twingraph::graphfile {

enum class Section { kModels, kTwins, kRelationships };

// "models", "twins", "relationships".
absl::string_view SectionName(Section section);

// One model, twin or relationship as it stands in the file.
struct RawRow {
  int line = 0;  // where it begins, 1-based
  std::string text;
};

// The rows of one section. A file is opened once for each section that is
// wanted, so that the order of sections in a document does not matter.
class GraphFile {
 public:
  // Errors: NOT_FOUND / INVALID_FIELD if the file cannot be opened;
  // INVALID_ARGUMENT / INVALID_FIELD if it is none of the three forms.
  static absl::StatusOr<std::unique_ptr<GraphFile>> Open(
      const std::string& path, Section section);

  virtual ~GraphFile() = default;

  // The next row; nullopt at the end of the section. After an error the file
  // cannot be read further.
  // Errors: INVALID_ARGUMENT / INVALID_FIELD where the structure of the file is
  // broken or a section is unknown.
  virtual absl::StatusOr<std::optional<RawRow>> Next() = 0;

  // How much of the file is read, between 0 and 1.
  double progress() const;

 protected:
  GraphFile(std::unique_ptr<std::ifstream> input, Section section);

  Scanner& scanner() { return scanner_; }

  Section section() const { return section_; }

 private:
  std::unique_ptr<std::ifstream> input_;
  Scanner scanner_;
  const Section section_;
  double size_bytes_ = 0;
};

}  // namespace twingraph::graphfile

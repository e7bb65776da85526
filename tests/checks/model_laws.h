#pragma once

// What holds for every text that is given to the DTDL parser, valid or not.
// Each function ends the process where its law is broken (law.h).

#include <string>
#include <vector>

#include "server/dtdl/model_index.h"
#include "server/dtdl/parser.h"

namespace twingraph {

// A set as it was given and what the parser says of it.
struct ParsedTexts {
  std::vector<std::string> texts;
  dtdl::ParseOptions options;
  dtdl::ParsedModels set;
};

// Parses texts with nothing stored.
ParsedTexts ParseTexts(std::vector<std::string> texts,
                       const dtdl::ParseOptions& options);

// Each diagnostic names a rule and says a sentence, and its path, line and
// column are there in the text.
void CheckPlaces(const ParsedTexts& parsed);

// The same texts give the same diagnostics.
void CheckRepeats(const ParsedTexts& parsed);

// `reshaped`, the same set in another order and form, has the same verdict.
void CheckReshaped(const ParsedTexts& parsed, const ParsedTexts& reshaped);

// Each model of a valid set is valid by itself, with the others as stored ones.
void CheckAlone(const ParsedTexts& parsed);

// Each model of a valid set has contents of different names in order, is what
// it extends, and can be printed for people.
void CheckPages(const ParsedTexts& parsed, const dtdl::ModelIndex& index);

}  // namespace twingraph

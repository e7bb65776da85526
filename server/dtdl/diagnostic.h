#pragma once

// A problem of a model document: which rule, where, and what to change.

#include <string>

namespace twingraph::dtdl {

struct Diagnostic {
  // Stable id of the rule: the last part of a
  // "dtmi:dtdl:parsingError:..." of the reference parser.
  std::string rule;
  // Id of the element that breaks it, or of the interface around it; may be
  // empty.
  std::string element;
  // JSON pointer from the document.
  std::string path;
  // Which document of the set, from 0, and where in its text, both from 1.
  int document = 0;
  int line = 1;
  int column = 1;
  // A sentence that says what to change.
  std::string message;
};

}  // namespace twingraph::dtdl

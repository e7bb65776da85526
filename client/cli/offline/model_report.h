#pragma once

// Problems of models as people and programs read them. Pure.

#include <string>

#include "client/cli/offline/model_text.h"
#include "server/dtdl/diagnostic.h"

namespace twingraph::cli {

// Place, sentence and rule, the line with a caret below the place, and the
// element. `text` is the one that the diagnostic is about. Ends with a line
// break. Example:
//   rooms.json:4:31: "1t" is no name; ... [stringInvalid]
//       {"@type": "Property", "name": "1t"}
//                                     ^
//     in dtmi:demo:Room;1, at /contents/0/name
std::string FormatDiagnostic(const dtdl::Diagnostic& diagnostic,
                             const ModelText& text);

// The same as one JSON object: file, line, column, rule, element, path,
// message.
std::string FormatDiagnosticJson(const dtdl::Diagnostic& diagnostic,
                                 const ModelText& text);

}  // namespace twingraph::cli

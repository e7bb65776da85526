#pragma once

// Writing graph files of lines: what `GraphFile` and row.h read back. Pure.

#include <string>

#include "client/graphfile/graph_file.h"
#include "client/graphfile/row.h"

namespace twingraph::graphfile {

// The two lines at the head of a file, each with its end.
std::string FormatHeader();

// The line that opens a section, with its end.
std::string FormatSection(Section section);

// One row without an end of line: names first, then the content in key order.
std::string FormatTwin(const TwinRow& row);
std::string FormatRelationship(const RelationshipRow& row);

}  // namespace twingraph::graphfile

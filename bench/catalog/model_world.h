#pragma once

// A deterministic set of models like an ontology of buildings and equipment:
// kinds below kinds, six levels deep, each with contents of its own; some with
// two parents, some with a component.

#include <string>
#include <vector>

namespace twingraph::bench {

// `count` interfaces of DTDL 3, one document each, parents before children.
std::vector<std::string> MakeModels(int count);

// The id of model `index`, "dtmi:bench:Kind42;1".
std::string ModelId(int index);

}  // namespace twingraph::bench

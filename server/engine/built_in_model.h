#pragma once

// The model that is always there: of proxy twins whose device says nothing of
// itself. It has no contents, so such a twin has no properties and begins no
// relationships; its device block and relationships that point to it work.

namespace twingraph::engine {

inline constexpr char kDeviceModelId[] = "dtmi:twingraph:Device;1";

inline constexpr char kDeviceModelText[] =
    R"({"@context":"dtmi:dtdl:context;2","@id":"dtmi:twingraph:Device;1",)"
    R"("@type":"Interface","displayName":"Device"})";

}  // namespace twingraph::engine

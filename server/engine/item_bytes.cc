// Covered by tests/server/engine/fill_page_test.cc.
#include "server/engine/item_bytes.h"

#include <string>

#include "storage/value/value_codec.h"

namespace twingraph::engine {
namespace {

// Ids, etag and times.
constexpr size_t kSmallParts = 200;
// Times of one property.
constexpr size_t kMetadataBytes = 60;

size_t BytesOf(const LocalizedText& text) {
  size_t bytes = 0;
  for (const auto& [language, translation] : text) {
    bytes += language.size() + translation.size();
  }
  return bytes;
}

size_t BytesOf(const DeviceBlock& block) {
  std::string tags;
  EncodeValue(block.tags, tags);
  size_t bytes = kSmallParts + tags.size() + block.display_name.size() +
                 block.announced_model.size() + block.connection.reason.size();
  for (const auto& path : {block.path, block.gateway_path}) {
    for (const std::string& part : path) {
      bytes += part.size();
    }
  }
  return bytes;
}

}  // namespace

size_t BytesOf(const Twin& twin) {
  size_t bytes = kSmallParts + twin.contents.size();
  for (const PropertyMetadata& each : twin.metadata) {
    bytes += kMetadataBytes + each.component.size() + each.property.size();
  }
  return bytes + (twin.device.has_value() ? BytesOf(*twin.device) : 0);
}

size_t BytesOf(const Relationship& relationship) {
  return kSmallParts + relationship.properties.size();
}

size_t BytesOf(const Model& model) {
  return kSmallParts + model.definition.size() + BytesOf(model.display_name) +
         BytesOf(model.description);
}

size_t BytesOf(const Hub& hub) {
  return kSmallParts + hub.settings.display_name.size() +
         hub.settings.twin_id_template.size();
}

size_t BytesOf(const Device& device) {
  return BytesOf(device.block) + device.twin.size();
}

}  // namespace twingraph::engine

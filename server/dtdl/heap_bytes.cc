#include "server/dtdl/heap_bytes.h"

#include <optional>
#include <string>

namespace twingraph::dtdl {
namespace {

// What the allocator takes for a block, beside the block.
constexpr size_t kBlock = 16;
// A node of a map holds three pointers and a colour.
constexpr size_t kMapNode = 32 + kBlock;

size_t Outside(const std::string& text) {
  static const size_t inside = std::string().capacity();
  return text.capacity() <= inside ? 0 : text.capacity() + kBlock;
}

size_t Outside(const LanguageMap& texts) {
  size_t bytes = 0;
  for (const auto& [language, text] : texts) {
    bytes +=
        kMapNode + 2 * sizeof(std::string) + Outside(language) + Outside(text);
  }
  return bytes;
}

size_t Outside(const std::vector<std::string>& texts) {
  size_t bytes = texts.capacity() * sizeof(std::string) + kBlock;
  for (const std::string& text : texts) {
    bytes += Outside(text);
  }
  return bytes;
}

size_t Outside(const std::optional<CommandPayload>& payload) {
  return payload.has_value() ? Outside(payload->name) : 0;
}

size_t Outside(const std::vector<Content>& contents) {
  size_t bytes = contents.capacity() * sizeof(Content) + kBlock;
  for (const Content& content : contents) {
    bytes += Outside(content.id) + Outside(content.name) +
             Outside(content.unit) + Outside(content.types) +
             Outside(content.display_name) + Outside(content.description) +
             Outside(content.request) + Outside(content.response) +
             Outside(content.component_model) + Outside(content.target_model) +
             (content.properties.empty() ? 0 : Outside(content.properties));
  }
  return bytes;
}

size_t BytesOf(const Schema& schema) {
  size_t bytes = sizeof(Schema) + kBlock + Outside(schema.id) +
                 schema.fields.capacity() * sizeof(Field) + kBlock +
                 schema.enum_values.capacity() * sizeof(EnumValue) + kBlock;
  for (const Field& field : schema.fields) {
    bytes += Outside(field.name);
  }
  for (const EnumValue& each : schema.enum_values) {
    bytes += Outside(each.name) +
             (each.value.is_string() ? Outside(each.value.as_string()) : 0);
  }
  return bytes;
}

}  // namespace

size_t HeapBytes(const Interface& interface) {
  size_t bytes = sizeof(Interface) + kBlock + Outside(interface.id) +
                 Outside(interface.dtmi.path) +
                 Outside(interface.display_name) +
                 Outside(interface.description) + Outside(interface.comment) +
                 Outside(interface.extends) + Outside(interface.contents) +
                 Outside(interface.text) +
                 interface.schemas.capacity() * sizeof(void*) + kBlock;
  for (const auto& schema : interface.schemas) {
    bytes += BytesOf(*schema);
  }
  return bytes;
}

}  // namespace twingraph::dtdl

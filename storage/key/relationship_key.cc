// Covered by tests/storage/key/key_golden_test.cc.
#include "storage/key/relationship_key.h"

#include "storage/key/number_codec.h"

namespace twingraph::key {

std::string EncodeRelationshipKey(TwinNumber source,
                                  RelationshipNumber relationship) {
  return JoinNumbers(source, relationship);
}

bool DecodeRelationshipKey(absl::string_view key, TwinNumber& source,
                           RelationshipNumber& relationship) {
  return ReadNumber(key, source) && ReadNumber(key, relationship) &&
         key.empty();
}

std::string EncodeRelationshipIdKey(TwinNumber source, absl::string_view id) {
  std::string key = JoinNumbers(source);
  key.append(id.data(), id.size());
  return key;
}

bool DecodeRelationshipIdKey(absl::string_view key, TwinNumber& source,
                             absl::string_view& id) {
  if (!ReadNumber(key, source)) {
    return false;
  }
  id = key;
  return true;
}

std::string EncodeRelationshipIdValue(const Edge& edge) {
  return JoinNumbers(edge.number, edge.name, edge.target);
}

bool DecodeRelationshipIdValue(absl::string_view value, Edge& edge) {
  return ReadNumber(value, edge.number) && ReadNumber(value, edge.name) &&
         ReadNumber(value, edge.target) && value.empty();
}

std::string EncodeOutKey(const Edge& edge) {
  return JoinNumbers(edge.source, edge.name, edge.target, edge.number);
}

bool DecodeOutKey(absl::string_view key, Edge& edge) {
  return ReadNumber(key, edge.source) && ReadNumber(key, edge.name) &&
         ReadNumber(key, edge.target) && ReadNumber(key, edge.number) &&
         key.empty();
}

std::string EncodeInKey(const Edge& edge) {
  return JoinNumbers(edge.target, edge.name, edge.source, edge.number);
}

bool DecodeInKey(absl::string_view key, Edge& edge) {
  return ReadNumber(key, edge.target) && ReadNumber(key, edge.name) &&
         ReadNumber(key, edge.source) && ReadNumber(key, edge.number) &&
         key.empty();
}

std::string EncodeNameIndexKey(const Edge& edge) {
  return JoinNumbers(edge.name, edge.source, edge.target, edge.number);
}

bool DecodeNameIndexKey(absl::string_view key, Edge& edge) {
  return ReadNumber(key, edge.name) && ReadNumber(key, edge.source) &&
         ReadNumber(key, edge.target) && ReadNumber(key, edge.number) &&
         key.empty();
}

std::string AdjacencyPrefix(TwinNumber twin) {
  return JoinNumbers(twin);
}

std::string AdjacencyPrefix(TwinNumber twin, NameNumber name) {
  return JoinNumbers(twin, name);
}

std::string NameIndexPrefix(NameNumber name) {
  return JoinNumbers(name);
}

}  // namespace twingraph::key

// Covered by tests/storage/key/key_golden_test.cc.
#include "storage/key/index_key.h"

#include "storage/key/number_codec.h"

namespace twingraph::key {

std::string EncodePropertyIndexKey(PathNumber path, absl::string_view ordered,
                                   TwinNumber twin) {
  std::string key = JoinNumbers(path);
  key.append(ordered.data(), ordered.size());
  AppendNumber(twin, key);
  return key;
}

bool DecodePropertyIndexKey(absl::string_view key, PathNumber& path,
                            absl::string_view& ordered, TwinNumber& twin) {
  return ReadNumber(key, path) && ReadOrdered(key, ordered) &&
         ReadNumber(key, twin) && key.empty();
}

std::string PropertyIndexPrefix(PathNumber path) {
  return JoinNumbers(path);
}

std::string EncodeRelationshipPropertyIndexKey(const Edge& edge,
                                               PathNumber path,
                                               absl::string_view ordered) {
  std::string key = JoinNumbers(edge.name, path);
  key.append(ordered.data(), ordered.size());
  AppendNumber(edge.source, key);
  AppendNumber(edge.number, key);
  return key;
}

bool DecodeRelationshipPropertyIndexKey(absl::string_view key, Edge& edge,
                                        PathNumber& path,
                                        absl::string_view& ordered) {
  return ReadNumber(key, edge.name) && ReadNumber(key, path) &&
         ReadOrdered(key, ordered) && ReadNumber(key, edge.source) &&
         ReadNumber(key, edge.number) && key.empty();
}

std::string EncodeRelationshipPropertyIndexValue(TwinNumber target) {
  return JoinNumbers(target);
}

bool DecodeRelationshipPropertyIndexValue(absl::string_view value,
                                          TwinNumber& target) {
  return ReadNumber(value, target) && value.empty();
}

std::string RelationshipPropertyIndexPrefix(NameNumber name, PathNumber path) {
  return JoinNumbers(name, path);
}

}  // namespace twingraph::key

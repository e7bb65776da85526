#pragma once

// Numbers that stand for names inside the store. Each kind is a type of its
// own, so that a twin's number is never taken for a model's. A number is given
// once and never to something else. Value types.

#include <cstdint>

namespace twingraph::key {

enum class TwinNumber : uint64_t {};
enum class RelationshipNumber : uint64_t {};
enum class ModelNumber : uint32_t {};
// Of a relationship name.
enum class NameNumber : uint32_t {};
// Of a property path.
enum class PathNumber : uint32_t {};

// Bytes that a number takes in a key, big endian; frozen. Five bytes hold
// 10^12 twins and relationships.
inline constexpr int kTwinWidth = 5;
inline constexpr int kRelationshipWidth = 5;
inline constexpr int kModelWidth = 4;
inline constexpr int kNameWidth = 4;
inline constexpr int kPathWidth = 4;

// The largest number of a twin or relationship that a key can hold.
inline constexpr uint64_t kNumberLimit = (uint64_t{1} << 40) - 1;

constexpr uint64_t ToInt(TwinNumber number) {
  return static_cast<uint64_t>(number);
}

constexpr uint64_t ToInt(RelationshipNumber number) {
  return static_cast<uint64_t>(number);
}

constexpr uint32_t ToInt(ModelNumber number) {
  return static_cast<uint32_t>(number);
}

constexpr uint32_t ToInt(NameNumber number) {
  return static_cast<uint32_t>(number);
}

constexpr uint32_t ToInt(PathNumber number) {
  return static_cast<uint32_t>(number);
}

}  // namespace twingraph::key

#include "storage/graph/property_range.h"

#include "storage/base/bytes.h"
#include "storage/value/value_codec.h"

namespace twingraph::graph {
namespace {

// The bytes that the ordered forms of a value begin with; for a string that a
// key does not hold whole, what all strings with its beginning share.
std::string OrderedOf(const Value& value) {
  std::string ordered;
  if (value.is_string() && value.as_string().size() > key::kStringKeyLimit) {
    key::AppendOrderedStringPrefix(value.as_string(), ordered);
    return ordered;
  }
  std::string encoded;
  EncodeValue(value, encoded);
  key::AppendOrdered(ValueView(encoded), ordered);
  return ordered;
}

bool IsCutBound(const std::optional<ValueBound>& bound) {
  return bound.has_value() && bound->value.is_string() &&
         bound->value.as_string().size() > key::kStringKeyLimit;
}

}  // namespace

kv::Range KeysOf(const PropertyRange& range, absl::string_view prefix) {
  std::string begin(prefix);
  if (range.type.has_value()) {
    begin.push_back(static_cast<char>(*range.type));
  }
  kv::Range keys = kv::Range::Prefix(begin);
  if (range.lower.has_value()) {
    keys.begin = std::string(prefix) + OrderedOf(range.lower->value);
    if (!range.lower->is_inclusive && !IsCutBound(range.lower)) {
      keys.begin = PrefixSuccessor(keys.begin);
    }
  }
  if (range.upper.has_value()) {
    keys.end = std::string(prefix) + OrderedOf(range.upper->value);
    if (range.upper->is_inclusive || IsCutBound(range.upper)) {
      keys.end = PrefixSuccessor(keys.end);
    }
  }
  return keys;
}

bool IsExact(const PropertyRange& range) {
  return !IsCutBound(range.lower) && !IsCutBound(range.upper);
}

}  // namespace twingraph::graph

// Covered by tests/storage/key/key_golden_test.cc.
#include "storage/key/dict_key.h"

#include <xxhash.h>

#include "storage/key/ordered_codec.h"

namespace twingraph::key {
namespace {

constexpr size_t kNameLimit = 512;
constexpr char kWhole = '\0';
constexpr char kCut = '\1';
constexpr char kTextKey = 'n';
constexpr char kNumberKey = '#';
constexpr int kNumberWidth = 4;

}  // namespace

void AppendName(absl::string_view text, std::string& out) {
  if (text.size() <= kNameLimit) {
    out.push_back(kWhole);
    out.append(text.data(), text.size());
    return;
  }
  out.push_back(kCut);
  out.append(text.data(), kNameLimit);
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  AppendInt(hash.high64, 8, out);
  AppendInt(hash.low64, 8, out);
}

std::string EncodeDictTextKey(DictKind kind, absl::string_view text) {
  std::string key = {static_cast<char>(kind), kTextKey};
  AppendName(text, key);
  return key;
}

std::string EncodeDictNumberKey(DictKind kind, uint32_t number) {
  std::string key = DictNumberPrefix(kind);
  AppendInt(number, kNumberWidth, key);
  return key;
}

std::string DictNumberPrefix(DictKind kind) {
  return {static_cast<char>(kind), kNumberKey};
}

bool DecodeDictNumberKey(absl::string_view key, DictKind& kind,
                         uint32_t& number) {
  if (key.size() != 2 + kNumberWidth || key[1] != kNumberKey) {
    return false;
  }
  kind = static_cast<DictKind>(key[0]);
  key.remove_prefix(2);
  uint64_t wide = 0;
  ReadInt(key, kNumberWidth, wide);
  number = static_cast<uint32_t>(wide);
  return true;
}

bool DecodeDictTextRow(absl::string_view key, absl::string_view value,
                       DictKind& kind, std::string& text, uint32_t& number) {
  uint64_t wide = 0;
  if (key.size() < 3 || key[1] != kTextKey || key[2] != kWhole ||
      value.size() != kNumberWidth || !ReadInt(value, kNumberWidth, wide)) {
    return false;
  }
  kind = static_cast<DictKind>(key[0]);
  text = std::string(key.substr(3));
  number = static_cast<uint32_t>(wide);
  return true;
}

std::string EncodeSequenceKey(Sequence sequence) {
  return std::string(1, static_cast<char>(sequence));
}

}  // namespace twingraph::key

#include "storage/kv/history_entry.h"

#include "storage/base/status.h"
#include "storage/kv/fixed_int.h"

namespace twingraph::kv {
namespace {

// Frozen. The terminator sorts below an escaped 00, so a key sorts before the
// keys that it begins.
constexpr char kEscape = '\x00';
constexpr char kEscapedZero = '\xFF';
constexpr char kTerminator = '\x01';

absl::Status Corrupt() {
  return DataLoss("a history entry is damaged", {{"space", "history"}});
}

}  // namespace

std::string HistoryPrefix(SpaceId space, absl::string_view key) {
  std::string out;
  out.reserve(key.size() + 16);
  out.push_back(static_cast<char>(space));
  for (const char byte : key) {
    out.push_back(byte);
    if (byte == kEscape) {
      out.push_back(kEscapedZero);
    }
  }
  out.push_back(kEscape);
  out.push_back(kTerminator);
  return out;
}

std::string EncodeHistoryKey(SpaceId space, absl::string_view key,
                             Revision revision) {
  std::string out = HistoryPrefix(space, key);
  AppendKey64(revision, out);
  return out;
}

absl::StatusOr<HistoryKey> DecodeHistoryKey(absl::string_view bytes) {
  if (bytes.size() < 3 + kHistoryRevisionBytes) {
    return Corrupt();
  }
  HistoryKey decoded;
  decoded.revision = HistoryRevision(bytes);
  decoded.space = static_cast<SpaceId>(bytes[0]);
  const absl::string_view escaped =
      bytes.substr(1, bytes.size() - 1 - kHistoryRevisionBytes);
  for (size_t i = 0; i + 1 < escaped.size(); ++i) {
    if (escaped[i] != kEscape) {
      decoded.key.push_back(escaped[i]);
      continue;
    }
    ++i;
    if (escaped[i] == kTerminator && i + 1 == escaped.size()) {
      return decoded;
    }
    if (escaped[i] != kEscapedZero) {
      return Corrupt();
    }
    decoded.key.push_back(kEscape);
  }
  return Corrupt();
}

Revision HistoryRevision(absl::string_view bytes) {
  return ReadKey64(bytes.data() + bytes.size() - kHistoryRevisionBytes);
}

Range HistoryRange(SpaceId space, const Range& range) {
  const std::string next_space(1, static_cast<char>(space + 1));
  return {HistoryPrefix(space, range.begin),
          range.end.empty() ? next_space : HistoryPrefix(space, range.end)};
}

std::string EncodeHistoryAbsent() {
  return std::string(1, static_cast<char>(HistoryKind::kAbsent));
}

std::string EncodeHistoryValue(absl::string_view value) {
  std::string out(1, static_cast<char>(HistoryKind::kValue));
  out.append(value.data(), value.size());
  return out;
}

std::string EncodeHistoryDelta(int64_t delta) {
  std::string out(1, static_cast<char>(HistoryKind::kDelta));
  AppendVarint(ZigZag(delta), out);
  return out;
}

absl::StatusOr<HistoryValue> DecodeHistoryValue(absl::string_view bytes) {
  if (bytes.empty()) {
    return Corrupt();
  }
  HistoryValue decoded;
  decoded.kind = static_cast<HistoryKind>(bytes[0]);
  bytes.remove_prefix(1);
  uint64_t zigzag = 0;
  switch (decoded.kind) {
    case HistoryKind::kAbsent:
      return decoded;
    case HistoryKind::kValue:
      decoded.value = bytes;
      return decoded;
    case HistoryKind::kDelta:
      if (!TakeVarint(bytes, zigzag)) {
        return Corrupt();
      }
      decoded.delta = UnZigZag(zigzag);
      return decoded;
  }
  return Corrupt();
}

}  // namespace twingraph::kv

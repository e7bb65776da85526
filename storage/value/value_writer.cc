#include "storage/value/value_writer.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace twingraph {
namespace {

void PushKind(ValueKind kind, std::string& out) {
  out.push_back(static_cast<char>(kind));
}

void AppendFixed32(std::string& out, size_t number) {
  const auto narrow = static_cast<uint32_t>(number);
  out.append(reinterpret_cast<const char*>(&narrow), sizeof(narrow));
}

void AppendVarint(std::string& out, uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

constexpr char kNullBytes[] = {static_cast<char>(ValueKind::kNull)};

absl::string_view BytesOrNull(ValueView view) {
  return view.is_defined() ? view.bytes() : absl::string_view(kNullBytes, 1);
}

}  // namespace

void AppendEncodedNull(std::string& out) {
  PushKind(ValueKind::kNull, out);
}

void AppendEncodedBool(bool value, std::string& out) {
  PushKind(ValueKind::kBool, out);
  out.push_back(value ? 1 : 0);
}

void AppendEncodedString(absl::string_view text, std::string& out) {
  PushKind(ValueKind::kString, out);
  AppendVarint(out, text.size());
  out.append(text.data(), text.size());
}

void AppendEncodedList(absl::Span<const ValueView> elements, std::string& out) {
  PushKind(ValueKind::kList, out);
  AppendFixed32(out, elements.size());
  size_t end = 0;
  for (const ValueView element : elements) {
    end += BytesOrNull(element).size();
    AppendFixed32(out, end);
  }
  for (const ValueView element : elements) {
    const absl::string_view bytes = BytesOrNull(element);
    out.append(bytes.data(), bytes.size());
  }
}

void AppendEncodedMap(std::vector<EncodedEntry>& entries, std::string& out) {
  std::sort(entries.begin(), entries.end(),
            [](const EncodedEntry& a, const EncodedEntry& b) {
              return a.first < b.first;
            });
  PushKind(ValueKind::kMap, out);
  AppendFixed32(out, entries.size());
  size_t key_end = 0;
  size_t value_end = 0;
  for (const EncodedEntry& entry : entries) {
    value_end += entry.first.size();
  }
  for (const auto& [key, value] : entries) {
    key_end += key.size();
    value_end += value.bytes().size();
    AppendFixed32(out, key_end);
    AppendFixed32(out, value_end);
  }
  for (const EncodedEntry& entry : entries) {
    out.append(entry.first.data(), entry.first.size());
  }
  for (const EncodedEntry& entry : entries) {
    out.append(entry.second.bytes().data(), entry.second.bytes().size());
  }
}

}  // namespace twingraph

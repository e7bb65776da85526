#include "server/engine/twin_times.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

namespace twingraph::engine {
namespace {

Value EncodeTime(absl::Time time) {
  return Value::Int(absl::ToUnixNanos(time));
}

absl::Time DecodeTime(ValueView stored) {
  return absl::FromUnixNanos(stored.is_defined() ? stored.as_int() : 0);
}

// DTDL names have no dots, so the dot keeps the two parts apart.
std::string EncodeName(const PropertyName& name) {
  return name.component.empty()
             ? name.property
             : absl::StrCat(name.component, ".", name.property);
}

PropertyName DecodeName(absl::string_view text) {
  const size_t dot = text.find('.');
  if (dot == absl::string_view::npos) {
    return {"", std::string(text)};
  }
  return {std::string(text.substr(0, dot)), std::string(text.substr(dot + 1))};
}

Value EncodeEntry(const TwinTimes::Entry& entry) {
  if (entry.source_time == absl::InfinitePast()) {
    return EncodeTime(entry.update_time);
  }
  return Value::MakeList(
      {EncodeTime(entry.update_time), EncodeTime(entry.source_time)});
}

TwinTimes::Entry DecodeEntry(ValueView stored) {
  if (stored.kind() != ValueKind::kList) {
    return {.update_time = DecodeTime(stored)};
  }
  return {.update_time = DecodeTime(stored.at(0)),
          .source_time = DecodeTime(stored.at(1))};
}

}  // namespace

TwinTimes TwinTimes::Decode(ValueView stored) {
  TwinTimes times(DecodeTime(stored.Find("c")));
  times.update_time_ = DecodeTime(stored.Find("u"));
  times.base_time_ = DecodeTime(stored.Find("b"));
  const ValueView entries = stored.Find("p");
  const size_t count = entries.is_defined() ? entries.size() : 0;
  for (size_t i = 0; i < count; ++i) {
    const auto [name, entry] = entries.entry(i);
    times.entries_.emplace(DecodeName(name), DecodeEntry(entry));
  }
  return times;
}

Value TwinTimes::Encode() const {
  Value out = Value::MakeMap({{"b", EncodeTime(base_time_)},
                              {"c", EncodeTime(create_time_)},
                              {"u", EncodeTime(update_time_)}});
  if (!entries_.empty()) {
    Value::Map entries;
    for (const auto& [name, entry] : entries_) {
      entries.emplace_back(EncodeName(name), EncodeEntry(entry));
    }
    out.Set("p", Value::MakeMap(std::move(entries)));
  }
  return out;
}

TwinTimes::Entry TwinTimes::Get(const PropertyName& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? Entry{.update_time = base_time_}
                                 : found->second;
}

void TwinTimes::WriteAll(absl::Time now) {
  entries_.clear();
  base_time_ = now;
  update_time_ = now;
}

void TwinTimes::Write(const PropertyName& name, absl::Time now) {
  entries_[name].update_time = now;
  TouchComponent(name, now);
}

void TwinTimes::Remove(const PropertyName& name, absl::Time now) {
  entries_.erase(name);
  TouchComponent(name, now);
}

void TwinTimes::SetSourceTime(const PropertyName& name, absl::Time time) {
  const auto [entry, is_new] =
      entries_.try_emplace(name, Entry{.update_time = base_time_});
  entry->second.source_time = time;
}

void TwinTimes::TouchComponent(const PropertyName& name, absl::Time now) {
  update_time_ = now;
  if (!name.component.empty()) {
    entries_[{name.component, ""}].update_time = now;
  }
}

}  // namespace twingraph::engine

#pragma once

// The stored times of a twin and of its properties. A property that was never
// written alone has the time of the last full write, so that most twins store
// three numbers. Value type.

#include <compare>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/value/value.h"
#include "storage/value/value_codec.h"

namespace twingraph::engine {

// Names one property, or with an empty `property` a whole component; with an
// empty `component` a property of the twin itself.
struct PropertyName {
  std::string component;
  std::string property;

  friend auto operator<=>(const PropertyName&, const PropertyName&) = default;
};

class TwinTimes {
 public:
  struct Entry {
    absl::Time update_time;
    absl::Time source_time = absl::InfinitePast();  // never given
  };

  // Times of a twin that is made at `now`.
  explicit TwinTimes(absl::Time now)
      : create_time_(now), update_time_(now), base_time_(now) {}

  // Reads the stored form; a member that is not there has the Unix epoch.
  static TwinTimes Decode(ValueView stored);

  // The stored form: {"b", "c", "u": nanoseconds, "p": {"component.property":
  // update time or [update time, source time]}}. Frozen; golden test
  // twin_times_test.
  Value Encode() const;

  absl::Time create_time() const { return create_time_; }

  absl::Time update_time() const { return update_time_; }

  // When `name` was written, and its source time.
  Entry Get(const PropertyName& name) const;

  // Notes that everything was written at `now`; source times are forgotten.
  void WriteAll(absl::Time now);

  // Notes that `name` was written at `now`, and its component with it. Its
  // source time stays.
  void Write(const PropertyName& name, absl::Time now);

  // Notes that `name` has no value any more since `now`.
  void Remove(const PropertyName& name, absl::Time now);

  // Sets or, with InfinitePast, removes the source time of `name`.
  void SetSourceTime(const PropertyName& name, absl::Time time);

  // Notes a change of the twin that no property shows.
  void Touch(absl::Time now) { update_time_ = now; }

 private:
  void TouchComponent(const PropertyName& name, absl::Time now);

  absl::Time create_time_;
  absl::Time update_time_;
  absl::Time base_time_;
  std::map<PropertyName, Entry> entries_;
};

}  // namespace twingraph::engine

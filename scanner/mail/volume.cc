// Steps begin at whole hours and days of UTC, so that two reports of one log agree.
#include "mail/volume.h"

#include <algorithm>

namespace backscan::mail {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxSteps = 400;

bool is_submission(const Message& message) {
  return message.arrival == Arrival::kLocal || message.arrival == Arrival::kAuthenticated;
}

std::chrono::seconds step_for(Time first, Time last) {
  const auto span = last - first;
  if (span <= std::chrono::days{4}) return 1h;
  return span <= std::chrono::days{366} ? std::chrono::days{1} : std::chrono::weeks{1};
}

Time begin_of(Time time, std::chrono::seconds step) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  return Time{whole - whole % step};
}

}  // namespace

void fill_volume(const MailHistory& history, const std::vector<BackscatterEvent>& events,
                 MailActivity& activity) {
  std::optional<Time> first;
  std::optional<Time> last;
  const auto widen = [&](Time time) {
    if (!first || time < *first) first = time;
    if (!last || time > *last) last = time;
  };
  for (const Message& message : history.store.messages())
    if (is_submission(message) && message.time != Time{}) widen(message.time);
  for (const BackscatterEvent& event : events)
    if (event.is_backscatter && event.time != Time{}) widen(event.time);
  if (!first) return;
  const std::chrono::seconds step = step_for(*first, *last);
  const Time begin = begin_of(*first, step);
  // A single stamp from the far past or future must not make a thousand empty steps.
  const auto steps = std::min(kMaxSteps, static_cast<std::size_t>((*last - begin) / step) + 1);
  activity.volume_step = step;
  activity.volume.resize(steps);
  for (std::size_t i = 0; i < steps; ++i)
    activity.volume[i].start = begin + step * static_cast<std::int64_t>(i);
  const auto at = [&](Time time) -> MailVolume* {
    if (time < begin) return nullptr;
    const auto index = static_cast<std::size_t>((time - begin) / step);
    return index < steps ? &activity.volume[index] : nullptr;
  };
  for (const Message& message : history.store.messages())
    if (is_submission(message))
      if (MailVolume* const volume = at(message.time)) ++volume->submitted;
  for (const BackscatterEvent& event : events)
    if (event.is_backscatter)
      if (MailVolume* const volume = at(event.time)) ++volume->null_sender;
}

}  // namespace backscan::mail

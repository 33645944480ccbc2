// The curve is drawn in numbers of our own only; every text goes through the templates' escape.
#include "report/html_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/words.h"
#include "model/time_text.h"

namespace backscan::report {
namespace {

constexpr double kWidth = 960;
constexpr double kHeight = 160;

mustache::object sender_values(const Sender& sender) {
  mustache::object values;
  set(values, "host", sender.host);
  set(values, "who", sender.script      ? *sender.script
                     : sender.directory ? *sender.directory
                     : sender.account   ? *sender.account
                                        : fmt::format("uid {}", sender.uid.value_or(0)));
  set(values, "messages", grouped(sender.evidence.messages));
  set(values, "recipients", grouped(sender.evidence.recipients));
  set(values, "null_sender", grouped(sender.evidence.null_sender));
  set(values, "bounces", grouped(sender.bounces_caused));
  set(values, "first", sender.evidence.first ? format_time(*sender.evidence.first) : "");
  set(values, "last", sender.evidence.last ? format_time(*sender.evidence.last) : "");
  return values;
}

mustache::object audit_values(const AuditNote& note) {
  mustache::object values;
  set(values, "severity", std::string(name_of(note.severity)));
  set(values, "severity_index", index_of(note.severity));
  set(values, "setting", note.setting);
  set(values, "value", note.value);
  set(values, "place", place_text(note.file, note.line, 0));
  set(values, "host", note.host);
  set(values, "why", note.why);
  set(values, "fix", note.fix);
  return values;
}

mustache::object bar(double x, double width, double below, double height, std::string_view kind) {
  mustache::object values;
  set(values, "kind", std::string(kind));
  set(values, "x", fmt::format("{:.1f}", x));
  set(values, "width", fmt::format("{:.1f}", width));
  set(values, "y", fmt::format("{:.1f}", kHeight - below - height));
  set(values, "height", fmt::format("{:.1f}", height));
  return values;
}

std::string_view step_name(std::chrono::seconds step) {
  if (step <= std::chrono::hours{1}) return "hour";
  return step <= std::chrono::days{1} ? "day" : "week";
}

const MailVolume& peak_of(const std::vector<MailVolume>& volume) {
  return *std::ranges::max_element(
      volume, {}, [](const MailVolume& step) { return step.submitted + step.null_sender; });
}

/// One bar a step, placed by its time: a merged curve may have gaps.
void set_volume(const MailActivity& mail, mustache::object& values) {
  const MailVolume& peak = peak_of(mail.volume);
  const auto most = static_cast<double>(peak.submitted + peak.null_sender);
  const Time begin = mail.volume.front().start;
  const std::chrono::duration<double> step = mail.volume_step;
  const std::chrono::duration<double> span = mail.volume.back().start - begin + mail.volume_step;
  mustache::list bars;
  std::uint64_t submitted = 0;
  std::uint64_t null_sender = 0;
  for (const MailVolume& volume : mail.volume) {
    const std::chrono::duration<double> from = volume.start - begin;
    const double x = from / span * kWidth;
    const double width = std::max(step / span * kWidth * 0.9, 0.5);
    const double lower = static_cast<double>(volume.submitted) / most * kHeight;
    const double upper = static_cast<double>(volume.null_sender) / most * kHeight;
    if (volume.submitted > 0) bars.push_back(mustache::data(bar(x, width, 0, lower, "sent")));
    if (volume.null_sender > 0) bars.push_back(mustache::data(bar(x, width, lower, upper, "empty")));
    submitted += volume.submitted;
    null_sender += volume.null_sender;
  }
  set(values, "volume_title",
      fmt::format("Messages that left, by the {}: {} submitted here, {} without a sender; most at "
                  "{}: {}",
                  step_name(mail.volume_step), grouped(submitted), grouped(null_sender),
                  format_time(peak.start), grouped(peak.submitted + peak.null_sender)));
  set(values, "volume_first", format_time(begin));
  set(values, "volume_last", format_time(mail.volume.back().start));
  set(values, "volume_peak", grouped(peak.submitted + peak.null_sender));
  values["bars"] = mustache::data(std::move(bars));
}

bool has_volume(const ScanResult& result) {
  if (!result.mail || result.mail->volume.empty() || result.mail->volume_step.count() == 0)
    return false;
  const MailVolume& peak = peak_of(result.mail->volume);
  return peak.submitted + peak.null_sender > 0;
}

mustache::object run_values(const PastRun& run) {
  mustache::object values;
  set(values, "started", format_time(run.started));
  set(values, "state", run.is_complete ? "" : "incomplete");
  set(values, "findings", grouped(run.findings));
  set(values, "listings", grouped(run.listings));
  set(values, "submitted", grouped(run.submitted));
  set(values, "null_sender", grouped(run.null_sender));
  return values;
}

}  // namespace

void set_evidence(const ScanResult& result, mustache::object& values) {
  set_list(values, "senders", "has_senders", result.senders, sender_values);
  set_list(values, "audit", "has_audit", result.audit, audit_values);
  values["has_volume"] = flag(has_volume(result));
  if (has_volume(result)) set_volume(*result.mail, values);
  const RunHistory history = result.history.value_or(RunHistory{});
  set_list(values, "runs", "has_runs", history.runs, run_values);
  set_list(values, "came_back", "has_came_back", history.came_back, text_object);
  set_list(values, "ended", "has_ended", history.ended, text_object);
}

}  // namespace backscan::report

// `backscan trace`: who sent it, from logs and queues; also what happened around a listing's minute.
#include <CLI/App.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/host_facts.h"
#include "mail/evidence.h"
#include "model/time_text.h"
#include "report/json_record.h"

namespace backscan::cli {
namespace {

using report::Json;

struct TraceOptions {
  mail::EvidenceInput input;
  std::string seen;
  int window_minutes = 3;
  int top = 20;
  std::string format = "text";
  bool show_addresses = false;
};

std::string address(std::string_view text, const TraceOptions& options) {
  return options.show_addresses ? escape_controls(text) : mail::mask_address(text);
}

Json to_json(const mail::BackscatterEvent& event, const TraceOptions& options) {
  Json out = {{"type", "event"},
              {"time", format_time(event.time)},
              {"reason", name_of(event.reason)},
              {"backscatter", event.is_backscatter}};
  if (event.message != nullptr) {
    out["id"] = to_utf8(event.message->id);
    out["parent"] = to_utf8(event.message->parent);
    out["recipients"] = Json::array();
    for (const auto& delivery : event.message->deliveries)
      out["recipients"].push_back(address(delivery.address, options));
  }
  if (event.parent != nullptr) {
    out["parent_client"] = to_utf8(event.parent->client);
    out["parent_sender"] = address(event.parent->sender, options);
    out["parent_script"] = escape_controls(event.parent->script);
    out["parent_directory"] = escape_controls(event.parent->directory);
  }
  if (event.callout != nullptr) out["probed"] = address(event.callout->address, options);
  return out;
}

std::string jsonl_record(const char* type, const Json& record) {
  Json out = {{"type", type}};
  out.update(record);
  return out.dump();
}

void print_event(const mail::BackscatterEvent& event, const TraceOptions& options,
                 std::ostream& out) {
  out << format_time(event.time) << "  " << name_of(event.reason)
      << (event.is_backscatter ? "  backscatter" : "  to our own sender") << '\n';
  if (event.callout != nullptr)
    out << "  probed " << address(event.callout->address, options) << ": "
        << truncate_utf8(escape_controls(event.callout->detail), 160) << '\n';
  if (event.message != nullptr) {
    out << "  message " << escape_controls(event.message->id) << " from <> to";
    for (const auto& delivery : event.message->deliveries)
      out << ' ' << address(delivery.address, options);
    out << '\n';
  }
  if (event.parent == nullptr) return;
  const mail::Message& parent = *event.parent;
  out << "  answers " << escape_controls(parent.id) << " of " << format_time(parent.time);
  if (!parent.client.empty()) out << ", received from [" << escape_controls(parent.client) << ']';
  if (!parent.directory.empty()) out << ", submitted in " << escape_controls(parent.directory);
  if (!parent.script.empty()) out << ", script " << escape_controls(parent.script);
  out << '\n';
  for (const auto& delivery : parent.deliveries)
    if (delivery.status == mail::DeliveryStatus::kFailed)
      out << "  because " << address(delivery.address, options) << ": "
          << truncate_utf8(escape_controls(delivery.reason), 160) << '\n';
}

void print_sender(const Sender& sender, std::ostream& out) {
  out << sender.evidence.messages << (sender.evidence.messages == 1 ? " message" : " messages")
      << " to " << sender.evidence.recipients << " recipients";
  if (sender.bounces_caused > 0) out << ", " << sender.bounces_caused << " bounced";
  out << "  ";
  if (sender.script) out << escape_controls(*sender.script);
  else if (sender.directory) out << escape_controls(*sender.directory) << "/ (script unknown)";
  else out << "(script unknown)";
  if (sender.account) out << "  account " << escape_controls(*sender.account);
  if (sender.uid) out << "  uid " << *sender.uid;
  out << "\n  known by: " << name_of(sender.attribution);
  if (sender.evidence.first && sender.evidence.last)
    out << ", from " << format_time(*sender.evidence.first) << " to "
        << format_time(*sender.evidence.last);
  for (const std::string& forged : sender.forged_senders) out << "\n  sender forged: " << forged;
  for (const std::string& subject : sender.sample_subjects) out << "\n  subject: " << subject;
  out << '\n';
}

void print_activity(const MailActivity& activity, const TraceOptions& options, std::ostream& out) {
  if (activity.files.empty()) {
    out << "No mail log, PHP mail log or queue was found. Name them with --mail-log and "
           "--php-mail-log.\n";
    return;
  }
  out << activity.messages << " messages in " << activity.lines << " lines of "
      << activity.files.size() << " logs and queues";
  if (activity.unknown_lines > 0)
    out << " (" << activity.unknown_lines << " lines are of other programs, torn or garbage)";
  out << '\n';
  for (const BackscatterCluster& cluster : activity.backscatter) {
    out << "\nbackscatter: " << cluster.messages << ' ' << name_of(cluster.reason) << ", from "
        << format_time(cluster.first) << " to " << format_time(cluster.last) << '\n';
    if (!cluster.sample_id.empty())
      out << "  for example " << escape_controls(cluster.sample_id) << ", answering "
          << escape_controls(cluster.sample_parent) << ", to "
          << address(cluster.sample_recipient, options) << '\n';
    if (!cluster.sample_words.empty())
      out << "  " << truncate_utf8(escape_controls(cluster.sample_words), 200) << '\n';
  }
  for (const RefusalByList& refusal : activity.refusals)
    out << "\nrefused by others because of " << refusal.list << ": " << refusal.count << ", from "
        << format_time(refusal.first) << " to " << format_time(refusal.last) << "\n  "
        << truncate_utf8(escape_controls(refusal.sample), 200) << '\n';
}

int run_trace(TraceOptions& options, const Context& context) {
  std::ostream& out = context.streams.out;
  options.input.now = std::chrono::system_clock::now();
  std::optional<Time> seen;
  if (!options.seen.empty()) {
    const auto time = parse_time(options.seen);
    if (!time) {
      context.complain("--seen " + time.error().message());
      return kError;
    }
    seen = *time;
  }
  mail::EvidenceInput input = options.input;
  name_from_here(input);
  const auto history = mail::read_history(input);
  if (!history) {
    context.complain(history.error().message());
    return kError;
  }
  const bool is_json = options.format == "jsonl";
  if (seen) {
    const auto window = std::chrono::minutes{options.window_minutes};
    // A list's page shows minutes: a time without seconds means the whole minute.
    const bool is_minute = std::chrono::floor<std::chrono::minutes>(*seen) == *seen;
    const Time from = *seen - window;
    const Time to = *seen + window + (is_minute ? std::chrono::minutes{1} : std::chrono::seconds{1});
    std::size_t shown = 0;
    for (const auto& event : mail::null_sender_events(*history)) {
      if (event.time < from || event.time >= to) continue;
      ++shown;
      if (is_json) out << to_json(event, options).dump() << '\n';
      else print_event(event, options, out);
    }
    if (shown == 0 && !is_json)
      out << "No null-sender message and no callout within " << options.window_minutes
          << " minutes of " << format_time(*seen)
          << ". Check the zone of the time given, and that the logs reach back so far.\n";
  } else {
    const auto all = mail::senders(*history, host_facts(options.input.root));
    const auto shown = std::min(all.size(), static_cast<std::size_t>(options.top));
    for (std::size_t i = 0; i < shown; ++i) {
      if (is_json) out << jsonl_record("sender", report::sender_record(all[i])) << '\n';
      else print_sender(all[i], out);
    }
    if (!is_json) {
      if (shown < all.size()) out << "… and " << all.size() - shown << " more (--top)\n";
      if (!all.empty()) out << '\n';
      print_activity(mail::summarize(*history), options, out);
    }
  }
  for (const ErrorRecord& error : history->errors)
    context.complain(std::string(name_of(error.stage)) + ": " + error.path + ": " + error.reason);
  const bool is_incomplete =
      std::ranges::any_of(history->errors, [](const ErrorRecord& error) { return !error.is_note; });
  return is_incomplete ? kError : kOk;
}

}  // namespace

void add_trace(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("trace", "Who sent it: mail logs, PHP mail logs and queues");
  auto options = std::make_shared<TraceOptions>();
  command->add_option("--mail-log", options->input.mail_logs,
                      "Logs of Exim, Postfix or Sendmail (default: the usual places)");
  command->add_option("--php-mail-log", options->input.php_mail_logs, "PHP's mail.log files");
  command->add_option("--queue", options->input.queue, "auto, off, or a spool directory");
  command->add_option("--root", options->input.root, "Directory that holds the host's files");
  command->add_option("--seen", options->seen,
                      "Time of a listing, as its page shows it: \"03.11.2026 17:43 CET\" (no zone: UTC)");
  command->add_option("--window", options->window_minutes, "Minutes before and after --seen")
      ->check(CLI::Range(0, 1440));
  command->add_option("--top", options->top, "Senders to show")->check(CLI::Range(1, 1'000'000));
  command->add_option("-f,--format", options->format, "text or jsonl")
      ->check(CLI::IsMember({"text", "jsonl"}));
  command->add_flag("--show-addresses", options->show_addresses, "Do not mask mail addresses");
  command->callback([options, &context] { context.exit_code = run_trace(*options, context); });
}

}  // namespace backscan::cli

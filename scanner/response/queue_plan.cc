// An id becomes a word of a command: only letters, digits and '-' ever do.
#include "response/queue_plan.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace backscan::response {
namespace {

constexpr std::size_t kIdsInCommand = 40;

bool is_id(const mail::Message& message) {
  const bool is_exim = message.mta == mail::Mta::kExim;
  const auto is_word_char = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (is_exim && c == '-');
  };
  return message.id.size() >= 6 && message.id.size() <= 32 && message.id.front() != '-' &&
         std::ranges::all_of(message.id, is_word_char);
}

/// "1001:form.php", as X-PHP-Originating-Script has it.
std::string short_name(const ConfirmedScript& script) {
  return std::to_string(script.uid) + ":" + script.path.substr(script.path.rfind('/') + 1);
}

void add_commands(std::string_view begin, std::string_view before_id,
                  std::vector<std::string_view>& ids, std::vector<std::string>& commands) {
  std::ranges::sort(ids);
  for (std::size_t at = 0; at < ids.size(); at += kIdsInCommand) {
    std::string command(begin);
    for (std::size_t i = at; i < std::min(ids.size(), at + kIdsInCommand); ++i)
      command.append(before_id).append(ids[i]);
    commands.push_back(std::move(command));
  }
}

}  // namespace

QueuePlan plan_queue_removal(const mail::MessageStore& store,
                             const std::vector<ConfirmedScript>& scripts) {
  // By certainty, then by MTA.
  std::array<std::array<std::vector<std::string_view>, 2>, 2> ids;
  QueuePlan plan;
  for (const mail::Message& message : store.messages()) {
    const bool is_known_mta =
        message.mta == mail::Mta::kExim || message.mta == mail::Mta::kPostfix;
    if (message.script.empty() || !is_known_mta || !is_id(message)) continue;
    const bool is_exact = std::ranges::any_of(
        scripts, [&](const ConfirmedScript& script) { return script.path == message.script; });
    const bool is_alike = !is_exact && std::ranges::any_of(scripts, [&](const ConfirmedScript& script) {
      return short_name(script) == message.script;
    });
    if (!is_exact && !is_alike) continue;
    ids[is_exact ? 0 : 1][message.mta == mail::Mta::kExim ? 0 : 1].push_back(message.id);
    ++plan.messages;
  }
  for (std::size_t certainty = 0; certainty < ids.size(); ++certainty) {
    std::vector<std::string>& commands = certainty == 0 ? plan.commands : plan.uncertain;
    add_commands("exim -Mrm", " ", ids[certainty][0], commands);
    add_commands("postsuper", " -d ", ids[certainty][1], commands);
  }
  return plan;
}

}  // namespace backscan::response

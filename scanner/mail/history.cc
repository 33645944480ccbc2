// Finds, reads and merges the logs. Each file is read on its own (that is the parallel part); the
// merge runs in the order of their first entries, so that a message split by rotation is one again.
#include <oneapi/tbb/parallel_for.h>

#include <algorithm>
#include <array>

#include "base/rooted_file.h"
#include "base/words.h"
#include "mail/evidence.h"
#include "mail/journal_export.h"
#include "mail/line_reader.h"
#include "mail/queue.h"

namespace backscan::mail {
namespace {

constexpr auto kMailLogs = std::to_array<const char*>(
    {"/var/log/exim4/mainlog*", "/var/log/exim_mainlog*", "/var/log/exim/mainlog*",
     "/var/log/exim/main.log*", "/var/log/mail.log*", "/var/log/maillog*"});
constexpr auto kPhpLogs = std::to_array<const char*>(
    {"/home*/*/.php/php-mail.log*", "/var/log/php-mail.log*", "/var/log/php_mail.log*",
     "/var/log/phpmail.log*"});

struct File {
  std::string path;
  LogPart part;
  std::optional<Error> error;
};

// A stop is looked for this often; a line takes about a microsecond.
constexpr std::uint64_t kLinesBetweenLooks = 4096;

template <std::size_t N>
void find_logs(const RootedDirectory& root, const std::vector<std::string>& wanted,
               const std::array<const char*, N>& patterns, std::vector<File>& files) {
  const bool is_word = wanted.size() == 1 && (wanted[0] == "off" || wanted[0] == "auto");
  if (!wanted.empty() && !is_word)
    for (const std::string& path : wanted) files.push_back({path, {}, {}});
  if (!wanted.empty() && (!is_word || wanted[0] == "off")) return;
  for (const char* pattern : patterns)
    for (std::string& path : root.glob(pattern)) files.push_back({std::move(path), {}, {}});
}

void read_file(const RootedDirectory& root, const EvidenceInput& input, File& file) {
  auto fd = root.open_file(file.path);
  if (!fd) {
    file.error = fd.error();
    return;
  }
  auto reader = LineReader::open(std::move(*fd), file.path);
  if (!reader) {
    file.error = reader.error();
    return;
  }
  const Zone zone = input.zone_offset ? Zone(*input.zone_offset) : Zone();
  file.part.file = file.path;
  read_log(*reader, zone, input.now, file.part, input.stop);
  file.error = reader->error();
}

void merge(File& file, MailHistory& history) {
  if (file.error) history.errors.push_back({Stage::kLog, file.path, file.error->reason});
  LogPart& part = file.part;
  if (part.cut_lines > 0)
    history.errors.push_back({Stage::kLog, file.path,
                              std::to_string(part.cut_lines) + " lines longer than 64 KiB were cut",
                              true});
  if (part.forged_lines > 0)
    history.errors.push_back({Stage::kLog, file.path,
                              counted(part.forged_lines, "entry", "entries") +
                                  " in the mail server's name not written by it, left out; the first is "
                                  "of " + part.forger,
                              true});
  const auto source = static_cast<std::uint32_t>(history.files.size());
  history.files.push_back(file.path);
  if (history.store.messages().empty())
    history.store.adopt(std::move(part.store), source);
  else
    history.store.merge(part.store, source);
  std::ranges::move(part.php_mails, std::back_inserter(history.php_mails));
  std::ranges::move(part.callouts, std::back_inserter(history.callouts));
  for (auto& [list, theirs] : part.rejections) {
    ListRejection& ours = history.rejections[list];
    if (ours.count == 0) {
      ours = theirs;
      continue;
    }
    ours.count += theirs.count;
    ours.first = std::min(ours.first, theirs.first);
    ours.last = std::max(ours.last, theirs.last);
  }
  history.lines += part.lines;
  history.unknown_lines += part.unknown_lines;
  history.future_lines += part.future_lines;
  part = {};  // its memory is needed for the next
}

}  // namespace

void read_log(LineReader& reader, Zone zone, Time now, LogPart& part, const std::stop_token& stop) {
  EximLog exim(part, zone, now);
  SyslogMail syslog(part, zone, now);
  PhpMailLog php(part, zone, now);
  while (const auto line = reader.next()) {
    if (part.lines == 0 && is_journal_export(*line)) {
      const std::string first(*line);
      read_journal_export(reader, first, exim, syslog, part, stop);
      break;
    }
    if (++part.lines % kLinesBetweenLooks == 0 && stop.stop_requested()) break;
    const char first = line->empty() ? ' ' : line->front();
    // "2026-11-24 …" is Exim's, "2026-11-24T…" syslog's; "[" and "mail() on [" are PHP's.
    const bool is_digit = first >= '0' && first <= '9';
    const bool is_rfc3339 = is_digit && line->size() > 10 && (*line)[10] == 'T';
    const bool is_php = first == '[' || line->starts_with("mail() on [");
    const bool taken = is_php                    ? php.take(*line)
                       : is_digit && !is_rfc3339 ? exim.take(*line)
                                                 : syslog.take(*line);
    if (!taken) ++part.unknown_lines;
  }
  part.bytes = reader.bytes();
  part.cut_lines = reader.cut_lines();
}

Result<MailHistory> read_history(const EvidenceInput& input) {
  const auto root = RootedDirectory::open(input.root);
  if (!root) return std::unexpected(root.error());
  std::vector<File> files;
  find_logs(*root, input.mail_logs, kMailLogs, files);
  find_logs(*root, input.php_mail_logs, kPhpLogs, files);
  tbb::parallel_for(std::size_t{0}, files.size(),
                    [&](std::size_t i) { read_file(*root, input, files[i]); });
  std::ranges::stable_sort(files, {}, [](const File& file) {
    return std::pair(file.part.first.value_or(Time::max()), std::string_view(file.path));
  });
  MailHistory history;
  for (File& file : files) merge(file, history);
  if (input.queue != "off") {
    File queue{"queue", {}, {}};
    std::vector<Error> errors;
    read_queues(*root, input.queue == "auto" ? "" : input.queue, queue.part, errors);
    if (queue.part.lines > 0) merge(queue, history);
    for (Error& error : errors)
      history.errors.push_back({Stage::kQueue, std::move(error.object), std::move(error.reason)});
  }
  if (history.store.dropped() > 0)
    history.errors.push_back({Stage::kLog, "mail logs",
                              std::to_string(history.store.dropped()) +
                                  " lines of messages beyond the first 5,000,000 were left out"});
  settle_queued(history.store);
  link_autoreplies(history.store);
  std::ranges::stable_sort(history.php_mails, {}, &PhpMail::time);
  std::ranges::stable_sort(history.callouts, {}, &Callout::time);
  std::ranges::sort(history.errors);
  return history;
}

}  // namespace backscan::mail

// Reading, repairing and appending; each line is one write(2), so that what a crash can leave is at
// most a beginning of it.
#include "response/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "response/journal_record.h"

namespace backscan::response {
namespace {

constexpr std::uint64_t kMaxJournalBytes = std::uint64_t{1} << 30;

std::string line_of(const Json& record) {
  return record.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

Result<Journal> Journal::open(int directory, const std::string& name, const std::string& label) {
  Journal journal;
  journal.label_ = label;
  journal.fd_.reset(::openat(directory, name.c_str(),
                             O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!journal.fd_.valid()) return system_error(label, errno);
  // The name itself must survive a crash, too.
  if (::fsync(directory) != 0) return system_error(label, errno);
  if (auto loaded = journal.load(true); !loaded) return std::unexpected(loaded.error());
  return journal;
}

Result<Journal> Journal::read(int directory, const std::string& name, const std::string& label) {
  Journal journal;
  journal.label_ = label;
  journal.fd_.reset(::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!journal.fd_.valid() && errno == ENOENT) return journal;
  if (!journal.fd_.valid()) return system_error(label, errno);
  if (auto loaded = journal.load(false); !loaded) return std::unexpected(loaded.error());
  return journal;
}

Result<void> Journal::load(bool may_repair) {
  const auto text = read_all(fd_.get(), kMaxJournalBytes, label_);
  if (!text) return std::unexpected(text.error());
  std::size_t number = 0;
  std::size_t at = 0;
  while (at < text->size()) {
    ++number;
    const std::size_t end = text->find('\n', at);
    const bool is_last = end == std::string::npos || end + 1 == text->size();
    const auto taken = end == std::string::npos
                           ? Result<void>(std::unexpected(Error{{}, "is cut off"}))
                           : take_line(std::string_view(*text).substr(at, end - at));
    if (taken) {
      at = end + 1;
      continue;
    }
    if (!is_last)
      return std::unexpected(
          Error{label_ + ":" + std::to_string(number), "damaged: " + taken.error().reason});
    if (!may_repair) return {};
    // Its deed had not begun: lines are synced before.
    if (::ftruncate(fd_.get(), static_cast<off_t>(at)) != 0 || ::fsync(fd_.get()) != 0)
      return system_error(label_, errno);
    return {};
  }
  return {};
}

Result<void> Journal::take_line(std::string_view line) {
  const auto wrong = [](std::string reason) { return std::unexpected(Error{{}, std::move(reason)}); };
  try {
    const Json record = Json::parse(line.begin(), line.end());
    const std::string type = record.at("type").get<std::string>();
    if (type == kPhaseNames[0]) {
      entries_.push_back(entry_of(record));
      return {};
    }
    const auto phase = type == "restore-undone" ? std::optional(Phase::kDone)
                                                : parse_name<Phase>(kPhaseNames, type);
    const std::string id = record.at("id").get<std::string>();
    const auto entry = std::ranges::find(entries_, id, &Entry::id);
    if (!phase || entry == entries_.end()) return wrong("\"" + type + "\" of an unknown entry");
    entry->phase = *phase;
    entry->remark = record.at("remark").get<std::string>();
    return {};
  } catch (const std::exception& error) {
    return wrong(error.what());
  }
}

Result<void> Journal::append(std::string line) {
  const off_t size = ::lseek(fd_.get(), 0, SEEK_END);
  if (size < 0) return system_error(label_, errno);
  const auto written = write_all(fd_.get(), line, label_);
  if (written && ::fsync(fd_.get()) == 0) return {};
  const auto error = written ? Error{label_, errno_text(errno)} : written.error();
  // On a full disk a beginning of the line may stand there; shrinking needs no room.
  if (::ftruncate(fd_.get(), size) != 0)
    return std::unexpected(Error{label_, error.reason + ", and the line begun cannot be taken away"});
  return std::unexpected(error);
}

Result<void> Journal::begin(const Entry& entry) {
  if (auto appended = append(line_of(begin_record(entry))); !appended) return appended;
  entries_.push_back(entry);
  return {};
}

Result<void> Journal::mark(const std::string& id, Phase phase, std::string_view remark) {
  const auto entry = std::ranges::find(entries_, id, &Entry::id);
  if (entry == entries_.end()) return std::unexpected(Error{label_, "no entry " + id});
  const bool is_given_up = entry->phase == Phase::kRestoring && phase == Phase::kDone;
  const Json record = {
      {"type", is_given_up ? "restore-undone" : kPhaseNames[static_cast<std::size_t>(phase)]},
      {"id", id},
      {"remark", to_utf8(remark)}};
  if (auto appended = append(line_of(record)); !appended) return appended;
  entry->phase = phase;
  entry->remark = to_utf8(remark);
  return {};
}

const Entry* Journal::find(std::string_view id) const {
  const auto entry = std::ranges::find(entries_, id, &Entry::id);
  return entry == entries_.end() ? nullptr : &*entry;
}

}  // namespace backscan::response

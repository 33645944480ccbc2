// Log lines of every format on any bytes, and everything that is asked of what they tell.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mail/evidence.h"
#include "mail/line_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backscan;
  UniqueFd fd(::memfd_create("log", MFD_CLOEXEC));
  if (fd.get() < 0 || ::write(fd.get(), data, size) != static_cast<ssize_t>(size) ||
      ::lseek(fd.get(), 0, SEEK_SET) != 0)
    return 0;
  auto reader = mail::LineReader::open(std::move(fd), "log");
  if (!reader) return 0;
  mail::LogPart part;
  const Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25}};
  mail::read_log(*reader, mail::Zone(std::chrono::seconds{0}), now, part);
  mail::MailHistory history;
  history.store.merge(part.store, 0);
  history.files = {"log"};
  history.php_mails = std::move(part.php_mails);
  history.callouts = std::move(part.callouts);
  mail::link_autoreplies(history.store);
  const MailActivity activity = mail::summarize(history);
  std::uint64_t counted = 0;
  for (const BackscatterCluster& cluster : activity.backscatter) counted += cluster.messages;
  if (counted > history.store.messages().size() + history.callouts.size()) std::abort();
  for (const Sender& sender : mail::senders(history, {}))
    if (sender.evidence.messages == 0) std::abort();
  return 0;
}

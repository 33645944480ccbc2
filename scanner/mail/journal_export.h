// systemd's journal as `journalctl -o export` prints it (systemd's "Journal Export Format"): where no
// syslog daemon writes a mail log, this is the only one.
#pragma once

#include <stop_token>
#include <string_view>

#include "mail/line_reader.h"
#include "mail/log.h"

namespace backscan::mail {

/// Whether a log that begins with this line is an export.
[[nodiscard]] bool is_journal_export(std::string_view first_line);

/// Reads the rest of an export that begins with `first_line`. An entry counts as a line.
void read_journal_export(LineReader& reader, std::string_view first_line, EximLog& exim,
                         SyslogMail& syslog, LogPart& part, const std::stop_token& stop);

}  // namespace backscan::mail

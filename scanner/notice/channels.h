// The ways out: the local sendmail interface, an HTTP endpoint, syslog. Each tells whether it worked.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"
#include "notice/words.h"

namespace backscan::notice {

/// Runs `program` as `-i -f FROM -- TO…` with the message on its standard input; never a shell.
[[nodiscard]] Result<void> send_mail(const std::string& program, const MailAddresses& addresses,
                                     const std::string& message);

/// POSTs JSON; anything but a 2xx answer is an error. http and https only, no redirect is followed.
/// An error, too, in a build without libcurl.
[[nodiscard]] Result<void> post_webhook(const std::string& url, const std::string& record,
                                        std::chrono::seconds timeout);

/// One line at LOG_WARNING, facility daemon; journald reads it, too.
void write_syslog(const std::string& line);

}  // namespace backscan::notice

// The notice itself: a subject, a text for people, a record for programs, and the mail around it.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "notice/changes.h"

namespace backscan::notice {

/// "backscan on web1.example: 2 new findings, 1 new listing"; one line, ASCII.
[[nodiscard]] std::string subject_of(const Changes& changes, const ScanResult& result);

/// Plain text, controls escaped; the first findings by rank, and where the rest is.
[[nodiscard]] std::string text_of(const Changes& changes, const ScanResult& result);

/// A JSON object with the new findings' and listings' records.
[[nodiscard]] std::string record_of(const Changes& changes, const ScanResult& result);

struct MailAddresses {
  std::string from;  // also the envelope sender: a failure comes back to someone
  std::vector<std::string> to;
};

/// An error where an address is empty, has white space, controls, an angle bracket or a leading '-',
/// or no '@' between two parts.
[[nodiscard]] Result<void> check_address(std::string_view address);

/// A whole message (RFC 5322) that no autoresponder answers (RFC 3834: Auto-Submitted).
[[nodiscard]] std::string mail_of(const MailAddresses& addresses, const std::string& subject,
                                  const std::string& text, Time now, const std::string& host);

}  // namespace backscan::notice

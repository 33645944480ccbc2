// Messages that wait in the queues of Exim, Postfix and Sendmail, read from the spool files without
// asking the MTA: read-only, by descriptor, in the formats of facts tried on Debian 12.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/rooted_file.h"
#include "mail/log.h"

namespace backscan::mail {

/// Each parses one spool file and adds its message to the store; `id` is the file's name without a
/// suffix. Broken files yield an error that says where they break.

/// Exim `ID-H` (specification chapter 57): caller, envelope, variables by length, headers.
[[nodiscard]] Result<void> parse_exim_spool(std::string_view text, MessageStore& store);
/// A Postfix queue file: records of type byte, base-128 length, data.
[[nodiscard]] Result<void> parse_postfix_queue(std::string_view bytes, std::string_view id,
                                               MessageStore& store);
/// A Sendmail `qfID` control file.
[[nodiscard]] Result<void> parse_sendmail_qf(std::string_view text, std::string_view id,
                                             MessageStore& store);

/// The headers that PHP writes itself: before the script's own, so only those that stand before the
/// first foreign header count, and of each kind the first. A path where X-PHP-Filename gives one, else
/// "uid:name" of X-PHP-Originating-Script; empty where there is none to be trusted.
class PhpHeaders {
 public:
  /// One unfolded header line, in order.
  void take(std::string_view header);
  [[nodiscard]] std::string script() const;
  [[nodiscard]] const std::string& subject() const { return subject_; }

 private:
  bool in_prefix_ = true;
  std::string filename_;
  std::string originating_;
  std::string subject_;
};

/// Reads every queue found below the root (or below `directory` alone, if not empty) into `part`.
/// Unreadable files are errors; a queue that is not there is not.
void read_queues(const RootedDirectory& root, const std::string& directory, LogPart& part,
                 std::vector<Error>& errors);

}  // namespace backscan::mail

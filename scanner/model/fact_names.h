// The closed vocabulary of facts (DESIGN.md): makers name them from here, the rule loader checks
// against it, so a misspelt fact is an error with a line number instead of a rule that never fires.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace backscan {

inline constexpr auto kFactNames = std::to_array<std::string_view>({
    // A mail sink stands here; the kinds of it.
    "mail.sink", "mail.sink.mail", "mail.sink.library", "mail.sink.smtp", "mail.sink.process",
    "mail.sink.curl", "mail.sink.own-class",
    // Origin of each role of one sink.
    "mail.recipient.request", "mail.recipient.remote", "mail.recipient.list",
    "mail.recipient.decoded", "mail.recipient.constant", "mail.recipient.freemail",
    "mail.recipient.unknown",
    "mail.sender.request", "mail.sender.remote", "mail.sender.list", "mail.sender.decoded",
    "mail.sender.constant", "mail.sender.unknown",
    "mail.subject.request", "mail.subject.remote", "mail.subject.list", "mail.subject.decoded",
    "mail.subject.constant", "mail.subject.unknown",
    "mail.headers.request", "mail.headers.remote", "mail.headers.list", "mail.headers.decoded",
    "mail.headers.constant", "mail.headers.unknown",
    "mail.body.request", "mail.body.remote", "mail.body.list", "mail.body.decoded",
    "mail.body.constant", "mail.body.unknown", "mail.body.server-info",
    "mail.parameters.request", "mail.parameters.remote", "mail.parameters.list",
    "mail.parameters.decoded", "mail.parameters.constant", "mail.parameters.unknown",
    "mail.server.request", "mail.server.remote", "mail.server.list", "mail.server.decoded",
    "mail.server.constant", "mail.server.unknown",
    // Circumstances of one sink.
    "mail.loop", "mail.loop.list", "mail.autoreply", "mail.forged-sender", "mail.harvest",
    "mail.harvest.card", "mail.redirect-after", "mail.no-time-limit", "mail.dynamic-sink",
    "mail.macros", "mail.code-from-request",
    // Guards that dominate one sink.
    "mail.guard.validated", "mail.guard.no-line-breaks", "mail.guard.allow-list",
    "mail.guard.nonce", "mail.guard.login", "mail.guard.captcha", "mail.guard.rate",
    "mail.guard.cast", "mail.guard.password",
    // Execution and writing, for shells and droppers.
    "exec.code.request", "exec.code.decoded", "exec.code.remote", "exec.command.request",
    "exec.command.decoded", "exec.callback.request", "exec.include.request",
    "exec.include.remote", "exec.guard.login", "exec.guard.password", "write.file.request",
    "write.file.upload", "write.file.remote", "write.file.decoded", "write.php",
    // Packed layers.
    "unpack.layer", "unpack.gave-up", "unpack.encoder", "unpack.self-reading", "unpack.hidden-name",
    // Place of the file.
    "file.php-in-uploads", "file.php-in-cache", "file.php-in-assets", "file.php-in-well-known",
    "file.php-by-content", "file.php-in-image", "file.double-extension", "file.hidden",
    "file.random-name", "file.owned-by-web-server", "file.world-writable", "file.newer-than-neighbours",
    "file.setuid", "file.symlink-out", "file.unknown-in-core", "file.changed-core",
    "file.archive-member-php", "file.server-runs-as-php",
    // Configuration carriers.
    "ini.auto-prepend", "ini.mail-log-off", "ini.mail-header-off", "ini.sendmail-path",
    "ini.functions-enabled", "htaccess.auto-prepend", "htaccess.handler-odd-extension",
    "htaccess.mail-log-off", "htaccess.mail-header-off", "htaccess.redirect-foreign",
    "htaccess.engine-on",
});

/// The static spelling of a fact, or an empty view where the vocabulary has no such word.
[[nodiscard]] constexpr std::string_view find_fact_name(std::string_view name) {
  const auto it = std::ranges::find(kFactNames, name);
  return it == kFactNames.end() ? std::string_view{} : *it;
}

}  // namespace backscan

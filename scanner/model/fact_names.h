// The closed vocabulary of facts (DESIGN.md): makers name them from here, the rule loader checks
// against it, so a misspelt fact is an error with a line number instead of a rule that never fires.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace backscan {

inline constexpr auto kFactNames = std::to_array<std::string_view>({
    // A mail sink stands here; which kind: mail() and wrappers of it, a mail library, SMTP spoken over
    // a socket, a sendmail process, curl with smtp://; reached through a class of the file's own.
    "mail.sink", "mail.sink.mail", "mail.sink.library", "mail.sink.smtp", "mail.sink.process",
    "mail.sink.curl", "mail.sink.own-class",
    // Origin of each role of one sink. request: a field that the visitor chooses (also headers,
    // cookies, uploads, extract(), register_globals); remote: fetched from another host; list: a
    // line of a file or of a split list; decoded: base64, gzip, rot13, xor, … on the way; constant:
    // nothing but constants; unknown: none of these. Several may hold (request and list). The roles:
    // recipient: To, Cc, Bcc, RCPT TO; freemail: a constant recipient at a free-mail provider.
    "mail.recipient.request", "mail.recipient.remote", "mail.recipient.list",
    "mail.recipient.decoded", "mail.recipient.constant", "mail.recipient.freemail",
    "mail.recipient.unknown",
    // sender: From, Sender, Return-Path, MAIL FROM, -f.
    "mail.sender.request", "mail.sender.remote", "mail.sender.list", "mail.sender.decoded",
    "mail.sender.constant", "mail.sender.unknown",
    "mail.subject.request", "mail.subject.remote", "mail.subject.list", "mail.subject.decoded",
    "mail.subject.constant", "mail.subject.unknown",
    // headers: the whole header block handed over as text (not those that a library writes).
    "mail.headers.request", "mail.headers.remote", "mail.headers.list", "mail.headers.decoded",
    "mail.headers.constant", "mail.headers.unknown",
    // body; server-info: body or subject tell the visitor's IP or browser, or this host's name.
    "mail.body.request", "mail.body.remote", "mail.body.list", "mail.body.decoded",
    "mail.body.constant", "mail.body.unknown", "mail.body.server-info",
    // parameters: the fifth argument of mail(), a mail program's command line.
    "mail.parameters.request", "mail.parameters.remote", "mail.parameters.list",
    "mail.parameters.decoded", "mail.parameters.constant", "mail.parameters.unknown",
    // server: whom SMTP is spoken to.
    "mail.server.request", "mail.server.remote", "mail.server.list", "mail.server.decoded",
    "mail.server.constant", "mail.server.unknown",
    // Circumstances of one sink.
    "mail.loop",              // inside a loop
    "mail.loop.list",         // inside a loop over a list, or over lines of a file
    "mail.autoreply",         // the visitor's address gets the site's own text
    "mail.forged-sender",     // the sender is chosen outside or drawn from a list
    "mail.harvest",           // a password, PIN or the like of the visitor's goes to a fixed address
    "mail.harvest.card",      // a payment card's number or code does
    "mail.redirect-after",    // the browser is sent elsewhere right after
    "mail.dynamic-sink",      // the function is called by a computed name
    "mail.macros",            // placeholders for each recipient were replaced in the letter
    "mail.random",            // random text in subject, sender, body or recipient
    "mail.phone-home",        // only this host's own data, to a fixed address
    "mail.undefined-variables",  // recipient, body or subject is a variable the file never assigns
    // Guards that dominate one sink. The first three speak of the visitor's data: validated: all of
    // it in recipient, sender and headers is a checked address; no-line-breaks: none of it in
    // sender and headers can break the line; cast: all are numbers; allow-list: the recipient is
    // one of the site's own choices. The rest speak of whoever gets there.
    "mail.guard.validated", "mail.guard.no-line-breaks", "mail.guard.cast", "mail.guard.allow-list",
    "mail.guard.nonce", "mail.guard.login", "mail.guard.captcha", "mail.guard.rate",
    "mail.guard.password",
    // About the whole file (group 0).
    "mail.no-time-limit",     // set_time_limit(0), ignore_user_abort()
    "mail.trace-off",         // mail.add_x_header or mail.log switched off at run time
    "mail.mx-lookup",         // asks for a domain's mail exchangers
    "mail.code-from-request", // a file that mails also runs code of the request
    "flow.gave-up",           // the analysis' budget ended before the file did
    // Beside facts of execution and writing only: functions and classes are used that neither PHP
    // nor this file brings, so it is a part of a program that may check who gets here.
    "flow.needs-application",
    // Execution: code (eval and its like), commands, functions called by name, includes, with what
    // of the outside reaches them.
    "exec.code.request", "exec.code.decoded", "exec.code.remote", "exec.command.request",
    "exec.command.decoded", "exec.command.remote", "exec.callback.request",
    "exec.callback.decoded", "exec.callback.remote", "exec.include.request",
    "exec.include.remote", "exec.include.decoded",
    // undefined: a variable that the file never assigns (register_globals). computed: the name of
    // what is called is put together at run time, and the request's data goes into the call.
    "exec.command.undefined", "exec.callback.computed",
    "exec.guard.login", "exec.guard.password",
    // Files written: what goes into them; php: the server would run the file; name.request: the
    // visitor chooses its name; guard.extension: the name's ending was checked.
    "write.file.request", "write.file.upload", "write.file.remote", "write.file.decoded",
    "write.php", "write.name.request",
    "write.guard.login", "write.guard.password", "write.guard.extension",
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

#include "sample_result.h"

#include "model/time_text.h"
#include "report/merge.h"

namespace backscan::test {
namespace {

Finding mailer() {
  Finding f;
  f.rule = "mailer/list-loop";
  f.title = "Mass mailer with a pasted address list";
  f.rule_class = "mailer";
  f.severity = Severity::kCritical;
  f.confidence = Confidence::kHigh;
  f.causes = {Cause::kSpam, Cause::kBounce};
  f.path = "/srv/www/alice/public_html/images/x.php";
  f.root = "/srv/www/alice/public_html";
  f.account = "alice";
  f.domain = "alice.example";
  f.line = 12;
  f.column = 5;
  f.end_line = 14;
  f.view = ViewKind::kFlow;
  f.flow = {{3, "$list = $_POST['emaillist']"}, {9, "foreach ($list as $to)"}, {12, "mail($to, …)"}};
  f.excerpt = "mail($to, $subject, $letter, \"From: $name <$from>\")";
  f.message = "mail() sends to every address of a list that the visitor pastes ($_POST['emaillist']).";
  f.remedy = "Quarantine the file and look for how it came here.";
  f.references = {"CWE-20"};
  f.file = {.sha256 = std::string(64, 'a'),
            .size = 4096,
            .mtime = parse_time("2026-11-01T10:00:00Z").value(),
            .ctime = parse_time("2026-11-03T15:10:00Z").value(),
            .owner = "www-data",
            .uid = 33,
            .mode = 0644};
  f.fingerprint = "0011223344556677";
  f.evidence = Evidence{.messages = 5210,
                        .recipients = 5210,
                        .null_sender = 0,
                        .first = parse_time("2026-11-03T15:12:00Z").value(),
                        .last = parse_time("2026-11-03T16:40:00Z").value(),
                        .sources = {"exim:/var/log/exim4/mainlog"}};
  f.rank = 96;
  f.rank_reasons = {"critical with high confidence", "fits the listing (bounces)",
                    "changed 92 minutes before the listing"};
  return f;
}

/// Every field that a hostile tree or file can fill tries to break out of some format.
Finding hostile() {
  Finding f;
  f.rule = "open-relay/recipient-from-request";
  f.title = "Mail form lets the visitor choose the recipient";
  f.rule_class = "open-relay";
  f.severity = Severity::kHigh;
  f.confidence = Confidence::kMedium;
  f.causes = {Cause::kSpam};
  f.path = "/srv/www/bob/=cmd|' /C calc'!A0\n\x1b]0;owned\x07\xff<script>alert(1)</script>.php";
  f.root = "/srv/www/bob";
  f.account = "@bob</script><!-- ]]> ";
  f.domain = "b\xC3\xB6" "b.example";
  f.line = 1;
  f.column = 1;
  f.end_line = 1;
  f.view = ViewKind::kUnpacked;
  f.layers = {"eval", "gzinflate", "base64_decode"};
  f.flow = {{1, "$a = \"]]>&<'`${jndi:x}\""}};
  f.excerpt = "<img src=x onerror=alert(1)> ```\xE2\x80\xAE {{message}} {{{message}}} | `tick`";
  f.message = "=HYPERLINK(\"http://evil.example\") [click](javascript:alert(1)) <b>bold</b> @everyone";
  f.remedy = "+Replace the form\tby one with a fixed recipient.";
  f.file.owner = "-1001";
  f.file.uid = 1001;
  f.file.mode = 04666;
  f.fingerprint = "8899aabbccddeeff";
  f.rank = 40;
  f.rank_reasons = {"high with medium confidence"};
  return f;
}

Finding shell_without_account() {
  Finding f;
  f.rule = "webshell/eval-request";
  f.title = "Runs code from the request";
  f.rule_class = "webshell";
  f.severity = Severity::kMedium;
  f.confidence = Confidence::kLow;
  f.causes = {Cause::kNone};
  f.path = "/opt/site/a b/\xE2\x82\xAC.php";
  f.root = "/opt/site";
  f.excerpt = "eval($_REQUEST['c'])";
  f.message = "The file runs whatever the visitor sends.";
  f.remedy = "Remove it.";
  f.fingerprint = "1234";
  f.rank = 20;
  return f;
}

std::vector<Listing> listings() {
  Listing backscatterer{.ip = "192.0.2.25",
                        .zone = "ips.backscatterer.org",
                        .name = "Backscatterer",
                        .state = ListingState::kListed,
                        .codes = {"127.0.0.2"},
                        .text = {"Sorry 192.0.2.25 is <blacklisted>\x1b[2J at http://bl.example/?ip=192.0.2.25"},
                        .meaning = {"sends misdirected bounces, auto-replies or callouts"},
                        .causes = {Cause::kBounce, Cause::kAutoreply, Cause::kCallout},
                        .ttl = std::chrono::seconds{2100},
                        .expires_after = std::chrono::hours{672},
                        .expires_estimate = "four weeks after the last bounce, auto-reply or callout",
                        .lookup_url = "http://bl.example/?ip=192.0.2.25",
                        .policy = "Ends by itself, free of charge."};
  Listing clean{.ip = "192.0.2.25", .zone = "psbl.example", .name = "PSBL",
                .state = ListingState::kNotListed, .causes = {Cause::kSpam}};
  Listing refused{.ip = "192.0.2.25", .zone = "zen.example", .name = "ZEN",
                  .state = ListingState::kNotChecked, .reason = NotChecked::kRefused};
  Listing network{.ip = "192.0.2.25", .zone = "level2.example", .name = "Level 2",
                  .scope = ListingScope::kNetwork, .state = ListingState::kListed,
                  .codes = {"127.0.0.2"}, .is_informational = true};
  return {backscatterer, network, clean, refused};
}

}  // namespace

ScanResult sample_result() {
  ScanResult r;
  r.scan = {.tool_version = "0.0.0",
            .host = "web1.example",
            .roots = {"/opt/site", "/srv/www/alice/public_html", "/srv/www/bob", "/srv/\xff"},
            .ips = {"192.0.2.25"},
            .seen = parse_time("2026-11-03T16:43:00Z").value(),
            .started = parse_time("2026-11-24T06:00:00Z").value(),
            .rules = 41,
            .is_offline = false};
  r.findings = {mailer(), hostile(), shell_without_account()};
  r.listings = listings();
  r.audit = {{.rule = "postfix/local-recipient-maps-empty", .component = "postfix",
              .file = "/etc/postfix/main.cf", .line = 31, .setting = "local_recipient_maps",
              .value = "", .severity = Severity::kHigh, .causes = {Cause::kBounce},
              .why = "Mail to unknown users is accepted and bounced later.",
              .fix = "postconf -X local_recipient_maps"}};
  r.senders = {{.script = "/srv/www/alice/public_html/images/x.php", .account = "alice", .uid = 33,
                .attribution = Attribution::kCwdAndScript, .evidence = *r.findings[0].evidence,
                .bounces_caused = 4800, .forged_senders = {"a***@example.org"},
                .sample_subjects = {"You <won>"}}};
  const Time day = parse_time("2026-11-03T15:00:00Z").value();
  r.mail = MailActivity{.files = {"/var/log/exim4/mainlog"}, .lines = 30'000, .unknown_lines = 2,
                        .messages = 6000, .null_sender_out = 40, .last_null_sender = day,
                        .first = day, .last = day + std::chrono::hours{2},
                        .volume_step = std::chrono::hours{1},
                        .volume = {{day, 4000, 0}, {day + std::chrono::hours{1}, 1210, 40}}};
  r.mail->backscatter = {{.reason = BackscatterReason::kUnknownUser, .messages = 40, .first = day,
                          .last = day + std::chrono::hours{2}, .sample_id = "1xV-<id>",
                          .sample_words = "nobody: Unrouteable address"}};
  r.mail->refusals = {{.list = "bl.example", .count = 3, .first = day, .last = day,
                       .sample = "blocked using bl.example"}};
  r.history = RunHistory{.runs = {{.started = day - std::chrono::days{1}, .findings = 2, .listings = 1},
                                  {.started = day, .is_complete = false, .findings = 3,
                                   .listings = 1, .submitted = 5210, .null_sender = 40}},
                         .came_back = {"Mailer <b> in /srv/www/alice/x.php, gone since 2026-10-30"},
                         .ended = {"192.0.2.26 on Example list (bl.example)"}};
  r.errors = {{.stage = Stage::kWalk, .path = "/srv/www/bob/private\n\xfe", .reason = "Permission denied"},
              {.stage = Stage::kUnpack, .path = "/srv/www/bob/packed.php",
               .reason = "unpacking ended at its step budget", .is_note = true}};
  r.summary.counts = {.files_seen = 5340, .files_scanned = 5300, .files_partial = 2,
                      .files_unchanged = 38, .directories = 410, .bytes_seen = 220'000'000,
                      .bytes_scanned = 120'345'678, .skipped = {{"excluded", 7}, {"symlink", 12}}};
  r.summary.suppressed = {{"baseline", 3}};
  r.summary.wall_seconds = 2.5;
  r.summary.cpu_seconds = 4.25;
  r.summary.rules_version = "c0ffee";
  r.summary.is_complete = false;
  r.summary.incomplete_reasons = {"1 directory could not be read"};
  r.summary.advice = {"192.0.2.25 is listed by Backscatterer for bounces.",
                      "Stop /srv/www/alice/public_html/images/x.php first."};
  report::sort_records(r);
  report::recount(r);
  return r;
}

ScanResult large_result(std::size_t count) {
  ScanResult r = sample_result();
  r.findings.clear();
  for (std::size_t i = 0; i < count; ++i) {
    Finding f = mailer();
    f.account = "user" + std::to_string(i % 10);
    f.path = "/srv/www/" + *f.account + "/file" + std::to_string(i) + ".php";
    f.root = "/srv/www/" + *f.account;
    f.fingerprint = std::to_string(i);
    f.rank = static_cast<int>(i % 101);
    r.findings.push_back(std::move(f));
  }
  report::sort_records(r);
  report::recount(r);
  return r;
}

}  // namespace backscan::test

// What names promise: functions that check, and fields that hold logins, secrets, tokens. Only
// names of functions that the file does not define count, for a file may call its own anything.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "php/guards.h"

namespace backscan::php::flow {

namespace {

using Words = std::initializer_list<std::string_view>;

bool starts_with_any(std::string_view text, Words words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.starts_with(word); });
}

std::optional<GuardKind> guard_of_name(std::string_view name) {
  if (contains_any(name, {"captcha", "securimage", "turnstile"})) return GuardKind::kCaptcha;
  const bool checks = contains_any(name, {"check", "verif", "valid", "confirm", "require"});
  if (contains_any(name, {"csrf", "xsrf", "nonce"}) &&
      (checks || name.find("create") == name.npos)) {
    return GuardKind::kNonce;
  }
  if (checks && contains_any(name, {"token", "referer", "sesskey", "formkey", "form_key"})) {
    return GuardKind::kNonce;
  }
  if (contains_any(name, {"rate_limit", "ratelimit", "throttle", "flood", "toomany", "too_many"})) {
    return GuardKind::kRate;
  }
  if (contains_any(name,
                   {"user_can",       "usercan",        "is_admin",           "isadmin",
                    "is_super_admin", "logged_in",      "loggedin",           "is_logged",
                    "islogged",       "require_login",  "requirelogin",       "check_login",
                    "checklogin",     "checkauth",      "check_auth",         "is_auth",
                    "isauth",         "isgranted",      "is_granted",         "user_access",
                    "useraccess",     "has_permission", "haspermission",      "has_access",
                    "hasaccess",      "has_capability", "require_capability", "auth_redirect",
                    "acl_get",        "is_loggedin",    "checkpermission",    "check_permission",
                    "is_member",      "isregistered"})) {
    return GuardKind::kLogin;
  }
  return std::nullopt;
}

bool never_returns_unchecked(std::string_view name) {
  return starts_with_any(
      name, {"require", "check_admin_referer", "check_ajax_referer", "auth_redirect", "ensure",
             "must_", "deny", "authorize", "checklogin", "check_login", "enforce"});
}

bool is_address_check(std::string_view name) {
  return contains_any(name, {"mail", "address"}) &&
         contains_any(name, {"is_", "valid", "check", "verif", "isemail", "ismail"}) &&
         !contains_any(name, {"send", "exist", "unique"});
}

bool is_account_check(std::string_view name) {
  return name.find("exist") != name.npos &&
         contains_any(name, {"mail", "user", "member", "account", "login", "customer"});
}

bool is_cleaner(std::string_view name) {
  return contains_any(name, {"sanit", "clean", "filter", "escape", "secure", "strip", "purif",
                             "safe", "xss", "antiinject", "anti_inject"});
}

bool is_passing(std::string_view name) {
  return contains_any(
      name, {"trim", "decode", "encode", "format", "convert", "utf8", "lower", "upper", "wrap",
             "translate", "parse", "replace", "fix", "prepare", "nl2"});
}

}  // namespace

Promise promise_of(std::string_view name) {
  const std::optional<GuardKind> guard = guard_of_name(name);
  return {.guard = guard,
          .never_returns_unchecked = guard && never_returns_unchecked(name),
          .checks_address = is_address_check(name),
          .knows_account = is_account_check(name),
          .cleans = is_cleaner(name),
          .passes = is_passing(name)};
}

bool is_login_field(std::string_view name) {
  const std::string lower = ascii_lower(name);
  return lower.empty() || lower == "id" || lower == "me" ||
         contains_any(lower, {"user", "login", "logged", "admin", "auth", "uid", "member", "role",
                              "account", "pass", "valid", "perm", "level"});
}

bool is_secret_field(std::string_view name) {
  const std::string lower = ascii_lower(name);
  return lower == "pw" || lower == "p" ||
         contains_any(lower, {"pass", "pwd", "secret", "auth_pw", "auth_user", "apikey", "api_key",
                              "key", "login"});
}

bool is_captcha_field(std::string_view name) {
  return contains_any(ascii_lower(name),
                      {"captcha", "vercode", "verif", "securitycode", "security_code", "seccode",
                       "code", "imgcode", "antispam", "robot", "sum", "answer", "random"});
}

bool is_token_field(std::string_view name) {
  return contains_any(ascii_lower(name),
                      {"token", "csrf", "nonce", "formkey", "form_key", "sesskey"});
}

bool is_counter_field(std::string_view name) {
  return contains_any(ascii_lower(name), {"count", "sent", "last", "time", "attempt", "tries",
                                          "limit", "num", "wait", "flood"});
}

}  // namespace backscan::php::flow

// Words that show what a letter carries off: passwords and cards among the fields, free-mail
// recipients, the placeholders of mass mailers. Its own file, because it is all vocabulary.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "php/sinks.h"
#include "php/sinks_facts.h"

namespace backscan::php::flow {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// `word` in lower-case `text`, not inside a longer word.
bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const bool starts = at == 0 || !is_letter(text[at - 1]);
    const std::size_t end = at + word.size();
    if (starts && (end >= text.size() || !is_letter(text[end]))) return true;
  }
  return false;
}

bool has_any_word(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return has_word(text, word); });
}

bool names_card(std::string_view lower) {
  return contains_any(lower,
                 {"cvv",         "cvc2",        "ccnum",          "cardnum",     "card num",
                  "card_num",    "card-num",    "cardno",         "card no",     "creditcard",
                  "credit card", "credit_card", "cc_num",         "cc-num",      "getcccid",
                  "debitcard",   "debit card",  "carte bancaire", "kreditkarte", "tarjeta",
                  "card holder", "cardholder",  "cc_number",      "ccno"}) ||
         has_any_word(lower, {"cvc", "cvn", "ccn", "cc", "csc", "ccv"});
}

bool names_secret(std::string_view lower) {
  if (contains_any(lower, {"passport", "passenger", "compass", "passion", "bypass"})) return false;
  return contains_any(lower, {"pass",          "pwd",      "passwort",  "contrase",   "senha",
                         "mot de pa",     "motdepas", "ssn",       "social sec", "securitycode",
                         "security code", "secret",   "sort code", "sortcode",   "routing",
                         "atm pin",       "atmpin",   "pincode",   "maiden",     "kennwort",
                         "wachtwoord",    "parola",   "heslo",     "haslo",      "лозинк",
                         "парол"}) ||
         has_any_word(lower, {"pin", "pw", "otp", "pswd", "psw", "psd", "mmn", "tan", "dob pin"});
}

// The words right before a value: "Password : " of a longer text.
std::string label_before(std::span<const Piece> pieces, std::size_t at) {
  if (at == 0 || !pieces[at - 1].is_text()) return {};
  constexpr std::size_t kMaxLabel = 40;
  std::string_view text = pieces[at - 1].text;
  text = text.substr(text.size() - std::min(text.size(), kMaxLabel));
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  const std::size_t cut = text.find_last_of("\n>;|,");
  return ascii_lower(cut == std::string_view::npos ? text : text.substr(cut + 1));
}

}  // namespace

Harvest find_harvest(const Value& body) {
  Harvest harvest;
  for (std::size_t i = 0; i < body.pieces.size(); ++i) {
    const Piece& piece = body.pieces[i];
    // A shop's own objects hold cards, too: what a label or getter calls one counts.
    const bool is_field = piece.has(kRequest | kUndefined | kUnknown) && !piece.has(kServerInfo);
    if (!is_field || piece.is_alternative || (piece.marks & (kTime | kRandom)) != 0) continue;
    std::string words = label_before(body.pieces, i);
    if (piece.source != nullptr) words += " " + ascii_lower(piece.source->field);
    if (harvest.card == nullptr && names_card(words)) harvest.card = &piece;
    if (harvest.secret == nullptr && names_secret(words)) harvest.secret = &piece;
  }
  if (harvest.secret == nullptr) harvest.secret = harvest.card;
  return harvest;
}

bool has_address(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text[at + 1] != '@';
}

bool has_freemail_address(std::string_view text) {
  constexpr std::array kProviders = {
      std::string_view{"gmail."}, std::string_view{"googlemail."}, std::string_view{"yahoo."},
      std::string_view{"ymail."}, std::string_view{"hotmail."}, std::string_view{"outlook."},
      std::string_view{"live."}, std::string_view{"msn.com"}, std::string_view{"aol."},
      std::string_view{"yandex."}, std::string_view{"ya.ru"}, std::string_view{"mail.ru"},
      std::string_view{"bk.ru"}, std::string_view{"list.ru"}, std::string_view{"inbox."},
      std::string_view{"rambler.ru"}, std::string_view{"gmx."}, std::string_view{"web.de"},
      std::string_view{"mail.com"}, std::string_view{"zoho."}, std::string_view{"icloud.com"},
      std::string_view{"protonmail."}, std::string_view{"proton.me"}, std::string_view{"tutanota."},
      std::string_view{"rocketmail."}, std::string_view{"yopmail."}, std::string_view{"qq.com"},
      std::string_view{"163.com"}, std::string_view{"126.com"}, std::string_view{"rediffmail."},
      std::string_view{"mailinator."}, std::string_view{"fastmail."}, std::string_view{"lycos."}};
  const std::string lower = ascii_lower(text.substr(0, 4096));
  for (std::size_t at = lower.find('@'); at != std::string::npos; at = lower.find('@', at + 1)) {
    const std::string_view domain = std::string_view(lower).substr(at + 1);
    for (const std::string_view provider : kProviders) {
      if (domain.starts_with(provider)) return true;
    }
  }
  return false;
}

bool is_macro(std::string_view text) {
  constexpr std::size_t kShortest = 4;
  constexpr std::size_t kLongest = 40;
  if (text.starts_with('/') && text.size() > 2) text = text.substr(1, text.rfind('/') - 1);
  if (text.size() < kShortest || text.size() > kLongest) return false;
  constexpr std::string_view kMarks = "[]{}%&#$@|<>*~!-";
  const bool is_framed =
      kMarks.find(text.front()) != std::string_view::npos &&
      (kMarks.find(text.back()) != std::string_view::npos || text.front() == '&');
  const bool is_escaped = text.starts_with("\\[") || text.starts_with("\\{");
  if (!is_framed && !is_escaped) return false;
  const std::string lower = ascii_lower(text);
  return contains_any(lower, {"mail", "name", "rand", "user", "number", "num", "domain", "link", "url",
                         "date", "time", "ip", "to", "from", "subject", "md5", "letter", "short",
                         "server", "host", "string", "word", "text"});
}

}  // namespace backscan::php::flow

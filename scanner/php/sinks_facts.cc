// From a visit to facts: names from the vocabulary, the source and the way from it to the sink.
#include "php/sinks_facts.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "php/sinks.h"

namespace backscan::php::flow {

bool is_chosen(const Piece& piece) {
  return piece.has(kRequest | kHeader | kUpload) && (piece.marks & kHash) == 0;
}

namespace {

constexpr std::array<std::string_view, 7> kRoleNames = {
    "recipient", "sender", "subject", "headers", "body", "parameters", "server"};

/// Makes the facts of one visit.
class FactMaker {
 public:
  FactMaker(const Visit& visit, std::string_view source, std::uint32_t max_trace)
      : visit_(visit), source_(source), max_trace_(max_trace) {}

  [[nodiscard]] std::vector<Fact> make() {
    switch (visit_.kind) {
      case SinkKind::kCode: add_exec("exec.code", Role::kCode); break;
      case SinkKind::kCommand: add_exec("exec.command", Role::kCommand); break;
      case SinkKind::kCallback: add_exec("exec.callback", Role::kName); break;
      case SinkKind::kInclude: add_exec("exec.include", Role::kCode); break;
      case SinkKind::kWrite: add_write(); break;
      default: add_mail(); break;
    }
    return std::move(facts_);
  }

 private:
  [[nodiscard]] const Value& role(Role which) const {
    return visit_.roles[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] bool is(std::uint32_t circumstance) const {
    return (visit_.circumstances & circumstance) != 0;
  }
  [[nodiscard]] bool has_guard(GuardKind kind) const {
    return (visit_.guards >> static_cast<unsigned>(kind) & 1U) != 0;
  }

  void add(std::string_view name, const Piece* piece = nullptr) {
    const std::string_view known = find_fact_name(name);
    if (known.empty()) return;
    Fact fact{.name = known, .place = visit_.place, .sink = visit_.sink};
    if (piece != nullptr) {
      if (piece->source != nullptr) fact.source = std::string(piece->source->text);
      fact.trace = trace_of(*piece);
    }
    facts_.push_back(std::move(fact));
  }

  [[nodiscard]] std::string words(Offset begin, Offset end) const {
    constexpr std::size_t kMaxWords = 100;
    if (begin >= source_.size()) return {};
    std::string_view text = source_.substr(begin, std::min<std::size_t>(end - begin, kMaxWords));
    text = text.substr(0, text.find('\n'));
    return std::string(trim(text));
  }

  [[nodiscard]] std::vector<TraceStep> trace_of(const Piece& piece) const {
    std::vector<TraceStep> steps;
    const Offset begin = visit_.place.begin;
    steps.push_back({begin, words(begin, visit_.place.end)});
    for (const Trace* t = piece.trace; t != nullptr && steps.size() < max_trace_; t = t->before) {
      if (steps.back().offset != t->begin) steps.push_back({t->begin, words(t->begin, t->end)});
    }
    const Source* from = piece.source;
    const bool is_inside = from == nullptr || from->end == 0 ||
                           (steps.back().offset <= from->begin &&
                            steps.back().what.find(from->text) != std::string::npos);
    if (!is_inside && steps.size() < max_trace_) {
      steps.push_back({from->begin, std::string(from->text)});
    }
    std::ranges::reverse(steps);
    return steps;
  }

  template <typename Predicate>
  [[nodiscard]] static const Piece* find(const Value& value, const Predicate& predicate) {
    const auto it = std::ranges::find_if(value.pieces, [&](const Piece& piece) {
      return !piece.is_alternative && predicate(piece);
    });
    return it == value.pieces.end() ? nullptr : &*it;
  }

  [[nodiscard]] static const Piece* find_chosen(const Value& value) {
    return find(value, [](const Piece& piece) { return is_chosen(piece); });
  }

  void add_origin(const std::string& prefix, const Value& value, bool* is_outside,
                  std::uint16_t bits, std::string_view origin) {
    const Piece* piece = find(value, [&](const Piece& p) {
      return p.has(bits) && (p.marks & kHash) == 0;
    });
    if (piece == nullptr) return;
    *is_outside = true;
    add(prefix + std::string(origin), piece);
  }

  void add_role_origins(Role which) {
    const Value& value = role(which);
    if (value.pieces.empty()) return;
    const std::string prefix =
        "mail." + std::string(kRoleNames[static_cast<std::size_t>(which)]) + ".";
    const bool is_text = which == Role::kBody || which == Role::kSubject;
    const std::uint16_t request = is_text ? kRequest | kUpload : kRequest | kHeader | kUpload;
    bool is_outside = false;
    add_origin(prefix, value, &is_outside, request, "request");
    add_origin(prefix, value, &is_outside, kRemote, "remote");
    add_origin(prefix, value, &is_outside, kList, "list");
    add_origin(prefix, value, &is_outside, kDecoded, "decoded");
    if (is_outside) return;
    const Piece* hole = find(value, [](const Piece& piece) { return !piece.is_text(); });
    add(prefix + (hole == nullptr ? "constant" : "unknown"), hole);
  }

  void add_mail();
  void add_kind();
  void add_circumstances();
  void add_content_signs();
  void add_autoreply();
  void add_harvest();
  void add_guards();
  void add_control_guards();
  void add_exec(const std::string& prefix, Role which);
  void add_write();

  const Visit& visit_;
  std::string_view source_;
  std::uint32_t max_trace_;
  std::vector<Fact> facts_;
};

void FactMaker::add_kind() {
  add("mail.sink");
  switch (visit_.kind) {
    case SinkKind::kMail: add("mail.sink.mail"); break;
    case SinkKind::kLibrary: add("mail.sink.library"); break;
    case SinkKind::kSmtp: add("mail.sink.smtp"); break;
    case SinkKind::kProcess: add("mail.sink.process"); break;
    case SinkKind::kCurl: add("mail.sink.curl"); break;
    default: break;
  }
  if (is(kInOwnClass)) add("mail.sink.own-class");
}

void FactMaker::add_circumstances() {
  const bool has_list = role(Role::kRecipient).has(kList);
  if (is(kInLoop)) add("mail.loop");
  if (is(kInListLoop) || (is(kInLoop) && has_list)) add("mail.loop.list");
  if (is(kDynamic)) add("mail.dynamic-sink");
  if (is(kRedirectAfter)) add("mail.redirect-after");
  const bool is_looping = is(kInLoop);
  const Piece* forged = find(role(Role::kSender), [is_looping](const Piece& piece) {
    return is_chosen(piece) || piece.has(kRemote | kDecoded) || (piece.has(kList) && is_looping);
  });
  if (forged != nullptr) add("mail.forged-sender", forged);
  for (const Role which : {Role::kRecipient, Role::kBody, Role::kSubject}) {
    const Piece* piece = find(role(which), [](const Piece& p) { return p.has(kUndefined); });
    if (piece == nullptr) continue;
    add("mail.undefined-variables", piece);
    break;
  }
}

void FactMaker::add_content_signs() {
  const Piece* freemail = find(role(Role::kRecipient), [](const Piece& piece) {
    return piece.is_text() && has_freemail_address(piece.text);
  });
  if (freemail != nullptr) add("mail.recipient.freemail", freemail);
  const auto about_host = [](const Piece& piece) { return piece.has(kServerInfo | kHeader); };
  const Piece* info = find(role(Role::kBody), about_host);
  if (info == nullptr) info = find(role(Role::kSubject), about_host);
  if (info != nullptr) add("mail.body.server-info", info);
  const bool is_constant_recipient =
      !role(Role::kRecipient).pieces.empty() && role(Role::kRecipient).origins() == kConstant;
  const auto is_field = [](const Piece& piece) {
    const bool is_own = piece.is_text() || piece.has(kServerInfo) || (piece.marks & kTime) != 0;
    return !is_own && (piece.has(kOutside | kUpload | kUndefined) || piece.source != nullptr);
  };
  if (info != nullptr && is_constant_recipient && find(role(Role::kBody), is_field) == nullptr &&
      find(role(Role::kSubject), is_field) == nullptr) {
    add("mail.phone-home", info);
  }
  for (const auto& [mark, name] : {std::pair{kMacro, "mail.macros"}, {kRandom, "mail.random"}}) {
    for (const Role which : {Role::kSubject, Role::kBody, Role::kSender, Role::kRecipient}) {
      const Piece* piece = find(role(which), [&](const Piece& p) { return (p.marks & mark) != 0; });
      if (piece == nullptr) continue;
      add(name, piece);
      break;
    }
  }
}

// The visitor's own address gets the site's own text: whoever types another's address makes the
// server write to a stranger.
void FactMaker::add_autoreply() {
  constexpr std::size_t kSiteText = 40;  // bytes of the letter that the site itself wrote
  const Piece* recipient = find_chosen(role(Role::kRecipient));
  if (recipient == nullptr || role(Role::kRecipient).has(kList)) return;
  if (role(Role::kBody).pieces.empty()) return;
  if (find_chosen(role(Role::kSubject)) != nullptr || find_chosen(role(Role::kSender)) != nullptr) {
    return;
  }
  std::size_t text = 0;
  for (const Piece& piece : role(Role::kBody).pieces) text += piece.text.size();
  if (find_chosen(role(Role::kBody)) != nullptr && text < kSiteText) return;
  add("mail.autoreply", recipient);
}

void FactMaker::add_harvest() {
  const Value& recipient = role(Role::kRecipient);
  if (recipient.pieces.empty() || find_chosen(recipient) != nullptr || recipient.has(kList)) return;
  const bool is_fixed = find(recipient, [](const Piece& piece) {
                          return (piece.is_text() && has_address(piece.text)) ||
                                 piece.has(kUndefined | kDecoded);
                        }) != nullptr;
  const bool tells_host = role(Role::kBody).has(kServerInfo | kHeader);
  if (!is_fixed && !tells_host) return;
  const Harvest harvest = find_harvest(role(Role::kBody));
  if (harvest.secret != nullptr) add("mail.harvest", harvest.secret);
  if (harvest.card != nullptr) add("mail.harvest.card", harvest.card);
}

void FactMaker::add_control_guards() {
  constexpr std::array<std::pair<GuardKind, std::string_view>, 5> kControls = {{
      {GuardKind::kNonce, "mail.guard.nonce"},
      {GuardKind::kLogin, "mail.guard.login"},
      {GuardKind::kCaptcha, "mail.guard.captcha"},
      {GuardKind::kRate, "mail.guard.rate"},
      {GuardKind::kPassword, "mail.guard.password"},
  }};
  for (const auto& [kind, name] : kControls) {
    if (has_guard(kind)) add(name);
  }
}

// A guard counts only if it speaks of every value of the visitor's that reaches the roles it is
// for.
void FactMaker::add_guards() {
  std::uint16_t in_headers = 0xFFFF;
  std::uint16_t in_recipient = 0xFFFF;
  bool has_headers = false;
  bool has_recipient = false;
  for (const Role which : {Role::kRecipient, Role::kSender, Role::kHeaders}) {
    for (const Piece& piece : role(which).pieces) {
      if (piece.is_alternative || piece.is_text() || !is_chosen(piece)) continue;
      const bool is_recipient = which == Role::kRecipient;
      (is_recipient ? in_recipient : in_headers) &= piece.safety;
      (is_recipient ? has_recipient : has_headers) = true;
    }
  }
  const bool has_any = has_headers || has_recipient;
  const auto all = static_cast<std::uint16_t>(in_headers & in_recipient);
  if (has_any && (all & kSafeAddress) != 0) add("mail.guard.validated");
  if (has_headers && (in_headers & kSafeNoBreaks) != 0) add("mail.guard.no-line-breaks");
  if (has_any && (all & kSafeNumber) != 0) add("mail.guard.cast");
  const bool is_allowed = has_recipient && (in_recipient & kSafeAllowed) != 0;
  const Piece* looked_up = find(role(Role::kRecipient), [](const Piece& piece) {
    return (piece.safety & kSafeAllowed) != 0;
  });
  if (is_allowed || (!has_recipient && looked_up != nullptr)) add("mail.guard.allow-list");
  add_control_guards();
}

void FactMaker::add_mail() {
  add_kind();
  for (std::size_t i = 0; i < kRoleNames.size(); ++i) add_role_origins(static_cast<Role>(i));
  add_circumstances();
  add_content_signs();
  add_autoreply();
  add_harvest();
  add_guards();
}

void FactMaker::add_exec(const std::string& prefix, Role which) {
  const Value& value = role(which);
  bool is_outside = false;
  add_origin(prefix, value, &is_outside, kRequest | kHeader | kUpload, ".request");
  add_origin(prefix, value, &is_outside, kRemote, ".remote");
  add_origin(prefix, value, &is_outside, kDecoded, ".decoded");
  // Of code it would be any template that a page hands to eval().
  if (!is_outside && which == Role::kCommand) {
    add_origin(prefix, value, &is_outside, kUndefined, ".undefined");
  }
  if (is(kComputedName)) add("exec.callback.computed", find_chosen(role(Role::kContent)));
  if (facts_.empty()) return;
  if (has_guard(GuardKind::kLogin) || has_guard(GuardKind::kNonce)) add("exec.guard.login");
  if (has_guard(GuardKind::kPassword)) add("exec.guard.password");
}

void FactMaker::add_write() {
  const Value& content = role(Role::kContent);
  bool is_outside = false;
  add_origin("write.file.", content, &is_outside, kUpload, "upload");
  const Piece* request = find(content, [](const Piece& piece) {
    return piece.has(kRequest | kHeader) && !piece.has(kUpload) && (piece.marks & kHash) == 0 &&
           (piece.safety & (kSafeAllowed | kSafeNumber | kSafeQuoted)) == 0;
  });
  if (request != nullptr) add("write.file.request", request);
  add_origin("write.file.", content, &is_outside, kRemote, "remote");
  add_origin("write.file.", content, &is_outside, kDecoded, "decoded");
  if (is(kWritesPhp)) add("write.php");
  const Piece* name = find(role(Role::kName), [](const Piece& piece) {
    return is_chosen(piece) && (piece.safety & (kSafeAllowed | kSafeNumber)) == 0;
  });
  if (name != nullptr) add("write.name.request", name);
  if (has_guard(GuardKind::kExtension)) add("write.guard.extension");
  if (has_guard(GuardKind::kLogin) || has_guard(GuardKind::kNonce)) add("write.guard.login");
  if (has_guard(GuardKind::kPassword)) add("write.guard.password");
}

}  // namespace

std::vector<Fact> facts_of(const Visit& visit, std::string_view source, std::uint32_t max_trace) {
  return FactMaker(visit, source, max_trace).make();
}

void note_redirect(Interpreter& in, std::string_view output) {
  const std::string lower = ascii_lower(output.substr(0, 4096));
  const bool sends_away = lower.find("location:") != std::string::npos ||
                          lower.find("http-equiv=\"refresh") != std::string::npos ||
                          lower.find("http-equiv='refresh") != std::string::npos ||
                          lower.find("http-equiv=refresh") != std::string::npos ||
                          lower.find("location.href") != std::string::npos ||
                          lower.find("location.replace") != std::string::npos ||
                          lower.find("window.location") != std::string::npos ||
                          lower.find("top.location") != std::string::npos ||
                          lower.find("document.location") != std::string::npos;
  if (!sends_away) return;
  for (const VisitId id : in.state.path_sinks) in.report.at(id).circumstances |= kRedirectAfter;
}

}  // namespace backscan::php::flow

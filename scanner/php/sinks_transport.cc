// Mail without mail(): SMTP spoken over a socket, sendmail run as a process, curl with smtp://.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

Object* new_handle(Interpreter& in, const Call& call, std::string_view kind) {
  return in.object_at(call.node, ObjectKind::kHandle, kind);
}

void keep_role(Interpreter& in, Object& handle, std::string_view name, const Value& value) {
  const Cell cell = in.property_cell(handle, name);
  const Value before = in.state.get(cell);
  in.state.set(cell, before.is_nothing() ? value : in.values.join(before, value));
}

void add_kept(Interpreter& in, VisitId id, Object& handle, std::string_view name, Role role) {
  if (!handle.properties.contains(name)) return;
  in.add_role(id, role, in.state.get(in.property_cell(handle, name)));
}

// What follows `word` in text whose first piece holds it.
Value after_word(Interpreter& in, const Value& text, std::size_t end) {
  std::vector<Piece> pieces(text.pieces.begin(), text.pieces.end());
  pieces.front().text.remove_prefix(std::min(end, pieces.front().text.size()));
  if (pieces.front().text.empty()) pieces.erase(pieces.begin());
  return in.values.from(pieces);
}

/// Commands of an SMTP client (RFC 5321), as programs write them.
enum class Command : std::uint8_t { kNone, kHello, kFrom, kRecipient, kData };

Command command_of(std::string_view text, std::size_t* end) {
  const std::string lower = ascii_lower(text.substr(0, 24));
  const auto starts = [&](std::string_view word) {
    if (!lower.starts_with(word)) return false;
    *end = word.size();
    return true;
  };
  if (starts("rcpt to:") || starts("rcpt to") || starts("rcpt  to:")) return Command::kRecipient;
  if (starts("mail from:") || starts("mail from")) return Command::kFrom;
  if (starts("helo ") || starts("ehlo ")) return Command::kHello;
  if (lower.starts_with("data") && trim(text).size() == 4) return Command::kData;
  return Command::kNone;
}

bool looks_like_message(const Value& text) {
  return std::ranges::any_of(text.pieces, [](const Piece& piece) {
    if (!piece.is_text()) return false;
    const std::string lower = ascii_lower(piece.text.substr(0, 4096));
    return lower.find("subject:") != std::string::npos ||
           lower.find("from:") != std::string::npos || lower.starts_with("to:") ||
           lower.find("\nto:") != std::string::npos;
  });
}

void add_message(Interpreter& in, VisitId id, const Value& message) {
  add_header_roles(in, id, message, true);
  if (!looks_like_message(message)) in.add_role(id, Role::kBody, message);
}

void write_smtp(Interpreter& in, const Node* node, Object* socket, const Value& text) {
  std::size_t end = 0;
  switch (command_of(text.pieces.front().text, &end)) {
    case Command::kRecipient: {
      const VisitId id = in.visit(node, SinkKind::kSmtp, "SMTP RCPT TO");
      in.add_role(id, Role::kRecipient, after_word(in, text, end));
      if (socket == nullptr) return;
      add_kept(in, id, *socket, "smtp from", Role::kSender);
      add_kept(in, id, *socket, "server", Role::kServer);
      socket->visit = id;
      socket->has_visit = true;
      return;
    }
    case Command::kFrom:
      if (socket != nullptr) keep_role(in, *socket, "smtp from", after_word(in, text, end));
      return;
    case Command::kHello: case Command::kData: return;
    case Command::kNone: break;
  }
  if (socket == nullptr || !socket->has_visit) return;
  add_message(in, socket->visit, text);
}

bool starts_with_command(const Value& text) {
  std::size_t end = 0;
  return !text.pieces.empty() && text.pieces.front().is_text() &&
         command_of(text.pieces.front().text, &end) == Command::kRecipient;
}

// The program of a command line that sends mail, or an empty view.
bool runs_mail_program(std::string_view command) {
  const std::string lower = ascii_lower(command.substr(0, 512));
  return std::ranges::any_of(
      std::array{std::string_view{"sendmail"}, std::string_view{"qmail-inject"},
                 std::string_view{"mailx "}, std::string_view{"mail -s"}, std::string_view{"mutt "},
                 std::string_view{"exim"}, std::string_view{"msmtp"}, std::string_view{"ssmtp"},
                 std::string_view{"swaks"}, std::string_view{"/bin/mail"},
                 std::string_view{"nullmailer"}, std::string_view{"sendemail"}},
      [&](std::string_view program) { return lower.find(program) != std::string::npos; });
}

bool is_mail_command(const Value& command) {
  return std::ranges::any_of(command.pieces, [](const Piece& piece) {
    return piece.is_text() && runs_mail_program(piece.text);
  });
}

VisitId open_process(Interpreter& in, const Node* node, std::string_view sink,
                     const Value& command) {
  const VisitId id = in.visit(node, SinkKind::kProcess, sink);
  in.add_role(id, Role::kParameters, command);
  const bool reads_headers = std::ranges::any_of(command.pieces, [](const Piece& piece) {
    return piece.text.find(" -t") != std::string_view::npos;
  });
  if (!reads_headers) in.add_role(id, Role::kRecipient, in.values.holes(command));
  return id;
}

bool sink_socket(Interpreter& in, const Call& call, Value* result) {
  const std::string_view name = call.name;
  if (is_any(name, {"fsockopen", "pfsockopen", "stream_socket_client", "socket_create",
                    "stream_socket_server"})) {
    Object* socket = new_handle(in, call, "socket");
    if (name != "socket_create") {
      in.state.set(in.property_cell(*socket, "server"), in.values.flat(call.arg(0)));
    }
    *result = in.object_value(socket);
    return true;
  }
  if (name != "socket_connect") return false;
  if (Object* socket = call.arg(0).object) {
    in.state.set(in.property_cell(*socket, "server"), in.values.flat(call.arg(1)));
  }
  *result = in.values.unknown();
  return true;
}

bool sends_by_curl(Interpreter& in, Object& handle) {
  const Value url = in.state.get(in.property_cell(handle, "url"));
  return std::ranges::any_of(url.pieces, [](const Piece& piece) {
    return piece.is_text() && ascii_lower(piece.text.substr(0, 7)).starts_with("smtp");
  });
}

bool sink_curl(Interpreter& in, const Call& call, Value* result) {
  const std::string_view name = call.name;
  *result = in.values.unknown();
  if (name == "curl_init") {
    Object* handle = new_handle(in, call, "curl");
    in.state.set(in.property_cell(*handle, "url"), in.values.flat(call.arg(0)));
    *result = in.object_value(handle);
    return true;
  }
  Object* handle = call.arg(0).object;
  if (handle == nullptr || handle->class_name != "curl") return name.starts_with("curl_setopt");
  if (name == "curl_setopt" && call.arg_node(1) != nullptr) {
    const std::string_view option = call.arg_node(1)->name;
    const std::string_view kept = option == "CURLOPT_URL"         ? "url"
                                  : option == "CURLOPT_MAIL_FROM" ? "smtp from"
                                  : option == "CURLOPT_MAIL_RCPT" ? "smtp to"
                                  : option == "CURLOPT_READDATA" || option == "CURLOPT_INFILE"
                                      ? "message"
                                      : "";
    if (!kept.empty()) keep_role(in, *handle, kept, in.values.flat(call.arg(2)));
    return true;
  }
  if (name != "curl_exec") return name.starts_with("curl_setopt");
  if (sends_by_curl(in, *handle)) {
    const VisitId id = in.visit(call.node, SinkKind::kCurl, "curl smtp://");
    add_kept(in, id, *handle, "url", Role::kServer);
    add_kept(in, id, *handle, "smtp from", Role::kSender);
    add_kept(in, id, *handle, "smtp to", Role::kRecipient);
    add_kept(in, id, *handle, "message", Role::kBody);
    return true;
  }
  const Value url = in.state.get(in.property_cell(*handle, "url"));
  const Span place = in.place_of(call.node);
  const bool asks_captcha = std::ranges::any_of(url.pieces, [](const Piece& piece) {
    return ascii_lower(piece.text.substr(0, 200)).find("captcha") != std::string::npos;
  });
  *result = in.values.hole(kRemote,
                           in.sources.intern("curl_exec()", {}, nullptr, place.begin, place.end),
                           asks_captcha ? kCaptcha : 0);
  return true;
}

}  // namespace

Value sink_command(Interpreter& in, const Node* node, std::string_view sink,
                   const Value& command_in) {
  const Value command = in.values.flat(command_in);
  if (is_mail_command(command)) {
    const VisitId id = open_process(in, node, sink, command);
    if (sink != "popen()" && sink != "proc_open()") return in.values.unknown();
    Object* process = in.object_at(node, ObjectKind::kHandle, "process");
    process->visit = id;
    process->has_visit = true;
    return in.object_value(process);
  }
  const auto is_safe = [](const Piece& piece) {
    return (piece.safety & (kSafeNumber | kSafeAllowed | kSafeQuoted)) != 0;
  };
  const bool is_telling = std::ranges::any_of(command.pieces, [&](const Piece& piece) {
    return piece.has(kRequest | kHeader | kDecoded | kRemote) && !is_safe(piece) &&
           (piece.marks & kHash) == 0;
  });
  const bool is_nobodys = !command.pieces.empty() && command.pieces.front().has(kUndefined) &&
                          !is_safe(command.pieces.front());
  if ((is_telling || is_nobodys) && !in.is_in_include()) {
    const VisitId id = in.visit(node, SinkKind::kCommand, sink);
    in.state.path_sinks.pop_back();
    in.add_role(id, Role::kCommand, command);
  }
  return in.values.unknown();
}

void sink_write(Interpreter& in, const Node* node, const Value& handle, const Value& text_in) {
  const Value text = in.values.flat(text_in);
  if (text.pieces.empty()) return;
  Object* object = handle.object;
  if (object != nullptr && object->class_name == "file") {
    const Value mode = in.state.get(in.property_cell(*object, "mode"));
    if (constant_text(mode).starts_with("r") &&
        constant_text(mode).find('+') == std::string::npos) {
      return;
    }
    sink_file_write(in, node, "fwrite()", in.state.get(in.property_cell(*object, "path")), text);
  } else if (object != nullptr && object->class_name == "process") {
    if (object->has_visit) add_message(in, object->visit, text);
  } else if (object != nullptr && object->class_name == "socket") {
    write_smtp(in, node, object, text);
  } else if (starts_with_command(text)) {
    write_smtp(in, node, nullptr, text);
  }
}

bool sink_transport(Interpreter& in, const Call& call, Value* result) {
  return sink_socket(in, call, result) ||
         (call.name.starts_with("curl_") && sink_curl(in, call, result));
}

bool sink_call(Interpreter& in, const Call& call, Value* result) {
  if (sink_mail_function(in, call)) {
    *result = in.values.unknown();
    return true;
  }
  if (call.name == "header" || call.name == "wp_redirect" || call.name == "wp_safe_redirect") {
    for (const Piece& piece : in.values.flat(call.arg(0)).pieces) {
      if (call.name != "header" || piece.is_text()) {
        note_redirect(in, call.name == "header" ? piece.text : "location:");
      }
    }
    *result = in.values.unknown();
    return true;
  }
  return sink_transport(in, call, result) || sink_file_function(in, call, result) ||
         sink_exec_function(in, call, result);
}

}  // namespace backscan::php::flow

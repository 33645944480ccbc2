// Files written: what of the outside goes into them, and whether the server will run them.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

// The ending of a name as the server would see it, where the last piece is text.
bool runs_as_php(const Value& path) {
  if (path.pieces.empty()) return false;
  for (std::size_t i = 0; i < path.pieces.size(); ++i) {
    const Piece& piece = path.pieces[i];
    const bool is_last = i + 1 == path.pieces.size() || path.pieces[i + 1].is_alternative;
    if (!is_last || !piece.is_text()) continue;
    const std::string lower = ascii_lower(piece.text);
    for (const std::string_view ending : {".php", ".phtml", ".php5", ".php7", ".pht", ".phar",
                                          ".php3", ".php4", ".inc", ".htaccess", ".user.ini"}) {
      if (lower.ends_with(ending)) return true;
    }
  }
  return false;
}

// define('HOST', '…') and 'host' => '…': an installer's settings stand between quotes; whoever
// plants code does not quote it.
Value without_quoted(Interpreter& in, const Value& content) {
  std::vector<Piece> pieces(content.pieces.begin(), content.pieces.end());
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    if (!pieces[i - 1].is_text() || !pieces[i + 1].is_text() || pieces[i].is_text()) continue;
    const std::string_view before = pieces[i - 1].text;
    const std::string_view after = pieces[i + 1].text;
    if (before.size() < 3 || after.empty()) continue;
    const char quote = before.back();
    const bool is_quoted = (quote == '\'' || quote == '"') && after.front() == quote;
    const std::string_view line = before.substr(before.rfind('\n') + 1);
    const bool is_setting = line.find("define(") != std::string_view::npos ||
                            line.find("=>") != std::string_view::npos ||
                            line.find("$") != std::string_view::npos;
    if (is_quoted && is_setting) pieces[i].safety |= kSafeQuoted;
  }
  return in.values.from(pieces);
}

}  // namespace

void sink_file_write(Interpreter& in, const Node* node, std::string_view sink, const Value& path_in,
                     const Value& content_in) {
  const Value path = in.values.flat(path_in);
  const Value content = without_quoted(in, in.values.flat(content_in));
  const bool is_stream = !path.pieces.empty() && path.pieces.front().text.starts_with("php://");
  if (is_stream || in.is_in_include()) return;
  const bool holds_code = std::ranges::any_of(content.pieces, [](const Piece& piece) {
    return piece.is_text() && piece.text.find("<?php") != std::string_view::npos;
  });
  if (!content.has(kFromOutside) && !(holds_code && runs_as_php(path))) return;
  const VisitId id = in.visit(node, SinkKind::kWrite, sink);
  in.state.path_sinks.pop_back();
  if (runs_as_php(path)) in.report.at(id).circumstances |= kWritesPhp;
  in.add_role(id, Role::kName, path);
  in.add_role(id, Role::kContent, content);
}

bool sink_file_function(Interpreter& in, const Call& call, Value* result) {
  const std::string_view name = call.name;
  if (!is_any(name, {"file_put_contents", "move_uploaded_file", "copy", "rename", "fwrite", "fputs",
                     "gzwrite", "fputcsv", "socket_write", "socket_send", "stream_socket_sendto",
                     "fprintf"})) {
    return false;
  }
  const std::string sink = std::string(name) + "()";
  *result = in.values.unknown();
  if (name == "file_put_contents") {
    sink_file_write(in, call.node, sink, call.arg(0), call.arg(1));
  } else if (name == "move_uploaded_file") {
    const Value upload = call.arg(0).has(kUpload) ? call.arg(0) : in.values.hole(kUpload);
    sink_file_write(in, call.node, sink, call.arg(1), upload);
  } else if (is_any(name, {"copy", "rename"})) {
    const Value from = in.values.flat(call.arg(0));
    const bool is_fetched = !from.pieces.empty() && from.pieces.front().is_text() &&
                            is_remote_path(from.pieces.front().text);
    if (is_fetched || (name == "copy" && from.has(kRequest))) {
      sink_file_write(in, call.node, sink, call.arg(1), in.values.with(from, kRemote));
    } else if (from.has(kUpload)) {
      sink_file_write(in, call.node, sink, call.arg(1), from);
    }
  } else if (is_any(name, {"fwrite", "fputs", "gzwrite", "fputcsv", "socket_write", "socket_send",
                           "stream_socket_sendto", "fprintf"})) {
    sink_write(in, call.node, call.arg(0), call.arg(1));
  } else {
    return false;
  }
  return true;
}

}  // namespace backscan::php::flow

// Functions that bring data in, and those that change what names mean: files, hosts, the request's
// own variables, constants, settings.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "php/flow_functions.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

const Source* named_source(Interpreter& in, const Call& call, const std::string& argument) {
  const std::string text = std::string(call.name) + "(" + argument.substr(0, 60) + ")";
  const Span place = in.place_of(call.node);
  return in.sources.intern(text, {}, nullptr, place.begin, place.end);
}

bool mentions_captcha(const Value& path) {
  return std::ranges::any_of(path.pieces, [](const Piece& piece) {
    const std::string lower = ascii_lower(piece.text.substr(0, 200));
    return lower.find("captcha") != std::string::npos ||
           lower.find("turnstile") != std::string::npos;
  });
}

// Only who chooses the start of a path can name another host: 'skins/' . $_GET['s'] stays here.
bool is_chosen_elsewhere(const Value& path) {
  bool is_start = true;
  for (const Piece& piece : path.pieces) {
    if (is_start && (piece.marks & kInside) == 0 && piece.has(kRequest | kRemote)) return true;
    const bool is_empty = piece.is_text() && piece.text.empty();
    const bool is_local = piece.is_text() && (piece.text.starts_with('/') ||
                                              piece.text.starts_with("./") ||
                                              piece.text.ends_with('/'));
    is_start = piece.is_alternative || (is_start && (is_empty || !is_local));
  }
  return false;
}

// What stands behind a path: the request itself, an upload, another host, a file of lines.
Value contents_of(Interpreter& in, const Call& call, const Value& path_in, bool by_line) {
  const Value path = in.values.flat(path_in);
  const std::string text = constant_text(path);
  const std::string lower = ascii_lower(text);
  const bool starts_remote =
      !path.pieces.empty() && path.pieces[0].is_text() && is_remote_path(path.pieces[0].text);
  if (lower == "php://input" || lower == "php://stdin") {
    return in.values.hole(kRequest, named_source(in, call, text));
  }
  if (path.has(kUpload)) {
    const auto upload =
        std::ranges::find_if(path.pieces, [](const Piece& p) { return p.has(kUpload); });
    const std::uint16_t lines = by_line ? kList : 0;
    return in.values.hole(static_cast<std::uint16_t>(kUpload | kRequest | lines), upload->source);
  }
  if (starts_remote || is_chosen_elsewhere(path)) {
    const std::uint16_t marks = mentions_captcha(path) ? kCaptcha : 0;
    const std::uint16_t lines = by_line ? kList : 0;
    Value value = in.values.hole(static_cast<std::uint16_t>(kRemote | lines),
                                 named_source(in, call, text.empty() ? "…" : text), marks);
    return value;
  }
  const std::uint16_t origins = by_line ? kList : kUnknown;
  return in.values.hole(origins, named_source(in, call, text.empty() ? "…" : text));
}

Value call_fopen(Interpreter& in, const Call& call) {
  Object* handle = in.object_at(call.node, ObjectKind::kHandle, "file");
  in.state.set(in.property_cell(*handle, "path"), in.values.flat(call.arg(0)));
  in.state.set(in.property_cell(*handle, "mode"), call.arg(1));
  return in.object_value(handle);
}

Value call_read(Interpreter& in, const Call& call, const Value& handle) {
  const bool by_line = is_any(call.name, {"fgets", "fgetcsv", "fgetss", "fscanf"});
  if (handle.object == nullptr) return in.values.holes(handle);
  if (handle.object->class_name == "file") {
    return contents_of(in, call, in.state.get(in.property_cell(*handle.object, "path")), by_line);
  }
  if (handle.object->class_name == "socket" || handle.object->class_name == "curl") {
    return in.values.hole(kRemote, named_source(in, call, handle.object->class_name));
  }
  return in.values.unknown();
}

Value call_filter_input(Interpreter& in, const Call& call) {
  const bool is_whole = call.name == "filter_input_array";
  const std::string field = is_whole ? std::string{} : constant_text(call.arg(1));
  const Node* where = call.arg_node(0);
  const std::string kind = where != nullptr ? std::string(where->name) : "INPUT_REQUEST";
  if (kind == "INPUT_SERVER" || kind == "INPUT_ENV") {
    return in.values.hole(server_origins(field), named_source(in, call, kind));
  }
  const std::string text =
      std::string(call.name) + "(" + kind + (is_whole ? ")" : ", '" + field + "')");
  const Span place = in.place_of(call.node);
  Value value = in.values.hole(kRequest,
                               in.sources.intern(text, field, nullptr, place.begin, place.end));
  const Node* filter = call.arg_node(2);
  const std::string_view name = filter != nullptr ? filter->name : std::string_view{};
  if (name == "FILTER_VALIDATE_EMAIL")
    return in.values.with(value, 0, 0, kSafeNoBreaks | kSafeAddress);
  if (name == "FILTER_SANITIZE_EMAIL") return in.values.with(value, 0, 0, kSafeNoBreaks);
  if (name == "FILTER_VALIDATE_INT" || name == "FILTER_SANITIZE_NUMBER_INT") {
    return in.values.with(value, 0, 0, kSafeNoBreaks | kSafeNumber);
  }
  return value;
}

void call_parse_str(Interpreter& in, const Call& call) {
  const Value parsed = in.values.flat(call.arg(0));
  if (call.args.size() >= 2 && call.arg_node(1) != nullptr) {
    in.assign(call.arg_node(1), in.values.holes(parsed));
  } else {
    in.extract(parsed, call.node);
  }
}

// set_time_limit(0), mail.add_x_header off: told of the whole file.
void note_setting(Interpreter& in, const Call& call) {
  const std::string first = ascii_lower(constant_text(call.arg(0)));
  const std::string second = ascii_lower(constant_text(call.arg(1)));
  const bool is_off = second.empty() || second == "0" || second == "off";
  if (call.name == "set_time_limit" ? first == "0"
                                    : call.name == "ignore_user_abort" && first != "0") {
    in.report.add_file_fact("mail.no-time-limit", in.place_of(call.node));
  }
  if (call.name != "ini_set" && call.name != "ini_alter" && call.name != "ini_restore") return;
  if (first == "max_execution_time" && is_off) {
    in.report.add_file_fact("mail.no-time-limit", in.place_of(call.node));
  }
  if ((first == "mail.add_x_header" || first == "mail.log") && is_off) {
    in.report.add_file_fact("mail.trace-off", in.place_of(call.node));
  }
}

bool call_names(Interpreter& in, const Call& call, Value* result) {
  const std::string_view name = call.name;
  *result = in.values.unknown();
  if (name == "extract" || name == "import_request_variables") {
    if (name == "extract") {
      in.extract(call.arg(0), call.node);
    } else {
      const Source* request = in.sources.intern("$_REQUEST", {}, nullptr, 0, 0);
      in.extract(in.values.hole(kRequest, request), call.node);
    }
  } else if (name == "parse_str" || name == "mb_parse_str") {
    call_parse_str(in, call);
  } else if (name == "define") {
    const std::string constant = constant_text(call.arg(0));
    if (!constant.empty()) in.define_constant(constant, call.arg(1));
  } else if (name == "constant") {
    const Value* defined = in.find_constant(constant_text(call.arg(0)));
    if (defined != nullptr) *result = *defined;
  } else if (is_any(name, {"set_time_limit", "ignore_user_abort", "ini_set", "ini_alter"})) {
    note_setting(in, call);
  } else if (name == "preg_match" || name == "preg_match_all") {
    if (call.arg_node(2) != nullptr) {
      in.assign(call.arg_node(2),
                part_of(in.values, in.sources, in.values.holes(call.arg(1)), name));
    }
  } else if (name == "getmxrr" || name == "dns_get_mx") {
    in.report.add_file_fact("mail.mx-lookup", in.place_of(call.node));
    const Value hosts = in.values.hole(kUnknown, nullptr, kMxLookup);
    if (call.arg_node(1) != nullptr) in.assign(call.arg_node(1), hosts);
  } else if (name == "dns_get_record") {
    const Node* kind = call.arg_node(1);
    if (kind != nullptr && kind->is(NodeKind::Const) && kind->name == "DNS_MX") {
      in.report.add_file_fact("mail.mx-lookup", in.place_of(call.node));
      *result = in.values.hole(kUnknown, nullptr, kMxLookup);
    }
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool call_input_function(Interpreter& in, const Call& call, Value* result) {
  const std::string_view name = call.name;
  if (name == "file_get_contents" || name == "file" || name == "readfile" ||
      name == "get_headers" || name == "simplexml_load_file" || name == "wp_remote_get" ||
      name == "wp_remote_post") {
    *result = contents_of(in, call, call.arg(0), name == "file");
    if (name == "file") *result = in.values.array({}, *result, false, false);
  } else if (name == "wp_remote_retrieve_body") {
    *result = in.values.flat(call.arg(0));
  } else if (name == "fopen" || name == "gzopen" || name == "bzopen") {
    *result = call_fopen(in, call);
  } else if (is_any(name, {"fgets", "fread", "fgetcsv", "fgetss", "fgetc", "fscanf", "gzread",
                           "stream_get_contents", "stream_get_line", "socket_read", "fpassthru",
                           "curl_multi_getcontent"})) {
    *result = call_read(in, call, call.arg(0));
  } else if (name == "feof") {
    const Object* handle = call.arg(0).object;
    const bool is_file = handle != nullptr && handle->class_name == "file";
    *result = in.values.hole(is_file ? kUnknown | kList : kUnknown);
  } else if (name == "filter_input" || name == "filter_input_array") {
    *result = call_filter_input(in, call);
  } else if (name == "getenv" || name == "apache_getenv") {
    const std::string key = constant_text(call.arg(0));
    const Span place = in.place_of(call.node);
    *result = in.values.hole(
        server_origins(key),
        in.sources.intern("getenv('" + key + "')", key, nullptr, place.begin, place.end));
  } else if (name == "gethostbyaddr") {
    *result = in.values.hole(kServerInfo, named_source(in, call, "REMOTE_ADDR"));
  } else if (name == "session_id") {
    *result = in.values.hole(kSession);
  } else {
    return call_names(in, call, result);
  }
  return true;
}

}  // namespace backscan::php::flow

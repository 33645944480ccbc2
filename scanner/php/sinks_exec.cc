// Code that runs data: eval and its like, callbacks by name, includes. Web shells and droppers show
// here.
#include <algorithm>
#include <string>

#include "base/text.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

// Only hashes of it: the visitor does not choose what runs.
bool is_telling(const Value& value) {
  return std::ranges::any_of(value.pieces, [](const Piece& piece) {
    return piece.has(kFromOutside) && (piece.marks & kHash) == 0 &&
           (piece.safety & (kSafeNumber | kSafeAllowed | kSafeQuoted)) == 0;
  });
}

void open(Interpreter& in, const Node* node, SinkKind kind, std::string_view sink, Role role,
          const Value& value_in) {
  const Value value = in.guarded(value_in);
  // What an included file does is found there, not in every file that includes it.
  if (!is_telling(value) || in.is_in_include()) return;
  const VisitId id = in.visit(node, kind, sink);
  in.state.path_sinks.pop_back();  // a redirect after it means nothing
  in.add_role(id, role, value);
}

// Cut from strings, picked letter by letter, taken from the file's own name: no parameter, property
// or setting of the site's, no number, and no name that only lacks its end ('handle_' . $type).
bool is_computed_name(const Value& callee) {
  constexpr std::size_t kReadable = 4;
  bool has_hole = false;
  for (const Piece& piece : callee.pieces) {
    if (piece.is_alternative) continue;
    if (piece.is_text()) {
      if (piece.text.size() >= kReadable) return false;
      continue;
    }
    const bool is_own_name =
        piece.source != nullptr && piece.source->text.find("__FILE__") != std::string_view::npos;
    if (piece.has(kSession | kUndefined) || (piece.source != nullptr && !is_own_name)) return false;
    if ((piece.safety & kSafeNumber) != 0) return false;
    has_hole = true;
  }
  return has_hole;
}

}  // namespace

Value sink_code(Interpreter& in, const Node* node, std::string_view sink, const Value& code) {
  open(in, node, SinkKind::kCode, sink, Role::kCode, code);
  return in.values.unknown();
}

Value sink_callback(Interpreter& in, const Node* node, const Value& callee,
                    std::span<const Value> args) {
  open(in, node, SinkKind::kCallback, "call by name", Role::kName, callee);
  Value passed;
  for (const Value& arg : args) {
    passed = in.values.merge(passed, in.values.holes(in.values.flat(arg)));
  }
  const bool is_fed = is_telling(passed) && passed.has(kRequest) && !in.is_in_include();
  if (is_fed && is_computed_name(callee)) {
    const VisitId id = in.visit(node, SinkKind::kCallback, "call by name");
    in.state.path_sinks.pop_back();
    in.report.at(id).circumstances |= kComputedName;
    in.add_role(id, Role::kContent, passed);
  }
  // An unknown function of encoded name is most likely a decoder.
  return passed.pieces.empty() ? in.values.unknown() : passed;
}

void sink_include(Interpreter& in, const Node* node, const Value& path) {
  const Value plain = in.values.flat(path);
  if (plain.pieces.empty()) return;
  // Only who chooses the start of the path can run any file: 'pages/' . $_GET['p'] stays here.
  bool is_start = true;
  bool is_chosen_start = false;
  bool is_fetched = false;
  for (const Piece& piece : plain.pieces) {
    const bool is_empty = piece.is_text() && piece.text.empty();
    is_start &= (piece.marks & kInside) == 0;
    if (is_start && !is_empty) {
      is_fetched |= piece.is_text() && is_remote_path(piece.text);
      is_chosen_start |= is_telling(in.guarded(in.values.from({&piece, 1})));
    }
    is_start = piece.is_alternative || (is_start && is_empty);
  }
  if ((!is_chosen_start && !is_fetched) || in.is_in_include()) return;
  const VisitId id = in.visit(node, SinkKind::kInclude, "include");
  in.state.path_sinks.pop_back();
  in.add_role(id, Role::kCode,
              is_fetched ? in.values.concat(plain, in.values.hole(kRemote)) : plain);
}

bool has_eval_flag(std::string_view pattern) {
  pattern = trim(pattern);
  if (pattern.size() < 3) return false;
  char close = pattern.front();
  if (close == '(') close = ')';
  if (close == '{') close = '}';
  if (close == '[') close = ']';
  const bool is_delimiter = !(close >= 'a' && close <= 'z') && !(close >= 'A' && close <= 'Z');
  const std::size_t end = pattern.rfind(close);
  if (!is_delimiter || end == 0) return false;
  const std::string_view flags = pattern.substr(end + 1);
  return flags.size() < 8 && flags.find('e') != std::string_view::npos &&
         flags.find_first_not_of("imsxeADSUXJun") == std::string_view::npos;
}

bool sink_exec_function(Interpreter& in, const Call& call, Value* result) {
  const std::string_view name = call.name;
  *result = in.values.unknown();
  const std::string sink = std::string(name) + "()";
  if (name == "assert") {
    (void)sink_code(in, call.node, sink, call.arg(0));
  } else if (name == "create_function") {
    (void)sink_code(in, call.node, sink, call.arg(1));
  } else if (is_any(name, {"mb_ereg_replace", "mb_eregi_replace"}) && call.args.size() > 3) {
    if (constant_text(call.arg(3)).find('e') == std::string::npos) return false;
    (void)sink_code(in, call.node, sink, call.arg(1));
  } else if (is_any(name, {"system", "exec", "passthru", "shell_exec", "popen", "proc_open",
                           "pcntl_exec", "expect_popen"})) {
    *result = sink_command(in, call.node, sink, call.arg(0));
  } else if (name == "include" || name == "require") {
    sink_include(in, call.node, call.arg(0));
  } else {
    return false;
  }
  return true;
}

}  // namespace backscan::php::flow

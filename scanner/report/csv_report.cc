// The columns are the fields of the JSON record, so that CONTRACT.md describes both.
#include "report/csv_report.h"

#include "base/text.h"
#include "base/words.h"
#include "report/finding_text.h"
#include "report/json_fields.h"

namespace backscan::report {
namespace {

constexpr std::string_view kColumns[] = {
    "rule", "title", "class", "severity", "confidence", "causes", "path", "path_base64", "root",
    "account", "domain", "line", "column", "end_line", "view", "layers", "flow", "excerpt",
    "message", "remedy", "references", "sha256", "size", "mtime", "ctime", "owner", "uid", "mode",
    "fingerprint", "evidence", "rank", "rank_reasons", "hosts"};

/// One cell from a JSON value: lists joined by "; ", a flow step as "line: what".
std::string cell_of(const JsonValue& value) {
  if (value.is_null()) return {};
  if (const auto text = text_in(value)) return std::string(*text);
  if (value.is_array()) {
    std::vector<std::string> parts;
    for (const JsonValue part : simdjson::dom::array(value)) parts.push_back(cell_of(part));
    return joined(parts, "; ");
  }
  JsonValue what;
  if (value.at_key("what").get(what) == simdjson::SUCCESS) {
    JsonValue line;
    const bool has_line = value.at_key("line").get(line) == simdjson::SUCCESS;
    return (has_line ? cell_of(line) : std::string()) + ": " + cell_of(what);
  }
  return simdjson::to_string(value);
}

/// Spreadsheets run what begins with one of these; a number of our own never does.
bool looks_like_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

void write_cell(std::string_view raw, std::string& out) {
  std::string text = escape_controls(raw);
  if (looks_like_formula(raw) || looks_like_formula(trim(text))) text.insert(0, "'");
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void render_csv(const ScanResult& result, Sink& sink) {
  std::string& out = sink.text();
  const char* separator = "";
  for (const std::string_view column : kColumns) {
    out.append(separator).append(column);
    separator = ",";
  }
  out += "\r\n";
  simdjson::dom::parser parser;
  std::string text;
  for (const Finding& finding : result.findings) {
    text.clear();
    JsonText json(text);
    write_finding(finding, json);
    const JsonValue record = parser.parse(text).value_unsafe();
    separator = "";
    for (const std::string_view column : kColumns) {
      out += separator;
      JsonValue value;
      const bool is_there = record.at_key(column).get(value) == simdjson::SUCCESS;
      write_cell(is_there ? cell_of(value) : std::string(), out);
      separator = ",";
    }
    out += "\r\n";
    sink.drain();
  }
}

}  // namespace backscan::report

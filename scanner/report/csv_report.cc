// The columns are the fields of the JSON record, so that CONTRACT.md describes both.
#include "report/csv_report.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/words.h"
#include "report/json_record.h"

namespace backscan::report {
namespace {

constexpr std::string_view kColumns[] = {
    "rule", "title", "class", "severity", "confidence", "causes", "path", "path_base64", "root",
    "account", "domain", "line", "column", "end_line", "view", "layers", "flow", "excerpt",
    "message", "remedy", "references", "sha256", "size", "mtime", "ctime", "owner", "uid", "mode",
    "fingerprint", "evidence", "rank", "rank_reasons", "hosts"};

/// One cell from a JSON value: lists joined by "; ", a flow step as "line: what".
std::string text_of(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) {
    std::vector<std::string> parts;
    for (const Json& part : value) parts.push_back(text_of(part));
    return joined(parts, "; ");
  }
  if (value.is_object() && value.contains("what"))
    return text_of(value["line"]) + ": " + text_of(value["what"]);
  return value.dump();
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
  for (const Finding& finding : result.findings) {
    const Json record = finding_record(finding);
    separator = "";
    for (const std::string_view column : kColumns) {
      out += separator;
      const auto value = record.find(std::string(column));
      write_cell(value == record.end() ? std::string() : text_of(*value), out);
      separator = ",";
    }
    out += "\r\n";
    sink.drain();
  }
}

}  // namespace backscan::report

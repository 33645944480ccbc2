// json and jsonl: the same records, as one object or one a line.
#include "report/json_report.h"

#include <nlohmann/json.hpp>

#include "report/finding_text.h"
#include "report/json_record.h"

namespace backscan::report {
namespace {

/// Records go out one by one: a document of 50,000 findings would triple the memory of the run.
class RecordWriter {
 public:
  RecordWriter(Sink& sink, bool is_lines)
      : sink_(sink), out_(sink.text()), is_lines_(is_lines) {}

  template <typename Items, typename ToRecord>
  void list(std::string_view key, std::string_view type, const Items& items, ToRecord to_record) {
    if (is_lines_) {
      for (const auto& item : items) line(type, to_record(item));
      return;
    }
    begin_member(key);
    out_ += '[';
    const char* separator = "\n    ";
    for (const auto& item : items) {
      out_ += separator;
      out_ += to_record(item).dump();
      separator = ",\n    ";
      sink_.drain();
    }
    out_ += items.empty() ? "]" : "\n  ]";
  }
  /// Findings, the many, without a tree of values for each.
  void findings(const std::vector<Finding>& findings) {
    if (!is_lines_) {
      begin_member("findings");
      out_ += '[';
    }
    const char* separator = is_lines_ ? "" : "\n    ";
    for (const Finding& finding : findings) {
      out_ += separator;
      JsonText json(out_);
      json.begin_object();
      if (is_lines_) json.member("type", "finding");
      write_finding_members(finding, json);
      json.end_object();
      if (is_lines_) out_ += '\n';
      separator = is_lines_ ? "" : ",\n    ";
      sink_.drain();
    }
    if (!is_lines_) out_ += findings.empty() ? "]" : "\n  ]";
  }
  void member(std::string_view key, const Json& value) {
    // As a line of its own, a member without a value says nothing.
    if (is_lines_) return value.is_null() ? void() : line(key, value);
    begin_member(key);
    out_ += value.dump();
  }

 private:
  void begin_member(std::string_view key) {
    out_ += ",\n  ";
    out_ += Json(key).dump();
    out_ += ": ";
  }
  /// The type goes before the record's own members without a copy of them.
  void line(std::string_view type, const Json& record) {
    out_ += "{\"type\":";
    out_ += Json(type).dump();
    const std::string members = record.dump();
    if (members.size() > 2) out_ += ',';
    out_.append(members, 1);
    out_ += '\n';
    sink_.drain();
  }

  Sink& sink_;
  std::string& out_;
  bool is_lines_;
};

void write_records(const ScanResult& result, RecordWriter& writer) {
  writer.findings(result.findings);
  writer.list("listings", "listing", result.listings, listing_record);
  writer.list("audit", "audit", result.audit, audit_record);
  writer.list("senders", "sender", result.senders, sender_record);
  writer.member("mail", result.mail ? mail_record(*result.mail) : Json());
  if (result.history) writer.member("history", history_record(*result.history));
  writer.list("errors", "error", result.errors, error_record);
  writer.member("summary", summary_record(result.summary));
}

}  // namespace

void render_json(const ScanResult& result, Sink& sink) {
  sink.text() += "{\n  \"schema_version\": 1";
  RecordWriter writer(sink, false);
  writer.member("tool", tool_record(result.scan));
  writer.member("scan", scan_record(result.scan));
  write_records(result, writer);
  sink.text() += "\n}\n";
}

void render_jsonl(const ScanResult& result, Sink& sink) {
  RecordWriter writer(sink, true);
  Json scan = {{"schema_version", 1}, {"tool", tool_record(result.scan)}};
  scan.update(scan_record(result.scan));
  writer.member("scan", scan);
  write_records(result, writer);
}

}  // namespace backscan::report

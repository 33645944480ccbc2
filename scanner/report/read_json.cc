// Finds out which of the two forms a file has, and feeds its records to read_records.cc.
#include "report/read_json.h"

#include <algorithm>
#include <istream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.h"
#include "report/merge.h"
#include "report/read_records.h"

namespace backscan::report {
namespace {

std::string at_line(const std::string& name, std::size_t line) {
  return name + ":" + std::to_string(line);
}

/// The text of a parse error without the library's own numbering.
std::string reason_of(const Json::parse_error& error) {
  const std::string_view what = error.what();
  const std::size_t last = what.rfind("; ");
  return "not JSON" + (last == std::string_view::npos ? std::string()
                                                      : ": " + std::string(what.substr(last + 2)));
}

Result<Json> parse(std::string_view text, const std::string& name, std::size_t first_line) {
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const Json::parse_error& error) {
    const std::size_t line =
        first_line + position_of(text, error.byte == 0 ? 0 : error.byte - 1).line - 1;
    return std::unexpected(Error{at_line(name, line), reason_of(error)});
  }
}

bool has_known_schema(const Json& record) {
  const auto version = record.find("schema_version");
  return version != record.end() && version->is_number_unsigned() &&
         version->get<std::uint64_t>() == 1;
}

/// The `type` member of a line, or nothing where the line is no record.
std::string type_of(const Json& record) {
  if (!record.is_object()) return {};
  const auto type = record.find("type");
  return type != record.end() && type->is_string() ? type->get<std::string>() : std::string();
}

/// One run after another out of lines.
class LineReader {
 public:
  LineReader(const std::string& name, const TakeResult& take) : name_(name), take_(take) {}

  Result<void> read(const Json& record, std::size_t line) {
    const std::string type = type_of(record);
    std::string problem;
    if (type.empty()) {
      problem = "a record must be an object with a \"type\"";
    } else if (type == "scan") {
      close();
      result_.emplace();
      if (!has_known_schema(record)) problem = "\"schema_version\" must be 1";
      read_tool(record, result_->scan, problem);
    } else if (!result_) {
      problem = "the first record must be of type \"scan\"";
    }
    if (problem.empty()) read_record(type, record, *result_, problem);
    if (type == "summary") has_summary_ = true;
    if (problem.empty()) return {};
    return std::unexpected(Error{at_line(name_, line), problem});
  }

  /// Hands on the run that was being read.
  void close() {
    if (!result_) return;
    if (!has_summary_) {
      result_->summary.is_complete = false;
      result_->summary.incomplete_reasons.push_back(name_ + " ends without a summary");
    }
    recount(*result_);
    take_(*std::move(result_));
    result_.reset();
    has_summary_ = false;
  }

 private:
  const std::string& name_;
  const TakeResult& take_;
  std::optional<ScanResult> result_;
  bool has_summary_ = false;
};

Result<void> read_lines(const Json& first, std::istream& in, const std::string& name,
                        const TakeResult& take) {
  LineReader reader(name, take);
  if (auto read = reader.read(first, 1); !read) return read;
  std::string text;
  for (std::size_t line = 2; std::getline(in, text); ++line) {
    if (trim(text).empty()) continue;
    const auto record = parse(text, name, line);
    if (!record) return std::unexpected(record.error());
    if (auto read = reader.read(*record, line); !read) return read;
  }
  reader.close();
  return {};
}

Result<void> read_document(const Json& document, const std::string& name, const TakeResult& take) {
  if (!document.is_object() || !has_known_schema(document))
    return std::unexpected(
        Error{name, "not a result of backscan: an object with \"schema_version\": 1 is wanted"});
  ScanResult result;
  std::string problem;
  read_tool(document, result.scan, problem);
  const auto read_list = [&](const char* key, std::string_view type) {
    const auto list = document.find(key);
    if (list == document.end() || !list->is_array()) return;
    for (std::size_t i = 0; i < list->size() && problem.empty(); ++i) {
      read_record(type, (*list)[i], result, problem);
      if (!problem.empty()) problem = key + ("[" + std::to_string(i) + "]: ") + problem;
    }
  };
  read_list("findings", "finding");
  read_list("listings", "listing");
  read_list("audit", "audit");
  read_list("senders", "sender");
  read_list("errors", "error");
  if (const auto mail = document.find("mail"); mail != document.end() && mail->is_object())
    read_record("mail", *mail, result, problem);
  if (const auto scan = document.find("scan"); scan != document.end())
    read_record("scan", *scan, result, problem);
  if (const auto summary = document.find("summary"); summary != document.end())
    read_record("summary", *summary, result, problem);
  else
    problem = problem.empty() ? "\"summary\" is missing" : problem;
  if (!problem.empty()) return std::unexpected(Error{name, problem});
  recount(result);
  take(std::move(result));
  return {};
}

}  // namespace

Result<void> read_results(std::istream& in, const std::string& name, const TakeResult& take) {
  std::string first_line;
  std::getline(in, first_line);
  // One object a line is jsonl; anything else is read whole.
  if (const Json first = Json::parse(first_line, nullptr, false); !type_of(first).empty())
    return read_lines(first, in, name, take);
  std::string text = std::move(first_line) + "\n";
  text.append(std::istreambuf_iterator<char>(in), {});
  if (trim(text).empty()) return std::unexpected(Error{name, "is empty"});
  const auto document = parse(text, name, 1);
  if (!document) return std::unexpected(document.error());
  return read_document(*document, name, take);
}

}  // namespace backscan::report

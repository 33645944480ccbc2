// Finds out which of the two forms a file has, and feeds its records to read_records.cc.
#include "report/read_json.h"

#include <algorithm>
#include <istream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/text.h"
#include "report/json_fields.h"
#include "report/merge.h"
#include "report/read_records.h"

namespace backscan::report {
namespace {

std::string at_line(const std::string& name, std::size_t line) {
  return name + ":" + std::to_string(line);
}

/// The text of a parse error without the library's own numbering.
std::string reason_of(const nlohmann::json::parse_error& error) {
  const std::string_view what = error.what();
  const std::size_t last = what.rfind("; ");
  return "not JSON" + (last == std::string_view::npos ? std::string()
                                                      : ": " + std::string(what.substr(last + 2)));
}

/// simdjson says what is wrong but not where: a text that it refuses is read again by nlohmann.
Error refusal_of(std::string_view text, const std::string& name, std::size_t first_line,
                 simdjson::error_code code) {
  try {
    const auto value = nlohmann::json::parse(text.begin(), text.end());
  } catch (const nlohmann::json::parse_error& error) {
    const std::size_t line =
        first_line + position_of(text, error.byte == 0 ? 0 : error.byte - 1).line - 1;
    return {at_line(name, line), reason_of(error)};
  }
  return {at_line(name, first_line), std::string("not JSON: ") + simdjson::error_message(code)};
}

/// One text after another; a value lives until the next is parsed.
class Parser {
 public:
  explicit Parser(const std::string& name) : name_(name) {}

  /// Makes room behind the end of `text`, where simdjson reads over.
  Result<JsonValue> parse(std::string& text, std::size_t first_line) {
    text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    JsonValue value;
    const auto code = parser_.parse(text.data(), text.size(), false).get(value);
    if (code == simdjson::SUCCESS) return value;
    return std::unexpected(refusal_of(text, name_, first_line, code));
  }
  /// The text's value if it is one whole record of a type.
  std::optional<JsonValue> record(std::string& text) {
    text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    JsonValue value;
    if (parser_.parse(text.data(), text.size(), false).get(value) != simdjson::SUCCESS)
      return std::nullopt;
    return value;
  }

 private:
  const std::string& name_;
  simdjson::dom::parser parser_;
};

/// The member of that name, or nothing.
std::optional<JsonValue> member_of(const JsonValue& record, std::string_view key) {
  JsonValue value;
  if (record.at_key(key).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

bool has_known_schema(const JsonValue& record) {
  const auto version = member_of(record, "schema_version");
  return version && number_in(*version) == 1U;
}

/// The `type` member of a line, or nothing where the line is no record.
std::string type_of(const JsonValue& record) {
  const auto type = member_of(record, "type");
  return type ? std::string(text_in(*type).value_or("")) : std::string();
}

/// One run after another out of lines.
class LineReader {
 public:
  LineReader(const std::string& name, const TakeResult& take) : name_(name), take_(take) {}

  Result<void> read(const JsonValue& record, std::size_t line) {
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

Result<void> read_lines(const JsonValue& first, std::istream& in, const std::string& name,
                        Parser& parser, const TakeResult& take) {
  LineReader reader(name, take);
  if (auto read = reader.read(first, 1); !read) return read;
  std::string text;
  for (std::size_t line = 2; std::getline(in, text); ++line) {
    if (trim(text).empty()) continue;
    const auto record = parser.parse(text, line);
    if (!record) return std::unexpected(record.error());
    if (auto read = reader.read(*record, line); !read) return read;
  }
  reader.close();
  return {};
}

Result<void> read_document(const JsonValue& document, const std::string& name,
                           const TakeResult& take) {
  if (!document.is_object() || !has_known_schema(document))
    return std::unexpected(
        Error{name, "not a result of backscan: an object with \"schema_version\": 1 is wanted"});
  ScanResult result;
  std::string problem;
  read_tool(document, result.scan, problem);
  const auto read_list = [&](const char* key, std::string_view type) {
    const auto list = member_of(document, key);
    if (!list || !list->is_array()) return;
    std::size_t index = 0;
    for (const JsonValue item : simdjson::dom::array(*list)) {
      read_record(type, item, result, problem);
      if (!problem.empty()) {
        problem = key + ("[" + std::to_string(index) + "]: ") + problem;
        return;
      }
      ++index;
    }
  };
  read_list("findings", "finding");
  read_list("listings", "listing");
  read_list("audit", "audit");
  read_list("senders", "sender");
  read_list("errors", "error");
  if (const auto mail = member_of(document, "mail"); mail && mail->is_object())
    read_record("mail", *mail, result, problem);
  if (const auto history = member_of(document, "history"); history && history->is_object())
    read_record("history", *history, result, problem);
  if (const auto scan = member_of(document, "scan")) read_record("scan", *scan, result, problem);
  if (const auto summary = member_of(document, "summary"))
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
  Parser parser(name);
  std::string text;
  std::getline(in, text);
  // One object a line is jsonl; anything else is read whole.
  if (const auto first = parser.record(text); first && !type_of(*first).empty())
    return read_lines(*first, in, name, parser, take);
  text += "\n";
  text.append(std::istreambuf_iterator<char>(in), {});
  if (trim(text).empty()) return std::unexpected(Error{name, "is empty"});
  const auto document = parser.parse(text, 1);
  if (!document) return std::unexpected(document.error());
  return read_document(*document, name, take);
}

}  // namespace backscan::report

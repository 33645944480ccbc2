// Checks and conversions; what the fields mean is read_records.cc's business.
#include "report/json_fields.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "model/time_text.h"

namespace backscan::report {

namespace {

std::optional<simdjson::dom::object> object_in(const JsonValue& value) {
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return std::nullopt;
  return object;
}

}  // namespace

std::optional<std::string_view> text_in(const JsonValue& value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::optional<std::uint64_t> number_in(const JsonValue& value) {
  std::uint64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

JsonFields::JsonFields(const JsonValue& record, std::string& problem)
    : record_(object_in(record)), problem_(problem) {
  if (record_)
    next_ = record_->begin();
  else if (problem_.empty())
    problem_ = "a record must be an object";
}

JsonFields::JsonFields(const simdjson::dom::object& record, std::string& problem)
    : record_(record), problem_(problem), next_(record.begin()) {}

void JsonFields::complain(std::string_view key, const std::string& reason) {
  if (problem_.empty()) problem_ = "\"" + std::string(key) + "\": " + reason;
}

std::optional<JsonValue> JsonFields::member(std::string_view key) {
  if (!record_) return std::nullopt;
  // Records are read in the order in which they were written: the next member is the likely one.
  const auto start = next_;
  const auto end = record_->end();
  const auto find = [&](auto from, auto to) -> std::optional<JsonValue> {
    for (auto it = from; it != to; ++it) {
      if (it.key() != key) continue;
      const JsonValue value = it.value();
      next_ = it;
      ++next_;
      return value;
    }
    return std::nullopt;
  };
  auto found = find(start, end);
  if (!found) found = find(record_->begin(), start);
  if (!found || found->is_null()) return std::nullopt;
  return found;
}

std::string_view JsonFields::view(std::string_view key) {
  const auto value = member(key);
  if (!value) return {};
  if (const auto found = text_in(*value)) return *found;
  complain(key, "must be a string");
  return {};
}

void JsonFields::text(std::string_view key, std::string& target) {
  const auto value = member(key);
  if (!value) return;
  if (const auto found = text_in(*value))
    target = *found;
  else
    complain(key, "must be a string");
}

void JsonFields::text(std::string_view key, std::optional<std::string>& target) {
  const auto value = member(key);
  if (!value) return;
  target = text_in(*value);
  if (!target) complain(key, "must be a string");
}

void JsonFields::texts(std::string_view key, std::vector<std::string>& target) {
  const auto values = array(key);
  if (!values) return;
  target.reserve(std::min<std::size_t>(values->size(), 64));
  for (const JsonValue value : *values) {
    const auto text = text_in(value);
    if (!text) return complain(key, "must hold strings only");
    target.emplace_back(*text);
  }
}

void JsonFields::path(std::string_view key, std::string& target) {
  text(key, target);
  const std::string encoded_key = std::string(key) + "_base64";
  std::optional<std::string> encoded;
  text(encoded_key, encoded);
  if (!encoded) return;
  if (const auto bytes = base64_decode(*encoded))
    target = *bytes;
  else
    complain(encoded_key, "is not base64");
}

void JsonFields::flag(std::string_view key, bool& target) {
  const auto value = member(key);
  if (value && value->get(target) != simdjson::SUCCESS) complain(key, "must be true or false");
}

void JsonFields::number(std::string_view key, std::uint64_t& target, std::uint64_t maximum) {
  const auto value = member(key);
  if (!value) return;
  const auto found = number_in(*value);
  if (!found || *found > maximum)
    return complain(key, "must be a whole number from 0 to " + std::to_string(maximum));
  target = *found;
}

void JsonFields::seconds(std::string_view key, double& target) {
  const auto value = member(key);
  if (!value) return;
  double found = -1;
  if (value->get(found) != simdjson::SUCCESS || !std::isfinite(found) || found < 0)
    return complain(key, "must be a number of seconds");
  target = found;
}

void JsonFields::time(std::string_view key, std::optional<Time>& target) {
  const std::string_view spelled = view(key);
  if (spelled.empty()) return;
  if (const auto time = parse_time(spelled))
    target = *time;
  else
    complain(key, "must be an RFC 3339 time");
}

void JsonFields::counts(std::string_view key, std::map<std::string, std::uint64_t>& target) {
  const auto values = object(key);
  if (!values) return;
  for (const auto& [name, value] : *values) {
    const auto count = number_in(value);
    if (!count) return complain(key, "must hold whole numbers only");
    target[std::string(name)] = *count;
  }
}

std::optional<simdjson::dom::object> JsonFields::object(std::string_view key) {
  const auto value = member(key);
  if (!value) return std::nullopt;
  const auto object = object_in(*value);
  if (!object) complain(key, "must be an object");
  return object;
}

std::optional<simdjson::dom::array> JsonFields::array(std::string_view key) {
  const auto value = member(key);
  if (!value) return std::nullopt;
  simdjson::dom::array array;
  if (value->get(array) == simdjson::SUCCESS) return array;
  complain(key, "must be an array");
  return std::nullopt;
}

}  // namespace backscan::report

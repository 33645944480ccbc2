// Checks and conversions; what the fields mean is read_records.cc's business.
#include "report/json_fields.h"

#include <cmath>

#include "base/text.h"
#include "model/time_text.h"

namespace backscan::report {

JsonFields::JsonFields(const Json& record, std::string& problem)
    : record_(record), problem_(problem) {
  if (!record.is_object() && problem_.empty()) problem_ = "a record must be an object";
}

void JsonFields::complain(std::string_view key, const std::string& reason) {
  if (problem_.empty()) problem_ = "\"" + std::string(key) + "\": " + reason;
}

const Json* JsonFields::member(std::string_view key) const {
  if (!record_.is_object()) return nullptr;
  // Records are read in the order in which they were written: the next member is the likely one.
  const auto& members = record_.get_ref<const Json::object_t&>();
  const std::size_t size = members.size();
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t at = next_ + i < size ? next_ + i : next_ + i - size;
    const auto& [name, value] = *(members.begin() + static_cast<std::ptrdiff_t>(at));
    if (name != key) continue;
    next_ = at + 1 < size ? at + 1 : 0;
    return value.is_null() ? nullptr : &value;
  }
  return nullptr;
}

void JsonFields::text(std::string_view key, std::string& target) {
  const Json* value = member(key);
  if (value == nullptr) return;
  if (value->is_string())
    target = value->get_ref<const std::string&>();
  else
    complain(key, "must be a string");
}

void JsonFields::text(std::string_view key, std::optional<std::string>& target) {
  if (member(key) != nullptr) text(key, target.emplace());
}

void JsonFields::texts(std::string_view key, std::vector<std::string>& target) {
  const Json* values = array(key);
  if (values == nullptr) return;
  for (const Json& value : *values) {
    if (!value.is_string()) return complain(key, "must hold strings only");
    target.push_back(value.get_ref<const std::string&>());
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
  const Json* value = member(key);
  if (value == nullptr) return;
  if (value->is_boolean())
    target = value->get<bool>();
  else
    complain(key, "must be true or false");
}

void JsonFields::number(std::string_view key, std::uint64_t& target, std::uint64_t maximum) {
  const Json* value = member(key);
  if (value == nullptr) return;
  if (!value->is_number_unsigned() || value->get<std::uint64_t>() > maximum)
    return complain(key, "must be a whole number from 0 to " + std::to_string(maximum));
  target = value->get<std::uint64_t>();
}

void JsonFields::seconds(std::string_view key, double& target) {
  const Json* value = member(key);
  if (value == nullptr) return;
  const double number = value->is_number() ? value->get<double>() : -1;
  if (!std::isfinite(number) || number < 0) return complain(key, "must be a number of seconds");
  target = number;
}

void JsonFields::time(std::string_view key, std::optional<Time>& target) {
  std::string spelled;
  text(key, spelled);
  if (spelled.empty()) return;
  if (const auto time = parse_time(spelled))
    target = *time;
  else
    complain(key, "must be an RFC 3339 time");
}

void JsonFields::counts(std::string_view key, std::map<std::string, std::uint64_t>& target) {
  const Json* values = object(key);
  if (values == nullptr) return;
  for (const auto& [name, value] : values->items()) {
    if (!value.is_number_unsigned()) return complain(key, "must hold whole numbers only");
    target[name] = value.get<std::uint64_t>();
  }
}

const Json* JsonFields::object(std::string_view key) {
  const Json* value = member(key);
  if (value != nullptr && !value->is_object()) {
    complain(key, "must be an object");
    return nullptr;
  }
  return value;
}

const Json* JsonFields::array(std::string_view key) {
  const Json* value = member(key);
  if (value != nullptr && !value->is_array()) {
    complain(key, "must be an array");
    return nullptr;
  }
  return value;
}

}  // namespace backscan::report

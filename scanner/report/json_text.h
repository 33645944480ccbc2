// JSON written straight into a report's text. A tree of nlohmann values for each of 200,000 findings
// costs more time than reading them; the records that are few keep that library.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace backscan::report {

class JsonText {
 public:
  explicit JsonText(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  /// The name of the next value; one of our own, so that it needs no escape.
  void key(std::string_view name);

  /// Bytes that are not UTF-8 become U+FFFD.
  void value(std::string_view text);
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::unsigned_integral auto number) { write_number(number); }
  void value(int number);
  void value(const std::optional<Time>& time);
  void value(const std::optional<std::string>& text);
  void value(const std::vector<std::string>& texts);
  void null();

  template <typename Value>
  void member(std::string_view name, const Value& content) {
    key(name);
    value(content);
  }
  /// null for an empty text: unknown.
  void text_or_null(std::string_view name, std::string_view text);
  /// null for 0: no such place.
  void number_or_null(std::string_view name, std::size_t number);
  /// `name`, and `name`_base64 with the exact bytes where they are not UTF-8.
  void path(std::string_view name, std::string_view path);

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void write_number(std::uint64_t number);

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace backscan::report

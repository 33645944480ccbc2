// Whether a decoded text reads like a program or a page.
#include "php/unpack_readable.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace backscan::php {
namespace {

constexpr std::size_t kShortest = 24;
constexpr std::size_t kLongestLooked = 16u << 10;

// Half of the words of a language are found in any of its programs.
constexpr auto kPhpWords = std::to_array<std::string_view>({
    "$_POST", "$_GET", "$_SERVER", "$_REQUEST", "$_COOKIE", "function ", "eval(", "base64_decode(",
    "gzinflate(", "return ", "echo ", "if(", "if (", "mail(", "isset(", "array(", "foreach", "= '",
    "='", "=\"", "= \"", "();", "');", "\");", "$this->", "include", "error_reporting(", "@ini_set"});

bool is_printable(std::string_view text) {
  std::size_t odd = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') ++odd;
  }
  return odd * 50 <= text.size();
}

std::size_t count_words(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      kPhpWords, [text](std::string_view word) { return text.find(word) != text.npos; }));
}

}  // namespace

bool is_bare_php(std::string_view text) {
  const std::string_view head = text.substr(0, kLongestLooked);
  if (head.starts_with("#!")) return false;  // Perl has dollars and semicolons as well
  if (head.find('$') == head.npos && head.find('(') == head.npos) return false;
  if (head.find(';') == head.npos) return false;
  return count_words(head) >= (head.find('$') == head.npos ? 3u : 2u);
}

bool is_readable_program(std::string_view text) {
  if (text.size() < kShortest) return false;
  const std::string_view head = text.substr(0, kLongestLooked);
  if (!is_printable(head)) return false;
  if (head.find("<?php") != head.npos || head.find("<?=") != head.npos || head.starts_with("<?"))
    return true;
  if (head.starts_with("#!/")) return true;
  const std::string lower = ascii_lower(head.substr(0, 4096));
  for (const std::string_view tag : {"<script", "<html", "<form", "<body", "<iframe", "<!doctype"})
    if (lower.find(tag) != lower.npos) return true;
  return is_bare_php(head);
}

}  // namespace backscan::php

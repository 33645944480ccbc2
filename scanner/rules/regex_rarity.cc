// Adding up bits (regex_rarity.h).
#include "rules/regex_rarity.h"

#include <algorithm>
#include <cmath>

#include "rules/regex_literals.h"

namespace backscan::rules {
namespace {

using Kind = RegexNode::Kind;

constexpr double kRareShape = 28;  // bits of a pattern without a literal
constexpr double kPrintable = 96;
constexpr double kLetterBits = 4;
constexpr double kFirstLetters = 3;      // of a word, that tell as much as letters can
constexpr double kFurtherLetterBits = 0.5;
constexpr std::uint32_t kMaxCopies = 32;  // of a repeat

/// The same letter in both cases, or in one.
bool is_letter(const ByteSet& bytes) {
  if (bytes.count() > 2) return false;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const unsigned lower = byte | 0x20u;
    if (bytes[byte] && byte != '_' && (lower < 'a' || lower > 'z')) return false;
  }
  return bytes.any();
}

class BitCounter {
 public:
  void add(const RegexNode& node) {
    switch (node.kind) {
      case Kind::kBytes:
        return add_bytes(node.bytes);
      case Kind::kConcat:
        for (const RegexNode& child : node.children) add(child);
        return;
      case Kind::kAlternate:
        return add_alternate(node);
      case Kind::kRepeat:
        return add_repeat(node);
      default:
        return;
    }
  }
  [[nodiscard]] double bits() const { return bits_; }

 private:
  void add_bytes(const ByteSet& bytes) {
    if (is_letter(bytes)) {
      bits_ += letters_ < kFirstLetters ? kLetterBits : kFurtherLetterBits;
      ++letters_;
      return;
    }
    letters_ = 0;
    bits_ += std::max(0.0, std::log2(kPrintable / static_cast<double>(std::max<std::size_t>(1, bytes.count()))));
  }

  void add_alternate(const RegexNode& node) {
    double least = -1;
    for (const RegexNode& child : node.children) {
      const double bits = rarity_of(child);
      if (least < 0 || bits < least) least = bits;
    }
    bits_ += std::max(0.0, least);
    letters_ = 0;
  }

  void add_repeat(const RegexNode& node) {
    if (node.min == 0) {
      letters_ = 0;
      return;
    }
    bits_ += rarity_of(node.children.front()) * std::min(node.min, kMaxCopies);
    letters_ = 0;
  }

  double bits_ = 0;
  double letters_ = 0;  // in a row
};

}  // namespace

double rarity_of(const RegexNode& regex) {
  BitCounter counter;
  counter.add(regex);
  return counter.bits();
}

bool is_telling(const RegexNode& regex) {
  return !required_literals(regex, 4).empty() || required_run(regex) >= kLongRun ||
         rarity_of(regex) >= kRareShape;
}

}  // namespace backscan::rules

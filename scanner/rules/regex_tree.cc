// A recursive-descent reader of RE2's syntax (regex_tree.h).
#include "rules/regex_tree.h"

#include <fmt/format.h>

#include <optional>

#include "rules/regex_class.h"

namespace backscan::rules {
namespace {

constexpr std::size_t kMaxNesting = 100;

struct Flags {
  bool fold = false;
  bool multi_line = false;
  bool dot_all = false;
};

class Parser {
 public:
  explicit Parser(std::string_view pattern) : text_(pattern) {}

  Result<RegexNode> parse() {
    Flags flags;
    RegexNode root = alternation(flags, 0);
    if (at_ < text_.size()) fail("unexpected )");
    if (!failure_.empty()) return std::unexpected(Error{"", failure_});
    return root;
  }

 private:
  using Kind = RegexNode::Kind;

  void fail(std::string why) {
    if (failure_.empty()) failure_ = std::move(why);
    at_ = text_.size();
  }
  [[nodiscard]] bool more() const { return at_ < text_.size(); }
  [[nodiscard]] bool peek(std::string_view what) const {
    return text_.substr(at_).starts_with(what);
  }
  bool take(std::string_view what) {
    if (!peek(what)) return false;
    at_ += what.size();
    return true;
  }

  /// `flags` change for what follows inside the same group, so they are handed on by reference.
  RegexNode alternation(Flags flags, std::size_t depth) {
    if (depth > kMaxNesting) fail("groups are nested too deeply");
    RegexNode choice{.kind = Kind::kAlternate};
    do {
      choice.children.push_back(concatenation(flags, depth));
    } while (take("|"));
    if (choice.children.size() == 1) return std::move(choice.children.front());
    return choice;
  }

  RegexNode concatenation(Flags& flags, std::size_t depth) {
    RegexNode sequence{.kind = Kind::kConcat};
    while (more() && !peek("|") && !peek(")")) {
      if (take("\\Q")) {
        quoted(flags, sequence);
        continue;
      }
      auto atom = read_atom(flags, depth);
      if (!atom) continue;
      while (auto repeat = read_repeat()) {
        repeat->children.push_back(std::move(*atom));
        atom = std::move(repeat);
      }
      sequence.children.push_back(std::move(*atom));
    }
    if (sequence.children.empty()) return {};
    if (sequence.children.size() == 1) return std::move(sequence.children.front());
    return sequence;
  }

  void quoted(const Flags& flags, RegexNode& sequence) {
    while (more() && !take("\\E"))
      sequence.children.push_back(one_byte(static_cast<unsigned char>(text_[at_++]), flags));
  }

  RegexNode one_byte(unsigned char byte, const Flags& flags) {
    RegexNode node{.kind = Kind::kBytes};
    node.bytes.set(byte);
    if (flags.fold) node.bytes = folded(node.bytes);
    return node;
  }

  ByteSet folded(const ByteSet& bytes) {
    const ByteSet wider = fold_case(bytes);
    if ((wider ^ bytes) >> 128 != ByteSet())
      fail("letters beyond ASCII in a case-insensitive pattern");
    return wider;
  }

  /// Nothing for a flag group such as `(?i)`, which is no atom.
  std::optional<RegexNode> read_atom(Flags& flags, std::size_t depth) {
    const char c = text_[at_++];
    switch (c) {
      case '(':
        return read_group(flags, depth);
      case '[':
        return read_bracket(flags);
      case '\\':
        return read_escape(flags);
      case '.': {
        RegexNode any{.kind = Kind::kBytes};
        any.bytes.set();
        if (!flags.dot_all) any.bytes.reset('\n');
        return any;
      }
      case '^':
        return RegexNode{.kind = flags.multi_line ? Kind::kLineBegin : Kind::kTextBegin};
      case '$':
        return RegexNode{.kind = flags.multi_line ? Kind::kLineEnd : Kind::kTextEnd};
      default:
        return one_byte(static_cast<unsigned char>(c), flags);
    }
  }

  std::optional<RegexNode> read_group(Flags& flags, std::size_t depth) {
    Flags inner = flags;
    if (take("?P<")) {
      while (more() && !take(">")) ++at_;
    } else if (take("?")) {
      if (!read_flags(inner)) return std::nullopt;
      if (take(")")) {
        flags = inner;
        return std::nullopt;
      }
      if (!take(":")) fail("unknown group");
    }
    RegexNode group = alternation(inner, depth + 1);
    if (!take(")")) fail("missing )");
    return group;
  }

  bool read_flags(Flags& flags) {
    bool value = true;
    while (more() && !peek(")") && !peek(":")) {
      switch (text_[at_++]) {
        case '-':
          value = false;
          break;
        case 'i':
          flags.fold = value;
          break;
        case 'm':
          flags.multi_line = value;
          break;
        case 's':
          flags.dot_all = value;
          break;
        case 'U':
          fail("(?U) is not for rules");
          return false;
        default:
          fail("unknown flag");
          return false;
      }
    }
    return true;
  }

  RegexNode read_bracket(const Flags& flags) {
    RegexNode node{.kind = Kind::kBytes};
    auto bracket = read_byte_class(text_, at_);
    if (!bracket) {
      fail(bracket.error().reason);
      return node;
    }
    node.bytes = flags.fold ? folded(bracket->bytes) : bracket->bytes;
    if (bracket->is_negated) node.bytes.flip();
    return node;
  }

  RegexNode read_escape(const Flags& flags) {
    if (take("A")) return {.kind = Kind::kTextBegin};
    if (take("z")) return {.kind = Kind::kTextEnd};
    if (take("b")) return {.kind = Kind::kWordBoundary};
    if (take("B")) return {.kind = Kind::kNotWordBoundary};
    RegexNode node{.kind = Kind::kBytes};
    if (more()) {
      if (const auto set = perl_class(text_[at_])) {
        ++at_;
        node.bytes = *set;
        return node;
      }
    }
    const auto byte = read_escaped_byte(text_, at_);
    if (!byte) {
      fail(byte.error().reason);
      return node;
    }
    return one_byte(*byte, flags);
  }

  std::optional<RegexNode> read_repeat() {
    RegexNode repeat{.kind = Kind::kRepeat};
    if (take("*")) {
      repeat.max = RegexNode::kUnbounded;
    } else if (take("+")) {
      repeat.min = 1;
      repeat.max = RegexNode::kUnbounded;
    } else if (take("?")) {
      repeat.max = 1;
    } else if (!peek("{") || !read_counts(repeat)) {
      return std::nullopt;
    }
    (void)take("?");  // lazy or greedy: the same texts match
    return repeat;
  }

  /// `{n}`, `{n,}`, `{n,m}`; anything else after '{' is a literal brace, as in RE2.
  bool read_counts(RegexNode& repeat) {
    std::size_t at = at_ + 1;
    const auto number = [&](std::uint32_t& value) {
      const std::size_t begin = at;
      value = 0;
      while (at < text_.size() && text_[at] >= '0' && text_[at] <= '9' && at - begin < 6)
        value = value * 10 + static_cast<std::uint32_t>(text_[at++] - '0');
      return at > begin;
    };
    if (!number(repeat.min)) return false;
    repeat.max = repeat.min;
    if (at < text_.size() && text_[at] == ',') {
      ++at;
      if (!number(repeat.max)) repeat.max = RegexNode::kUnbounded;
    }
    if (at >= text_.size() || text_[at] != '}') return false;
    at_ = at + 1;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string failure_;
};

}  // namespace

Result<RegexNode> parse_regex(std::string_view pattern) {
  return Parser(pattern).parse();
}

ByteSet fold_case(const ByteSet& bytes) {
  ByteSet folded = bytes;
  const auto pair = [&](unsigned upper, unsigned lower) {
    if (bytes[upper] || bytes[lower]) {
      folded.set(upper);
      folded.set(lower);
    }
  };
  for (unsigned c = 'A'; c <= 'Z'; ++c) pair(c, c + 32);
  // À to Þ without the multiplication sign.
  for (unsigned c = 0xC0; c <= 0xDE; ++c)
    if (c != 0xD7) pair(c, c + 32);
  return folded;
}

}  // namespace backscan::rules

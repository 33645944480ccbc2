#include "xml_check.h"

#include <vector>

#include "base/text.h"

namespace backscan::test {
namespace {

constexpr std::string_view kEntities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

class XmlChecker {
 public:
  explicit XmlChecker(std::string_view xml) : rest_(xml) {}

  std::string check() {
    if (!is_utf8(rest_)) return "not UTF-8";
    if (!skip("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")) return problem("no declaration");
    while (!rest_.empty() && problem_.empty()) {
      if (rest_.front() == '<')
        tag();
      else
        character(open_.empty() ? "\n" : "");
    }
    if (problem_.empty() && !open_.empty()) return problem("not closed: " + open_.back());
    return problem_;
  }

 private:
  bool skip(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  std::string problem(std::string what) {
    if (problem_.empty()) problem_ = what + " at \"" + std::string(rest_.substr(0, 40)) + '"';
    return problem_;
  }
  std::string name() {
    const std::size_t end = rest_.find_first_not_of("abcdefghijklmnopqrstuvwxyz-");
    const std::string found(rest_.substr(0, end));
    rest_.remove_prefix(found.size());
    if (found.empty()) problem("no name");
    return found;
  }
  /// One character of text or of a value; only those of `allowed` where it is not empty.
  void character(std::string_view allowed) {
    const char c = rest_.front();
    if (!allowed.empty() && allowed.find(c) == std::string_view::npos)
      return void(problem("text outside of the root"));
    if (c == '&') {
      for (const std::string_view entity : kEntities)
        if (skip(entity)) return;
      return void(problem("bad entity"));
    }
    if (c == '<' || c == '"' || (static_cast<unsigned char>(c) < 0x20 && c != '\n'))
      return void(problem("bad character"));
    rest_.remove_prefix(1);
  }
  void tag() {
    skip("<");
    if (skip("/")) {
      const std::string closed = name();
      if (open_.empty() || open_.back() != closed) return void(problem("closes another"));
      open_.pop_back();
      if (!skip(">")) problem("no >");
      return;
    }
    open_.push_back(name());
    while (skip(" ") && problem_.empty()) {
      name();
      if (!skip("=\"")) return void(problem("no value"));
      while (!rest_.empty() && rest_.front() != '"' && problem_.empty()) character("");
      if (!skip("\"")) return void(problem("value not closed"));
    }
    if (skip("/>"))
      open_.pop_back();
    else if (!skip(">"))
      problem("tag not closed");
  }

  std::string_view rest_;
  std::vector<std::string> open_;
  std::string problem_;
};

}  // namespace

std::string xml_problem(std::string_view xml) { return XmlChecker(xml).check(); }

}  // namespace backscan::test

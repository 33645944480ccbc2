// Running compiled YARA rules (yara_scanner.h). Head and tail of a file that was not read whole are two
// memory blocks at their own offsets, so that `filesize`, `at` and `in` mean the file on disk.
#include "external/yara_scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "external/yara_library.h"

namespace backscan::external {

#ifdef BACKSCAN_WITH_YARA

namespace {

/// At most two blocks, handed to libyara one after the other.
class Blocks {
 public:
  explicit Blocks(const YaraInput& input) : input_(input) {
    iterator_.context = this;
    iterator_.first = [](YR_MEMORY_BLOCK_ITERATOR* it) { return self(it).at(0); };
    iterator_.next = [](YR_MEMORY_BLOCK_ITERATOR* it) {
      Blocks& blocks = self(it);
      return blocks.at(blocks.index_ + 1);
    };
    iterator_.file_size = [](YR_MEMORY_BLOCK_ITERATOR* it) { return self(it).input_.size_bytes; };
    iterator_.last_error = ERROR_SUCCESS;
  }
  Blocks(const Blocks&) = delete;
  [[nodiscard]] YR_MEMORY_BLOCK_ITERATOR* iterator() { return &iterator_; }

 private:
  static Blocks& self(YR_MEMORY_BLOCK_ITERATOR* it) { return *static_cast<Blocks*>(it->context); }

  YR_MEMORY_BLOCK* at(std::size_t index) {
    index_ = index;
    iterator_.last_error = ERROR_SUCCESS;
    // Also the empty file is a block: rules may ask for nothing but its size.
    const bool is_there = index == 0 || (index == 1 && !input_.tail.empty());
    if (!is_there) return nullptr;
    const std::string_view text = index == 0 ? input_.bytes : input_.tail;
    block_ = {.size = text.size(),
              .base = index == 0 ? 0 : input_.tail_offset,
              .context = const_cast<char*>(text.data()),  // NOLINT: libyara only reads
              .fetch_data = [](YR_MEMORY_BLOCK* block) {
                return static_cast<const std::uint8_t*>(block->context);
              }};
    if (text.data() == nullptr) block_.context = &kNothing;
    return &block_;
  }

  static inline char kNothing = 0;
  const YaraInput& input_;
  YR_MEMORY_BLOCK_ITERATOR iterator_{};
  YR_MEMORY_BLOCK block_{};
  std::size_t index_ = 0;
};

}  // namespace

struct YaraScanner::Impl {
  explicit Impl(const YaraRules& compiled) : rules(compiled), yara(*yara_library().value()) {
    if (const int error = yara.scanner_create(rules.compiled(), &scanner); error != ERROR_SUCCESS) {
      scanner = nullptr;
      verdict.failure = yara_error_text(error);
      return;
    }
    // One match of a string is enough wherever its rule does not count them. The handlers that
    // libyara sets for bad memory would be the whole process's; all memory here is ours.
    yara.scanner_set_flags(scanner, SCAN_FLAGS_FAST_MODE | SCAN_FLAGS_NO_TRYCATCH |
                                        SCAN_FLAGS_REPORT_RULES_MATCHING);
    yara.scanner_set_callback(scanner, on_message, this);
  }
  Impl(const Impl&) = delete;
  ~Impl() {
    if (scanner != nullptr) yara.scanner_destroy(scanner);
  }

  static int on_message(YR_SCAN_CONTEXT* context, int message, void* data, void* user_data) {
    auto& self = *static_cast<Impl*>(user_data);
    if (message == CALLBACK_MSG_RULE_MATCHING) self.add_hit(context, static_cast<YR_RULE*>(data));
    if (message == CALLBACK_MSG_TOO_MANY_MATCHES)
      self.add_limited(*static_cast<YR_STRING*>(data));
    return CALLBACK_CONTINUE;
  }

  void add_hit(YR_SCAN_CONTEXT* context, const YR_RULE* rule) {
    const auto index = static_cast<std::size_t>(rule - rules.compiled()->rules_table);
    if (!rules.is_wanted(index)) return;
    YaraHit hit{.rule = static_cast<std::uint32_t>(index)};
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    const YR_STRING* string = nullptr;
    yr_rule_strings_foreach(rule, string) {
      // libyara keeps its matches behind each other, aligned or not.
      for (const void* at = context->matches[string->idx].head; at != nullptr;) {
        YR_MATCH match;
        std::memcpy(&match, at, sizeof match);
        at = match.next;
        const std::int64_t offset = match.base + match.offset;
        if (match.is_private || offset >= first) continue;
        first = offset;
        hit.has_place = true;
        hit.offset = static_cast<std::uint64_t>(offset);
        hit.length = static_cast<std::uint32_t>(std::max(0, match.match_length));
      }
    }
    verdict.hits.push_back(hit);
  }

  void add_limited(const YR_STRING& string) {
    verdict.limited.push_back(
        fmt::format("{} of {}", string.identifier, rules.rules()[string.rule_idx].id));
  }

  const YaraRules& rules;
  const YaraLibrary& yara;
  YR_SCANNER* scanner = nullptr;
  YaraVerdict verdict;
};

YaraScanner::YaraScanner(const YaraRules& rules) : impl_(std::make_unique<Impl>(rules)) {}

void YaraScanner::set_place(const YaraPlace& place) {
  if (impl_->scanner == nullptr) return;
  const std::array values = {&place.filename, &place.filepath, &place.extension, &place.filetype,
                             &place.owner};
  static_assert(values.size() == std::size(kYaraVariables));
  for (std::size_t i = 0; i < values.size(); ++i)
    impl_->yara.scanner_define_string(impl_->scanner, kYaraVariables[i], values[i]->c_str());
}

const YaraVerdict& YaraScanner::scan(const YaraInput& input, std::chrono::milliseconds limit) {
  Impl& m = *impl_;
  if (m.scanner == nullptr) return m.verdict;
  m.verdict = {};
  // The setter takes whole seconds only; zero would be no limit at all.
  m.scanner->timeout = static_cast<std::uint64_t>(
      std::max<std::int64_t>(1, std::chrono::nanoseconds(limit).count()));
  Blocks blocks(input);
  const int error = m.yara.scanner_scan_blocks(m.scanner, blocks.iterator());
  m.verdict.is_out_of_time = error == ERROR_SCAN_TIMEOUT;
  if (error != ERROR_SUCCESS) m.verdict.failure = yara_error_text(error);
  std::ranges::sort(m.verdict.hits, {}, &YaraHit::rule);
  return m.verdict;
}

#else

struct YaraScanner::Impl {
  YaraVerdict verdict{.failure = "built without libyara"};
};
YaraScanner::YaraScanner(const YaraRules&) : impl_(std::make_unique<Impl>()) {}
void YaraScanner::set_place(const YaraPlace&) {}
const YaraVerdict& YaraScanner::scan(const YaraInput&, std::chrono::milliseconds) {
  return impl_->verdict;
}

#endif

YaraScanner::YaraScanner(YaraScanner&&) noexcept = default;
YaraScanner::~YaraScanner() = default;

}  // namespace backscan::external

// Every refusal names the text and says what would do.
#include "cli/values.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

namespace backscan::cli {
namespace {

std::unexpected<Error> refuse(std::string_view text, std::string reason) {
  return std::unexpected(Error{std::string(text), std::move(reason)});
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> number_in(const Variable& variable, const char* name) {
  const auto text = variable(name);
  return text ? whole_number(*text) : std::nullopt;
}

struct ArrayTask {
  std::optional<std::uint64_t> k;
  std::optional<std::uint64_t> n;
};

/// Slurm numbers tasks from any start in any step; Kubernetes from 0, and does not tell how many.
ArrayTask array_task(const Variable& variable) {
  if (const auto id = number_in(variable, "SLURM_ARRAY_TASK_ID")) {
    const std::uint64_t first = number_in(variable, "SLURM_ARRAY_TASK_MIN").value_or(0);
    const std::uint64_t step = number_in(variable, "SLURM_ARRAY_TASK_STEP").value_or(1);
    if (*id < first || step == 0) return {};
    return {(*id - first) / step + 1, number_in(variable, "SLURM_ARRAY_TASK_COUNT")};
  }
  if (const auto index = number_in(variable, "JOB_COMPLETION_INDEX")) return {*index + 1, {}};
  return {};
}

template <typename Enum, std::size_t N>
Result<Enum> parse_word(const std::array<std::string_view, N>& names, std::string_view text) {
  if (const auto value = parse_name<Enum>(names, text)) return *value;
  return refuse(text, fmt::format("must be one of {}", fmt::join(names, ", ")));
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  constexpr std::string_view kUnits = "kmgt";
  std::string_view digits = text;
  std::uint64_t shift = 0;
  if (!digits.empty()) {
    const char last = digits.back();
    const char lower = last >= 'A' && last <= 'Z' ? static_cast<char>(last + 32) : last;
    if (const std::size_t unit = kUnits.find(lower); unit != std::string_view::npos) {
      shift = 10 * (unit + 1);
      digits.remove_suffix(1);
    }
  }
  const auto number = whole_number(digits);
  if (!number || *number > (UINT64_MAX >> 1 >> shift))
    return refuse(text, "not a size; write 4096, 512k, 64M or 1G");
  return *number << shift;
}

Result<Time> parse_age(std::string_view text, Time now) {
  if (const auto age = parse_duration(text)) return now - *age;
  if (const auto time = parse_time(text)) return *time;
  return refuse(text, "neither an age (12h, 7d) nor a time (2026-11-03T17:43:00Z)");
}

Result<walk::Shard> parse_shard(std::string_view text, const Variable& variable) {
  const std::size_t slash = text.find('/');
  const std::string_view first = text.substr(0, slash);
  ArrayTask task;
  if (first == "auto")
    task = array_task(variable);
  else
    task.k = whole_number(first);
  if (slash != std::string_view::npos) task.n = whole_number(text.substr(slash + 1));
  if (first == "auto" && (!task.k || !task.n))
    return refuse(text, task.k ? "the environment does not tell how many parts; write auto/N"
                               : "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set");
  if (!task.k || !task.n || *task.k == 0 || *task.k > *task.n || *task.n > UINT32_MAX)
    return refuse(text, "not a part; write K/N with K from 1 to N");
  return walk::Shard{static_cast<std::uint32_t>(*task.k), static_cast<std::uint32_t>(*task.n)};
}

std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return value;
}

Result<Output> parse_output(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals + 1 == text.size())
    return refuse(text, "write FORMAT=FILE");
  const auto format = parse_format(text.substr(0, equals));
  if (!format) return std::unexpected(format.error());
  return Output{*format, std::string(text.substr(equals + 1))};
}

Result<report::Format> parse_format(std::string_view text) {
  return parse_word<report::Format>(report::kFormatNames, text);
}

Result<Severity> parse_severity_flag(std::string_view text) {
  return parse_word<Severity>(kSeverityNames, text);
}

Result<Confidence> parse_confidence_flag(std::string_view text) {
  return parse_word<Confidence>(kConfidenceNames, text);
}

}  // namespace backscan::cli

// The closed vocabularies of CONTRACT.md: severity, confidence, causes; with their spelling.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace backscan {

enum class Severity : std::uint8_t { kInfo, kLow, kMedium, kHigh, kCritical };
enum class Confidence : std::uint8_t { kLow, kMedium, kHigh };
/// What a finding makes the server do. `kNone`: nothing a DNSBL lists for.
enum class Cause : std::uint8_t { kSpam, kBounce, kAutoreply, kCallout, kNone };

inline constexpr std::array<std::string_view, 5> kSeverityNames = {"info", "low", "medium", "high",
                                                                   "critical"};
inline constexpr std::array<std::string_view, 3> kConfidenceNames = {"low", "medium", "high"};
inline constexpr std::array<std::string_view, 5> kCauseNames = {"spam", "bounce", "autoreply",
                                                                "callout", "none"};

[[nodiscard]] constexpr std::string_view name_of(Severity s) {
  return kSeverityNames[static_cast<std::size_t>(s)];
}
[[nodiscard]] constexpr std::string_view name_of(Confidence c) {
  return kConfidenceNames[static_cast<std::size_t>(c)];
}
[[nodiscard]] constexpr std::string_view name_of(Cause c) {
  return kCauseNames[static_cast<std::size_t>(c)];
}

/// The enumerator spelled `name`, or nothing. `Enum` is one of the three above.
template <typename Enum, std::size_t N>
[[nodiscard]] constexpr std::optional<Enum> parse_name(
    const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}
[[nodiscard]] constexpr std::optional<Severity> parse_severity(std::string_view name) {
  return parse_name<Severity>(kSeverityNames, name);
}
[[nodiscard]] constexpr std::optional<Confidence> parse_confidence(std::string_view name) {
  return parse_name<Confidence>(kConfidenceNames, name);
}
[[nodiscard]] constexpr std::optional<Cause> parse_cause(std::string_view name) {
  return parse_name<Cause>(kCauseNames, name);
}

}  // namespace backscan

// What a flag's text means: sizes, ages, shards, outputs. Apart from the flags so that every command
// reads the same spelling in the same way.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/severity.h"
#include "model/time_text.h"
#include "report/report.h"
#include "walk/walk.h"

namespace backscan::cli {

/// "64M", "512k", "1G", "4096": bytes, units of 1,024.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);

/// "7d" before `now`, or a time (model/time_text.h).
[[nodiscard]] Result<Time> parse_age(std::string_view text, Time now);

/// "3/8"; "auto" takes both numbers from a Slurm array, "auto/8" the first one from a Slurm array or
/// a Kubernetes indexed job. `variable` looks up the environment.
using Variable = std::function<std::optional<std::string>(const char*)>;
[[nodiscard]] Result<walk::Shard> parse_shard(std::string_view text, const Variable& variable);

[[nodiscard]] std::optional<std::string> environment_variable(const char* name);

struct Output {
  report::Format format = report::Format::kText;
  std::string file;
};
/// "sarif=out.sarif".
[[nodiscard]] Result<Output> parse_output(std::string_view text);

[[nodiscard]] Result<report::Format> parse_format(std::string_view text);
[[nodiscard]] Result<Severity> parse_severity_flag(std::string_view text);
[[nodiscard]] Result<Confidence> parse_confidence_flag(std::string_view text);

/// An option whose text goes through `parse`; a refusal is a usage error "--flag: text: reason".
/// `target` must live as long as `app`.
template <typename T, typename Parse>
CLI::Option* add_parsed(CLI::App& app, const std::string& flags, T& target, Parse parse,
                        const std::string& help) {
  const std::string name = flags.substr(flags.find("--"));
  return app.add_option_function<std::string>(
      flags,
      [&target, parse, name](const std::string& text) {
        auto value = parse(text);
        if (!value) throw CLI::ValidationError(name, value.error().message());
        target = *std::move(value);
      },
      help);
}

/// The same for a flag that may be given several times.
template <typename T, typename Parse>
CLI::Option* add_parsed_list(CLI::App& app, const std::string& flags, std::vector<T>& target,
                             Parse parse, const std::string& help) {
  const std::string name = flags.substr(flags.find("--"));
  return app
      .add_option_function<std::vector<std::string>>(
          flags,
          [&target, parse, name](const std::vector<std::string>& texts) {
            target.clear();
            for (const std::string& text : texts) {
              auto value = parse(text);
              if (!value) throw CLI::ValidationError(name, value.error().message());
              target.push_back(*std::move(value));
            }
          },
          help)
      ->allow_extra_args(false);
}

}  // namespace backscan::cli

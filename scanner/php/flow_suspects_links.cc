// Ties calls to the functions of the file, once all of them are known. See flow_suspects.h.
#include <algorithm>

#include "php/flow_suspects.h"

namespace backscan::php::flow {

/// One function that stands for all of a chain, so that many of one name cost no more.
std::uint32_t Suspects::group_of(std::uint32_t first) {
  if (first == 0 || functions_[first].next == 0) return first;
  std::uint32_t params = 0;
  for (std::uint32_t i = first; i != 0; i = functions_[i].next) {
    params = std::max(params, functions_[i].params);
  }
  Function group{.first_param = static_cast<std::uint32_t>(params_.size()),
                 .params = params,
                 .is_variadic = true,
                 .result = graph_.make(0)};
  for (std::uint32_t p = 0; p < params; ++p) params_.push_back({graph_.make(0), true});
  for (std::uint32_t i = first; i != 0; i = functions_[i].next) {
    const Function& function = functions_[i];
    for (std::uint32_t p = 0; p < function.params; ++p) {
      const Param& param = params_[function.first_param + p];
      const Place shared = params_[group.first_param + p].place;
      graph_.connect(shared, param.place);
      if (param.is_reference) graph_.connect(param.place, shared);
      const bool is_last = p + 1 == function.params;
      for (std::uint32_t q = p + 1; is_last && function.is_variadic && q < params; ++q) {
        graph_.connect(params_[group.first_param + q].place, param.place);
      }
    }
    graph_.connect(function.result, group.result);
  }
  functions_.push_back(group);
  return static_cast<std::uint32_t>(functions_.size() - 1);
}

void Suspects::link_params(const Function& function, std::span<const Argument> args) {
  if (function.params == 0) return;
  const std::span<const Param> params(params_.data() + function.first_param, function.params);
  for (std::size_t i = 0; i < args.size(); ++i) {
    const bool is_any = args[i].is_spread;
    const std::size_t last = params.size() - 1;
    const std::size_t begin = is_any ? 0 : i;
    if (begin > last && !function.is_variadic) break;
    for (std::size_t p = std::min(begin, last); p <= (is_any ? last : std::min(begin, last)); ++p) {
      graph_.connect(args[i].place, params[p].place);
      if (params[p].is_reference) graph_.connect(params[p].place, args[i].shared);
    }
  }
}

void Suspects::link_calls() {
  for (const CallSite& site : calls_) {
    NameInfo& info = names_[site.name];
    const std::span<const Argument> args(call_args_.data() + site.first_arg, site.args);
    const std::uint32_t first = site.is_method ? info.methods : info.functions;
    std::uint32_t& group = site.is_method ? info.method_group : info.function_group;
    if (group == 0) group = group_of(first);
    if (group != 0) {
      const Function function = functions_[group];
      link_params(function, args);
      graph_.connect(function.result, site.result);
      for (const Argument& arg : args) graph_.connect(arg.place, site.result, Carries::kData);
      continue;
    }
    for (const Argument& arg : args) {
      if (arg.place != kNowhere) graph_.ask(arg.place, site.result, site.name);
    }
  }
}

// `is_any`: a name was put together, and may be that of any function.
void Suspects::link_dynamic(bool is_any) {
  if (!has_dynamic_calls_) return;
  for (const Function& function : functions_) {
    if (!function.is_closure && !is_any && !names_[function.name].is_spelled) continue;
    for (std::uint32_t p = 0; p < function.params; ++p) {
      const Param& param = params_[function.first_param + p];
      graph_.connect(function.is_closure ? closure_args_ : function_args_, param.place);
      if (param.is_reference) graph_.connect(param.place, shared_params_);
    }
    graph_.connect(function.result, function.is_closure ? closure_results_ : function_results_);
  }
}

}  // namespace backscan::php::flow

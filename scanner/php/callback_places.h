// The functions that call what an argument names, and which argument: both what reaches a sink and
// what the quick look before the flow suspects hang on it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace backscan::php::flow {

struct CallbackPlace {
  static constexpr std::size_t kLast = 0;

  std::string_view name;
  std::size_t argument = kLast;  // counted from 1, as Call's kids are
};

constexpr auto kCallbackPlaces = std::to_array<CallbackPlace>({
    {"array_diff_uassoc", CallbackPlace::kLast},
    {"array_diff_ukey", CallbackPlace::kLast},
    {"array_filter", 2},
    {"array_intersect_uassoc", CallbackPlace::kLast},
    {"array_intersect_ukey", CallbackPlace::kLast},
    {"array_map", 1},
    {"array_reduce", 2},
    {"array_udiff", CallbackPlace::kLast},
    {"array_udiff_assoc", CallbackPlace::kLast},
    {"array_udiff_uassoc", CallbackPlace::kLast},
    {"array_uintersect", CallbackPlace::kLast},
    {"array_uintersect_assoc", CallbackPlace::kLast},
    {"array_uintersect_uassoc", CallbackPlace::kLast},
    {"array_walk", 2},
    {"array_walk_recursive", 2},
    {"call_user_func", 1},
    {"call_user_func_array", 1},
    {"forward_static_call", 1},
    {"forward_static_call_array", 1},
    {"iterator_apply", 2},
    {"mb_ereg_replace_callback", 2},
    {"ob_start", 1},
    {"preg_replace_callback", 2},
    {"register_shutdown_function", 1},
    {"register_tick_function", 1},
    {"set_error_handler", 1},
    {"set_exception_handler", 1},
    {"spl_autoload_register", 1},
    {"uasort", 2},
    {"uksort", 2},
    {"usort", 2},
});
static_assert(std::ranges::is_sorted(kCallbackPlaces, {}, &CallbackPlace::name));

[[nodiscard]] constexpr const CallbackPlace* find_callback_place(std::string_view lower_name) {
  const auto* it = std::ranges::lower_bound(kCallbackPlaces, lower_name, {}, &CallbackPlace::name);
  return it != kCallbackPlaces.end() && it->name == lower_name ? it : nullptr;
}

}  // namespace backscan::php::flow

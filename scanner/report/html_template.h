// Values for the templates of html/ (kainjow mustache, which escapes by default; the escape is ours).
#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "model/severity.h"

namespace backscan::report {

namespace mustache = kainjow::mustache;

class Template {
 public:
  explicit Template(std::string_view text);
  void render(const mustache::object& values, std::string& out);

 private:
  mustache::mustache mustache_;
};

/// An empty value is a false section: the template leaves the whole line out.
void set(mustache::object& values, const char* key, std::string value);

[[nodiscard]] mustache::data flag(bool value);

/// `{text: …}`, for lists of plain texts.
[[nodiscard]] mustache::object text_object(const std::string& text);

/// The class suffix of a severity: "3".
[[nodiscard]] std::string index_of(Severity severity);

template <typename Items, typename ToObject>
void set_list(mustache::object& values, const char* key, const char* has_key, const Items& items,
              ToObject to_object) {
  mustache::list all;
  for (const auto& item : items) all.push_back(mustache::data(to_object(item)));
  if (has_key != nullptr) values[has_key] = flag(!all.empty());
  values[key] = mustache::data(std::move(all));
}

}  // namespace backscan::report

// The one place that escapes for HTML.
#include "report/html_template.h"

#include "report/markup.h"

namespace backscan::report {

Template::Template(std::string_view text) : mustache_(std::string(text)) {
  mustache_.set_custom_escape([](const std::string& value) { return xml_escape(value); });
}

void Template::render(const mustache::object& values, std::string& out) {
  mustache_.render(mustache::data(values), [&out](const std::string& piece) { out += piece; });
}

void set(mustache::object& values, const char* key, std::string value) {
  if (value.empty())
    values[key] = flag(false);
  else
    values[key] = mustache::data(std::move(value));
}

mustache::data flag(bool value) {
  return mustache::data(value ? mustache::data::type::bool_true : mustache::data::type::bool_false);
}

mustache::object text_object(const std::string& text) {
  mustache::object values;
  values["text"] = mustache::data(text);
  return values;
}

std::string index_of(Severity severity) {
  return std::to_string(static_cast<unsigned>(severity));
}

}  // namespace backscan::report

#include "report/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace backscan::report {
namespace {

std::string written(std::string_view text) {
  std::string out;
  JsonText(out).value(text);
  return out;
}

TEST(JsonText, EscapesAsTheLibraryDoes) {
  for (int byte = 0; byte < 0x80; ++byte) {
    const std::string text = "a" + std::string(1, static_cast<char>(byte)) + "é";
    EXPECT_EQ(written(text), nlohmann::json(text).dump()) << byte;
  }
}

TEST(JsonText, MakesUtf8OfAnyBytes) {
  EXPECT_EQ(written("a\xff\"b"), "\"a\xEF\xBF\xBD\\\"b\"");
}

TEST(JsonText, PutsCommasWhereTheyBelong) {
  std::string out;
  JsonText json(out);
  json.begin_object();
  json.member("a", std::vector<std::string>{});
  json.key("b");
  json.begin_array();
  json.value(1U);
  json.begin_object();
  json.end_object();
  json.null();
  json.end_array();
  json.number_or_null("c", 0);
  json.path("d", "/x\xff");
  json.end_object();
  EXPECT_EQ(out, "{\"a\":[],\"b\":[1,{},null],\"c\":null,\"d\":\"/x\xEF\xBF\xBD\",\"d_base64\":\"L3j/\"}");
}

}  // namespace
}  // namespace backscan::report

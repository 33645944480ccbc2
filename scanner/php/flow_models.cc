// The table behind flow_models.h, one line a model.
#include "php/flow_models.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "php/callback_places.h"
#include "php/flow_functions.h"
#include "php/name_filter.h"

namespace backscan::php::flow {

namespace {

struct ModelLine {
  Model model;
  std::string_view names;  // separated by blanks
};

constexpr std::array kModelLines = {
    ModelLine{
        Model::kNothing,
        "header wp_redirect wp_safe_redirect socket_connect curl_init curl_setopt "
        "curl_setopt_array array_rand shuffle range func_get_args feof session_id gethostbyaddr "
        "ob_get_clean"},
    ModelLine{Model::kPass,
              "wp_remote_retrieve_body array_filter array_unique "
              "array_values array_reverse array_slice array_splice array_pad "
              "iterator_to_array array_chunk array_column "
              "array_merge array_merge_recursive array_replace array_combine max min "
              "settype strval fgets fread fgetcsv fgetss fgetc fscanf gzread stream_get_contents "
              "stream_get_line socket_read fpassthru"},
    ModelLine{Model::kKeys, "array_keys array_flip array_fill_keys"},
    ModelLine{Model::kOtherText,
              "sprintf printf __ _ vsprintf implode join strtr iconv mysqli_real_escape_string "
              "wp_sprintf mb_strcut path_join"},
    ModelLine{Model::kFirstText, "substr mb_substr filter_var strtolower strtoupper"},
    ModelLine{Model::kSecondText, "explode split preg_split spliti mb_split"},
    ModelLine{Model::kReplaceText, "str_replace str_ireplace ereg_replace eregi_replace"},
    ModelLine{Model::kSource, "filter_input filter_input_array"},
    ModelLine{Model::kSocket,
              "fsockopen pfsockopen stream_socket_client socket_create stream_socket_server "
              "curl_multi_getcontent"},
    ModelLine{Model::kRead,
              "file_get_contents file readfile get_headers simplexml_load_file wp_remote_get "
              "wp_remote_post"},
    ModelLine{Model::kOpenFile, "fopen gzopen bzopen"},
    ModelLine{Model::kLetter, "chr"},
    ModelLine{Model::kEnvironment, "getenv apache_getenv"},
    ModelLine{Model::kExtract, "extract"},
    ModelLine{Model::kExtractAll, "import_request_variables"},
    ModelLine{Model::kParseText, "parse_str mb_parse_str"},
    ModelLine{Model::kMatch, "preg_match preg_match_all"},
    ModelLine{Model::kPush, "array_push array_unshift"},
    ModelLine{Model::kCompact, "compact"},
    ModelLine{Model::kDefine, "define"},
    ModelLine{Model::kNamedConstant, "constant"},
    ModelLine{Model::kReplace, "preg_replace preg_filter"},
    ModelLine{Model::kMail,
              "mail mb_send_mail wp_mail imap_mail drupal_mail jmail mosmail tep_mail xmail "
              "send_mail_wp elgg_send_email email_to_user"},
    ModelLine{Model::kTelling, "getmxrr dns_get_mx dns_get_record move_uploaded_file"},
    ModelLine{Model::kSetting, "set_time_limit ignore_user_abort ini_set ini_alter"},
    ModelLine{Model::kCode, "assert"},
    ModelLine{Model::kCodeSecond, "create_function"},
    ModelLine{Model::kCodeReplace, "mb_ereg_replace mb_eregi_replace"},
    ModelLine{Model::kCommand,
              "system exec passthru shell_exec popen proc_open pcntl_exec expect_popen"},
    ModelLine{Model::kIncludeCall, "include require"},
    ModelLine{Model::kWriteFile, "file_put_contents"},
    ModelLine{Model::kCopy, "copy rename"},
    ModelLine{Model::kWrite,
              "fwrite fputs gzwrite fputcsv socket_write socket_send stream_socket_sendto fprintf"},
    ModelLine{Model::kCurl, "curl_exec"},
};

Model model_of_effect(Effect effect) {
  switch (effect) {
    case Effect::kNone:
      return Model::kForeign;
    case Effect::kNumber:
    case Effect::kHash:
      return Model::kNumber;
    case Effect::kElement:
      return Model::kPass;
    case Effect::kDecode:
      return Model::kDecode;
    case Effect::kRequest:
      return Model::kSource;
    case Effect::kRandom:
    case Effect::kTime:
    case Effect::kFileTime:
    case Effect::kUnknown:
      return Model::kNothing;
    case Effect::kServerInfo:
      return Model::kPath;
    case Effect::kFirstQuoted:
      return Model::kQuote;
    case Effect::kFirst:
    case Effect::kFirstPart:
    case Effect::kFirstNoBreaks:
    case Effect::kFirstAddress:
    case Effect::kSplit:
      return Model::kFirstText;
    default:
      return Model::kOtherText;
  }
}

std::unordered_map<std::string_view, Model> make_models() {
  std::unordered_map<std::string_view, Model> models;
  for (const ModelLine& line : kModelLines) {
    for (std::size_t at = 0; at < line.names.size();) {
      const std::size_t end = std::min(line.names.find(' ', at), line.names.size());
      models.emplace(line.names.substr(at, end - at), line.model);
      at = end + 1;
    }
  }
  for (const auto& [name, effect] : effects()) models.emplace(name, model_of_effect(effect));
  for (const CallbackPlace& place : kCallbackPlaces) {
    models.insert_or_assign(place.name, Model::kCallback);
  }
  return models;
}

}  // namespace

Model model_of_function(std::string_view lower_name) {
  static const std::unordered_map<std::string_view, Model> models = make_models();
  static const NameFilter filter = [] {
    NameFilter all;
    for (const auto& [name, model] : models) all.add(name);
    return all;
  }();
  if (filter.may_hold(lower_name)) {
    if (const auto it = models.find(lower_name); it != models.end()) return it->second;
  }
  const bool is_keys =
      lower_name.starts_with("array_diff") || lower_name.starts_with("array_intersect");
  return is_keys ? Model::kKeys : Model::kForeign;
}

std::size_t callback_argument(std::string_view lower_name) {
  const CallbackPlace* place = find_callback_place(lower_name);
  return place != nullptr ? place->argument : 1;
}

}  // namespace backscan::php::flow

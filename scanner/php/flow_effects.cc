// The table of common effects, one line an effect.
#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

#include "php/flow_functions.h"

namespace backscan::php::flow {

namespace {

struct Line {
  Effect effect;
  std::string_view names;  // separated by blanks
};

constexpr std::array kLines = {
    Line{Effect::kFirst,
         "trim ltrim rtrim chop strtolower strtoupper ucfirst ucwords lcfirst nl2br "
         "htmlspecialchars "
         "htmlentities html_entity_decode htmlspecialchars_decode stripslashes addslashes "
         "stripcslashes strip_tags wordwrap chunk_split mb_strtolower "
         "mb_strtoupper utf8_encode utf8_decode quotemeta mysql_real_escape_string "
         "mysql_escape_string escapeshellcmd quoted_printable_encode quoted_printable_decode "
         "urldecode rawurldecode strval unserialize json_decode mb_convert_encoding "
         "mb_convert_case convert_cyr_string wp_unslash wp_kses_post wp_kses wp_kses_data esc_html "
         "esc_attr esc_url stripslashes_deep str_pad convert_uuencode "
         "dirname realpath array_filter array_unique array_values array_reverse "
         "array_slice array_splice array_pad array_flip iterator_to_array "
         "money_format wpautop make_clickable "
         "mb_decode_mimeheader iconv_mime_decode settype highlight_string substr_replace "
         "array_diff array_intersect array_diff_key array_intersect_key array_chunk array_column "
         "gzcompress gzdeflate gzencode serialize "
         "http_build_query"},
    Line{Effect::kFirstPart,
         "iconv_substr strtok strstr stristr strrchr strchr mb_strimwidth parse_url "
         "pathinfo"},
    Line{Effect::kSecond, "mysqli_real_escape_string wp_sprintf array_fill_keys"},
    Line{Effect::kThird, "iconv"},
    Line{Effect::kAll,
         "array_merge array_merge_recursive array_replace array_combine max min "
         "mb_strcut path_join"},
    Line{Effect::kFirstNoBreaks,
         "urlencode rawurlencode base64_encode bin2hex mb_encode_mimeheader iconv_mime_encode "
         "sanitize_text_field sanitize_title sanitize_key sanitize_user json_encode "
         "idn_to_ascii sanitize_file_name esc_url_raw basename mb_encode_numericentity"},
    Line{Effect::kFirstAddress, "sanitize_email"},
    Line{Effect::kFirstQuoted, "escapeshellarg addcslashes preg_quote"},
    Line{Effect::kNumber,
         "intval floatval doubleval boolval abs round ceil floor count sizeof strlen mb_strlen "
         "number_format absint ord is_null array_sum str_word_count"},
    Line{Effect::kHash,
         "md5 sha1 crc32 hash crypt md5_file sha1_file hash_hmac hash_file "
         "password_hash wp_hash"},
    Line{Effect::kDecode,
         "base64_decode gzinflate gzuncompress gzdecode str_rot13 hex2bin convert_uudecode "
         "bzdecompress zlib_decode openssl_decrypt mcrypt_decrypt pack strrev imap_base64 "
         "mcrypt_ecb mcrypt_cbc sodium_crypto_secretbox_open"},
    Line{Effect::kSplit, "str_getcsv"},
    Line{Effect::kElement, "current reset end next prev array_pop array_shift each pos"},
    Line{Effect::kRandom,
         "rand mt_rand random_int uniqid random_bytes lcg_value "
         "openssl_random_pseudo_bytes mt_getrandmax wp_generate_password "
         "com_create_guid"},
    Line{Effect::kTime, "time microtime hrtime strtotime mktime current_time"},
    Line{Effect::kFileTime, "filemtime filectime fileatime"},
    Line{Effect::kServerInfo,
         "php_uname gethostname getcwd phpversion get_current_user getmypid sys_getloadavg "
         "disk_free_space disk_total_space php_sapi_name gethostbyname phpinfo get_cfg_var "
         "getmyuid getmyinode php_ini_loaded_file zend_version apache_get_version "
         "getservbyname"},
    Line{Effect::kRequest, "getallheaders apache_request_headers"},
    Line{Effect::kUnknown,
         "date gmdate strftime is_array is_string is_object is_callable function_exists "
         "class_exists method_exists defined error_reporting ini_get headers_sent file_exists "
         "is_file is_dir is_readable is_writable filesize unlink mkdir rmdir chmod touch rename "
         "var_dump session_start session_destroy setcookie ob_get_clean "
         "ob_end_clean flush sleep usleep checkdate checkdnsrr version_compare extension_loaded "
         "get_option get_bloginfo get_site_option fclose feof fflush mysql_query mysqli_query "
         "mysql_fetch_array mysql_fetch_assoc mysql_connect mysql_select_db error_log "
         "trigger_error similar_text levenshtein array_key_exists in_array is_numeric ctype_digit "
         "is_int is_bool gettype get_class spl_autoload_register"},
};

std::unordered_map<std::string_view, Effect> make_words() {
  std::unordered_map<std::string_view, Effect> words;
  for (const Line& line : kLines) {
    for (std::size_t at = 0; at < line.names.size();) {
      const std::size_t end = std::min(line.names.find(' ', at), line.names.size());
      words.emplace(line.names.substr(at, end - at), line.effect);
      at = end + 1;
    }
  }
  return words;
}

}  // namespace

const std::unordered_map<std::string_view, Effect>& effects() {
  static const std::unordered_map<std::string_view, Effect> words = make_words();
  return words;
}

Effect effect_of(std::string_view lower_name) {
  const auto it = effects().find(lower_name);
  return it != effects().end() ? it->second : Effect::kNone;
}

}  // namespace backscan::php::flow

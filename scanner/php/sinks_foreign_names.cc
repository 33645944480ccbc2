// Names that PHP and its usual extensions bring, old ones too: whole families by their prefix, the
// rest one by one. A table of its own, so that the walk stays readable.
#include <algorithm>
#include <array>
#include <string_view>

#include "php/sinks_foreign.h"

namespace backscan::php::flow {

namespace {

// Begin of a name, as in array_map; sorted.
constexpr std::string_view kPrefixes =
    "apache_ apc apcu_ array_ assert_ bc bind_textdomain bz cal_ call_user_func cast_ class_ "
    "cli_ com_ connection_ ctype_ curl_ date_ db2_ dba_ debug_ dns_ dom_ eaccelerator_ easter_ "
    "enchant_ enum_ ereg eregi error_ escapeshell event_ exif_ expect_ fastcgi_ filter_ finfo_ "
    "forward_static_call fprintf ftok ftp_ func_ gc_ geoip_ gettext gmp_ gregor gz hash_ "
    "highlight_ html http_ ibase_ iconv igbinary_ ignore_user_abort image imap_ inet_ ini_ "
    "inotify_ ip2 iptc iterator_ jd json_ julian ldap_ libevent_ libxml_ long2 mb_ mcrypt_ "
    "memcache_ method_ mhash msg_ msgpack_ mssql_ mysql_ mysqli_ mysqlnd_ net_ ob_ oci_ odbc_ "
    "opcache_ openlog openssl_ parse_ pcntl_ pg_ php_ posix_ preg_ proc_ property_ pspell_ "
    "random_ rar_ readline_ recode_ register_ restore_ runkit_ sem_ session_ set_error_handler "
    "set_exception_handler settype shm shmop_ simplexml_ snmp socket_ sodium_ spl_ split spliti "
    "sqlite_ sqlsrv_ ssh2_ stats_ str_ stream_ strto substr_ sys_ syslog tidy_ timezone_ token_ "
    "uopz_ url utf8_ variant_ version_ vfprintf vprintf wddx_ win32_ wincache_ xcache_ xdiff_ "
    "xml yaml_ zend_ zip_ zlib_";

constexpr std::string_view kFunctions =
    "_ __halt_compiler abs acos acosh addcslashes addslashes array arsort asin asinh asort "
    "assert atan atan2 atanh base64_decode base64_encode base_convert basename bin2hex bindec "
    "bindtextdomain boolval ceil chdir checkdate checkdnsrr chgrp chmod chop chown chr chroot "
    "chunk_split clearstatcache closedir closelog compact constant convert_cyr_string "
    "convert_uudecode convert_uuencode copy cos cosh count count_chars crc32 create_function "
    "crypt current date dcgettext dcngettext decbin dechex decoct define defined deflate_add "
    "deflate_init deg2rad dgettext die dir dirname disk_free_space disk_total_space "
    "diskfreespace dl dngettext doubleval each echo empty end eval exec exit exp explode expm1 "
    "extension_loaded extract ezmlm_hash fbsql_connect fclose fdatasync fdf_open fdiv feof "
    "fflush fgetc fgetcsv fgets file file_exists file_get_contents file_put_contents fileatime "
    "filectime filegroup fileinode filemtime fileowner fileperms filesize filetype floatval "
    "flock floor flush fmod fnmatch fopen fpassthru fputcsv fputs fread frenchtojd fscanf fseek "
    "fsockopen fstat fsync ftell ftruncate function_exists fwrite get_browser get_called_class "
    "get_cfg_var get_class get_class_methods get_class_vars get_current_user get_debug_type "
    "get_declared_classes get_declared_interfaces get_declared_traits get_defined_constants "
    "get_defined_functions get_defined_vars get_extension_funcs get_headers "
    "get_html_translation_table get_include_path get_included_files get_loaded_extensions "
    "get_magic_quotes_gpc get_magic_quotes_runtime get_mangled_object_vars get_meta_tags "
    "get_object_vars get_parent_class get_required_files get_resource_id get_resource_type "
    "get_resources getallheaders getcwd getdate getenv geterror gethostbyaddr gethostbyname "
    "gethostbynamel gethostname getimagesize getimagesizefromstring getlastmod getmxrr getmygid "
    "getmyinode getmypid getmyuid getopt getprotobyname getprotobynumber getrandmax getrusage "
    "getservbyname getservbyport gettimeofday gettype glob gmdate gmmktime gmstrftime hash "
    "header header_register_callback header_remove headers_list headers_sent hebrev hebrevc "
    "hex2bin hexdec hrtime hw_connect hypot idate ifx_connect implode import_request_variables "
    "in_array include include_once inflate_add inflate_get_read_len inflate_get_status "
    "inflate_init intdiv interface_exists intval is_a is_array is_bool is_callable is_countable "
    "is_dir is_double is_executable is_file is_finite is_float is_infinite is_int is_integer "
    "is_iterable is_link is_long is_nan is_null is_numeric is_object is_readable is_real "
    "is_resource is_scalar is_string is_subclass_of is_uploaded_file is_writable is_writeable "
    "isset jewishtojd join jpeg2wbmp key key_exists krsort ksort lcfirst lcg_value lchgrp "
    "lchown levenshtein link linkinfo list localeconv localtime log log10 log1p lstat ltrim "
    "magic_quotes_runtime mail max md5 md5_file mdecrypt_generic memory_get_peak_usage "
    "memory_get_usage memory_reset_peak_usage metaphone microtime mime_content_type min mkdir "
    "mktime money_format move_uploaded_file msql_connect mt_getrandmax mt_rand mt_srand mysql "
    "natcasesort natsort next ngettext nl2br nl_langinfo number_format ociexecute ocilogon "
    "ociparse octdec opendir ord output_add_rewrite_var output_reset_rewrite_vars pack passthru "
    "password_algos password_get_info password_hash password_needs_rehash password_verify "
    "pathinfo pclose pdo_drivers perl pfsockopen phpcredits phpinfo phpversion pi png2wbmp "
    "popen pos pow prev print print_r printf putenv quoted_printable_decode "
    "quoted_printable_encode quotemeta rad2deg rand range rawurldecode rawurlencode "
    "read_exif_data readdir readfile readgzfile readline readlink realpath realpath_cache_get "
    "realpath_cache_size rename require require_once reset rewind rewinddir rmdir round rsort "
    "rtrim scandir serialize set_file_buffer set_include_path set_magic_quotes_runtime "
    "set_time_limit setcookie setlocale setrawcookie sha1 sha1_file shell_exec show_source "
    "shuffle similar_text sin sinh sizeof sleep sort soundex sprintf sqrt srand sscanf stat "
    "strcasecmp strchr strcmp strcoll strcspn strftime strip_tags stripcslashes stripos "
    "stripslashes stristr strlen strnatcasecmp strnatcmp strncasecmp strncmp strpbrk strpos "
    "strptime strrchr strrev strripos strrpos strspn strstr strtr strval substr sybase_connect "
    "symlink system tan tanh tempnam textdomain time time_nanosleep time_sleep_until tmpfile "
    "touch trait_exists trigger_error trim uasort ucfirst ucwords uksort umask uniqid unixtojd "
    "unlink unpack unregister_tick_function unserialize unset user_error usleep usort var_dump "
    "var_export virtual vsprintf w32api_invoke_function wordwrap";

constexpr std::string_view kClasses =
    "amqpconnection arrayaccess arrayiterator arrayobject closure collator com countable "
    "curlfile dateinterval dateperiod datetime datetimeimmutable datetimezone directoryiterator "
    "domdocument domelement domnode domxpath dotnet ffi filesystemiterator finfo generator "
    "globiterator gmagick imagick imagickdraw imagickpixel intlchar intldateformatter iterator "
    "iteratoraggregate iteratoriterator java jsonserializable memcache memcached mongo "
    "mongoclient mysqli mysqli_driver normalizer numberformatter parent pdo perl phar phardata "
    "pharfileinfo php_user_filter recursivedirectoryiterator recursiveiteratoriterator redis "
    "regexiterator self serializable sessionhandler sessionhandlerinterface simplexmlelement "
    "simplexmliterator soapclient soapserver spldoublylinkedlist splfileinfo splfileobject "
    "splfixedarray splheap splmaxheap splminheap splobjectstorage splpriorityqueue splqueue "
    "splstack sqlite3 sqlitedatabase static stdclass stringable throwable traversable variant "
    "weakmap weakreference xmlreader xmlwriter xsltprocessor ziparchive";

// What most classes of PHP end in, besides those above.
constexpr std::array<std::string_view, 3> kClassEndings = {"exception", "error", "iterator"};

// Words of a sorted table, each with a blank before and after it but for the ends.
bool lists(std::string_view table, std::string_view word) {
  if (word.empty()) return false;
  for (std::size_t at = table.find(word); at != std::string_view::npos;
       at = table.find(word, at + 1)) {
    const bool begins = at == 0 || table[at - 1] == ' ';
    const std::size_t end = at + word.size();
    if (begins && (end == table.size() || table[end] == ' ')) return true;
  }
  return false;
}

bool has_prefix_of(std::string_view table, std::string_view name) {
  while (!table.empty()) {
    const std::size_t cut = table.find(' ');
    if (name.starts_with(table.substr(0, cut))) return true;
    if (cut == std::string_view::npos) break;
    table.remove_prefix(cut + 1);
  }
  return false;
}

}  // namespace

bool is_function_of_php(std::string_view lower_name) {
  return has_prefix_of(kPrefixes, lower_name) || lists(kFunctions, lower_name);
}

bool is_class_of_php(std::string_view lower_name) {
  return lower_name.starts_with("reflection") || lists(kClasses, lower_name) ||
         std::ranges::any_of(kClassEndings, [&](std::string_view ending) {
           return lower_name.ends_with(ending);
         });
}

}  // namespace backscan::php::flow

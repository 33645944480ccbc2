// Tables of sources, and how fields are taken out of them.
#include "php/sources.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"

namespace backscan::php::flow {

const Source* SourceTable::intern(std::string_view text, std::string_view field,
                                  const Source* whole, Offset begin, Offset end) {
  constexpr std::size_t kMaxName = 120;
  text = text.substr(0, kMaxName);
  if (const auto it = table_.find(text); it != table_.end()) return it->second;
  const std::string_view kept = values_.keep(text);
  const std::string_view kept_field = values_.keep(field.substr(0, kMaxName));
  const Source* source = values_.make(Source{kept, kept_field, whole, begin, end});
  table_.emplace(kept, source);
  return source;
}

namespace {

struct NamedOrigins {
  std::string_view name;
  std::uint16_t origins;
};

constexpr std::array kSuperglobals = {
    NamedOrigins{"_GET", kRequest},
    NamedOrigins{"_POST", kRequest},
    NamedOrigins{"_REQUEST", kRequest},
    NamedOrigins{"_COOKIE", kRequest},
    NamedOrigins{"_FILES", kUpload},
    NamedOrigins{"_SERVER", kServerInfo},
    NamedOrigins{"_ENV", kServerInfo},
    NamedOrigins{"_SESSION", kSession},
    NamedOrigins{"HTTP_GET_VARS", kRequest},
    NamedOrigins{"HTTP_POST_VARS", kRequest},
    NamedOrigins{"HTTP_COOKIE_VARS", kRequest},
    NamedOrigins{"HTTP_POST_FILES", kUpload},
    NamedOrigins{"HTTP_SERVER_VARS", kServerInfo},
    NamedOrigins{"HTTP_ENV_VARS", kServerInfo},
    NamedOrigins{"HTTP_SESSION_VARS", kSession},
    NamedOrigins{"HTTP_RAW_POST_DATA", kRequest},
};

}  // namespace

std::uint16_t superglobal_origins(std::string_view name) {
  // Asked for every variable; hardly one begins so.
  if (name.empty() || (name.front() != '_' && name.front() != 'H')) return 0;
  const auto* it = std::ranges::find(kSuperglobals, name, &NamedOrigins::name);
  return it == kSuperglobals.end() ? 0 : it->origins;
}

std::uint16_t server_origins(std::string_view key) {
  const std::string upper = [&] {
    std::string out(key);
    for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
  }();
  if (upper == "HTTP_HOST") return kServerInfo;
  if (upper == "ARGV" || upper == "ARGC") return kUnknown;
  if (upper == "PHP_AUTH_USER" || upper == "PHP_AUTH_PW" || upper == "PHP_AUTH_DIGEST") {
    return kRequest | kServerInfo;
  }
  if (upper.starts_with("HTTP_") || upper == "QUERY_STRING" || upper == "REQUEST_URI" ||
      upper == "PATH_INFO" || upper == "PHP_SELF") {
    return kHeader | kServerInfo;
  }
  return kServerInfo;
}

namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

void refine(Piece& piece, std::string_view key) {
  const std::string_view whole = piece.source->text;
  if (whole == "$_SERVER" || whole == "$HTTP_SERVER_VARS") {
    piece.origins = static_cast<std::uint16_t>((piece.origins & ~(kServerInfo | kHeader)) |
                                               server_origins(key));
  } else if (piece.has(kUpload)) {
    if (key == "name" || key == "full_path" || key == "type") {
      piece.origins = kRequest;
      if (key != "type") piece.marks |= kFileName;
    } else if (key == "size" || key == "error") {
      piece.origins = kUnknown;
    }
  }
}

}  // namespace

Value field_of(Values& values, SourceTable& sources, const Value& base, std::string_view key,
               Offset begin, Offset end) {
  std::vector<Piece> pieces;
  for (const Piece& piece : base.pieces) {
    if (piece.is_text()) continue;  // one letter of a constant: of no account
    pieces.push_back(piece);
    Piece& field = pieces.back();
    if (field.is_alternative || field.source == nullptr || key.empty()) continue;
    if (!field.has(kRequest | kUpload | kServerInfo | kSession | kHeader)) continue;
    refine(field, key);
    const Source* outer = field.source;
    const std::string text = std::string(outer->text) + "['" + std::string(key) + "']";
    field.source = sources.intern(text, is_number(key) ? outer->field : key, outer, begin, end);
  }
  return values.from(pieces);
}

Value part_of(Values& values, SourceTable& sources, const Value& whole,
              std::string_view function) {
  const Value plain = values.flat(whole);
  std::vector<Piece> pieces(plain.pieces.begin(), plain.pieces.end());
  for (Piece& piece : pieces) {
    const Source* outer = piece.source;
    if (outer == nullptr || outer->text.starts_with(function)) continue;
    const std::string text = std::string(function) + "(" + std::string(outer->text) + ")";
    piece.source = sources.intern(text, outer->field, outer, outer->begin, outer->end);
  }
  return values.from(pieces);
}

bool may_read_request(std::string_view method) {
  static constexpr std::array kMethods = {
      std::string_view{"post"},      std::string_view{"get"},       std::string_view{"get_post"},
      std::string_view{"post_get"},  std::string_view{"getpost"},   std::string_view{"getvar"},
      std::string_view{"getparam"},  std::string_view{"getparams"}, std::string_view{"getstring"},
      std::string_view{"getquery"},  std::string_view{"input"},     std::string_view{"cookie"},
      std::string_view{"getvalue"},  std::string_view{"getcookie"}, std::string_view{"getbody"},
      std::string_view{"getparsedbody"}, std::string_view{"getqueryparams"}};
  return std::ranges::find(kMethods, method) != kMethods.end();
}

bool is_request_reader(std::string_view scope, std::string_view method) {
  static constexpr std::array kScopes = {
      std::string_view{"input"},   std::string_view{"request"}, std::string_view{"jrequest"},
      std::string_view{"jinput"},  std::string_view{"query"},   std::string_view{"getrequest()"},
      std::string_view{"tools"},   std::string_view{"req"}};
  return may_read_request(method) && std::ranges::find(kScopes, scope) != kScopes.end();
}

bool is_remote_path(std::string_view path) {
  const std::string start = ascii_lower(path.substr(0, 8));
  return start.starts_with("http://") || start.starts_with("https://") ||
         start.starts_with("ftp://") || start.starts_with("ftps://") || start.starts_with("//");
}

}  // namespace backscan::php::flow

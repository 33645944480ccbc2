// See file_type.h.
#include "scan/file_type.h"

#include <array>

#include "scan/file_choice.h"

namespace backscan::scan {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  std::string_view type;
};

constexpr std::array kMagics = {
    Magic{"\xff\xd8\xff"sv, "JPEG"},       Magic{"GIF8"sv, "GIF"},
    Magic{"\x89PNG\r\n"sv, "PNG"},         Magic{"PK\x03\x04"sv, "ZIP"},
    Magic{"\x1f\x8b"sv, "GZIP"},           Magic{"%PDF-"sv, "PDF"},
    Magic{"\x7f" "ELF"sv, "ELF"},          Magic{"MZ"sv, "EXE"},
    Magic{"BZh"sv, "BZIP2"},               Magic{"\xfd" "7zXZ"sv, "XZ"},
    Magic{"Rar!"sv, "RAR"},                Magic{"7z\xbc\xaf\x27\x1c"sv, "7ZIP"},
    Magic{"\x00\x00\x01\x00"sv, "ICO"},    Magic{"#!"sv, "SCRIPT"},
};

}  // namespace

std::string_view file_type(std::string_view bytes) {
  for (const Magic& magic : kMagics)
    if (bytes.starts_with(magic.bytes)) return magic.type;
  return has_php_tag(bytes) ? "PHP" : "";
}

}  // namespace backscan::scan

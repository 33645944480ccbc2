// Marks of commercial encoders.
#include "php/unpack_encoder.h"

#include <algorithm>

namespace backscan::php {
namespace {

struct Mark {
  std::string_view name;
  std::string_view text;  // what the encoder writes near the head of the file
  std::string_view also;  // what must stand in the same head
};

// The loaders refuse a file without these, so an encoder cannot leave them out.
constexpr Mark kMarks[] = {
    {"ionCube", "ionCube Loader", "extension_loaded"},
    {"ionCube", "<?php //0", "_il_exec"},
    {"ionCube", "<?php //ICB0", ""},
    {"ionCube", "<?php //00", "ioncube"},
    {"SourceGuardian", "sg_load(", ""},
    {"SourceGuardian", "sg_get_mac_addresses", ""},
    {"SourceGuardian", "SourceGuardian", "extension_loaded"},
    {"Zend Guard", "<?php @Zend;", ""},
    {"Zend Guard", "Zend Optimizer", "zend_loader_enabled"},
    {"Zend Guard", "Zend Guard Run-time support missing", ""},
    {"phpSHIELD", "phpshield_load(", ""},
    {"NuSphere PhpExpress", "<?php_express", ""},
    {"bcompiler", "<?php\nbcompiler_read", ""},
    {"Swoole Compiler", "swoole_loader", "extension_loaded"},
    {"PHPJiaMi", "phpjiami.com", "eval"},
    {"PHPJiaMi", "PHPJiaMi.Com", "eval"},
};

}  // namespace

std::optional<Encoder> find_encoder(std::string_view source) {
  constexpr std::size_t kHead = 4096;
  const std::string_view head = source.substr(0, kHead);
  for (const Mark& mark : kMarks) {
    const std::size_t at = head.find(mark.text);
    if (at == head.npos || (!mark.also.empty() && head.find(mark.also) == head.npos)) continue;
    return Encoder{mark.name, {static_cast<Offset>(at), static_cast<Offset>(at + mark.text.size())}};
  }
  return std::nullopt;
}

}  // namespace backscan::php

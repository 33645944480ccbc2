// How the layers of a packed file are shown and kept. Apart from the command, which only reads,
// unpacks and asks for one of these.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "php/unpack.h"

namespace backscan::cli {

/// What `backscan unpack` was pointed at, and what came of it.
struct UnpackedFile {
  std::string path;
  std::string_view source;  // its bytes
  php::Unpacked unpacked;
  std::vector<std::string> written;  // by layer; empty: not written

  /// False where a budget ended or something packed stayed closed.
  [[nodiscard]] bool is_complete() const;
};

/// A tree of layers, each with its text: escaped, one `| ` before every line.
void print_layers(const UnpackedFile& file, std::ostream& out);
void print_json(const UnpackedFile& file, std::ostream& out);

/// Writes each layer to a new file of `directory` (made if it is missing): `layer-01.txt`, …,
/// which no web server runs. Nothing that exists is overwritten or followed. Returns their paths.
[[nodiscard]] Result<std::vector<std::string>> write_layers(const std::vector<Layer>& layers,
                                                            const std::string& directory);

}  // namespace backscan::cli

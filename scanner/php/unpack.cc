// The unpacker's door: encoders first, then the evaluator.
#include "php/unpack.h"

#include <utility>

#include "model/fact_names.h"
#include "php/eval_evaluator.h"
#include "php/unpack_encoder.h"

namespace backscan::php {

Unpacked unpack(std::string_view source, std::string_view file_name, const UnpackLimits& limits,
                std::optional<SyntaxTree> parsed) {
  Unpacked result;
  const auto encoder = find_encoder(source);
  result = eval::Evaluator{source, file_name, limits}.run(std::move(parsed));
  if (encoder)
    result.facts.push_back({.name = find_fact_name("unpack.encoder"),
                            .place = encoder->place,
                            .sink = std::string{encoder->name},
                            .source = std::string{encoder->name}});
  return result;
}

}  // namespace backscan::php

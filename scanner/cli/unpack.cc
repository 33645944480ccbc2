// `backscan unpack FILE`: shows what a packed PHP file really contains, layer by layer. Nothing of
// the file is run.
#include <memory>
#include <ostream>

#include "cli/commands.h"
#include "cli/one_file.h"
#include "cli/unpack_output.h"
#include "cli/values.h"

namespace backscan::cli {
namespace {

struct UnpackCommand {
  std::string file;
  std::string directory;
  bool is_json = false;
  php::UnpackLimits limits;
};

int run_unpack(const UnpackCommand& command, const Context& context) {
  const auto fail = [&](const Error& error) {
    context.complain(error.message());
    return kError;
  };
  const auto content = read_one_file(command.file);
  if (!content) return fail(content.error());
  const std::string_view name =
      std::string_view(command.file).substr(command.file.rfind('/') + 1);
  UnpackedFile file{.path = command.file,
                    .source = content->bytes,
                    .unpacked = php::unpack(content->bytes, name, command.limits),
                    .written = {}};
  if (!command.directory.empty()) {
    auto written = write_layers(file.unpacked.layers, command.directory);
    if (!written) return fail(written.error());
    file.written = *std::move(written);
  }
  if (command.is_json)
    print_json(file, context.streams.out);
  else
    print_layers(file, context.streams.out);
  return kOk;
}

/// A budget in bytes; the defaults are what a scan allows.
void add_size(CLI::App& app, const std::string& flag, std::size_t& target, const std::string& help) {
  const std::string shown = std::to_string(target >> 20) + "M";
  add_parsed(app, flag, target, parse_size, help + " (default " + shown + ")")->type_name("SIZE");
}

}  // namespace

void add_unpack(CLI::App& app, Context& context) {
  CLI::App* const unpack = app.add_subcommand(
      "unpack", "Show what a packed PHP file really contains, layer by layer; nothing of it is run");
  const auto command = std::make_shared<UnpackCommand>();
  unpack->add_option("FILE", command->file, "File to open")->required();
  unpack->add_option("--write", command->directory,
                     "Write the layers to new files of this directory instead of showing them")
      ->type_name("DIR");
  unpack->add_flag("--json", command->is_json, "One JSON object");
  unpack->add_option("--max-steps", command->limits.max_steps,
                     "Steps of evaluation over all layers")
      ->capture_default_str()
      ->type_name("N");
  add_size(*unpack, "--max-output", command->limits.max_output_bytes, "All layers together");
  add_size(*unpack, "--max-memory", command->limits.max_memory_bytes, "Values held at a time");
  unpack->add_option("--max-depth", command->limits.max_depth, "Layers inside layers")
      ->capture_default_str()
      ->type_name("N")
      ->check(CLI::Range(1u, 128u));
  unpack->callback([command, &context] { context.exit_code = run_unpack(*command, context); });
}

}  // namespace backscan::cli

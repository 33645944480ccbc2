// `backscan rules verify PACK --key KEY`: whether a pack from outside is what the owner of a key signed.
#include <memory>
#include <ostream>

#include "base/text.h"
#include "base/words.h"
#include "cli/rules.h"
#include "external/external_rules.h"
#include "external/pack.h"

namespace backscan::cli {
namespace {

struct VerifyOptions {
  std::string pack;
  std::string signature;
  std::string key;
};

int run_verify(const VerifyOptions& options, const Context& context) {
  const auto fail = [&](const Error& error) {
    context.complain(error.message());
    return kError;
  };
  const auto key = external::read_public_key(options.key);
  if (!key) return fail(key.error());
  const auto pack = external::verify_pack(options.pack, options.signature, *key);
  if (!pack) return fail(pack.error());
  // A signature says who made it, not that it can be read.
  const auto unpacked = external::UnpackedPack::unpack(pack->bytes, options.pack);
  if (!unpacked) return fail(unpacked.error());
  const auto rules = rules::read_rules(std::vector{unpacked->directory()});
  const auto renamed = [&](std::vector<Error> errors) {
    for (Error& error : errors)
      if (error.object.starts_with(unpacked->directory()))
        error.object.replace(0, unpacked->directory().size(), options.pack);
    return errors;
  };
  if (!rules) return complain_all(context, renamed(rules.error()));
  std::vector<Error> errors;
  const std::size_t lists = external::open_hash_lists({unpacked->directory()}, errors).size();
  if (!errors.empty()) return complain_all(context, renamed(errors));
  if (!context.quiet)
    context.streams.out << "signed with the key " << pack->signature.key_id << ": "
                        << escape_controls(pack->signature.trusted_comment) << '\n'
                        << counted(rules->size(), "rule") << ", " << counted(lists, "hash list") << '\n';
  return kOk;
}

}  // namespace

void add_rules_verify(CLI::App& rules, Context& context) {
  auto* command =
      rules.add_subcommand("verify", "Check the signature of a pack of rules from outside");
  command->footer("Exit codes: 0 signed with that key and unchanged; 2 anything else.");
  auto options = std::make_shared<VerifyOptions>();
  command->add_option("PACK", options->pack, "A .tar or .tar.gz of <class>/<name>.yaml and hashes/")
      ->required();
  command->add_option("--signature", options->signature, "Its signature (default: PACK.minisig)")
      ->type_name("FILE");
  command->add_option("--key", options->key, "Public key of minisign, or the file that holds it")
      ->required()
      ->type_name("KEY|FILE");
  command->callback([options, &context] { context.exit_code = run_verify(*options, context); });
}

}  // namespace backscan::cli

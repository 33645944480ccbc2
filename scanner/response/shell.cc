// GNU coreutils' spelling.
#include "response/shell.h"

#include <fmt/format.h>
#include <linux/fs.h>

#include "base/text.h"

namespace backscan::response {
namespace {

std::string chattr(char sign, std::uint32_t flags, const std::string& path) {
  std::string letters;
  if ((flags & FS_IMMUTABLE_FL) != 0) letters += 'i';
  if ((flags & FS_APPEND_FL) != 0) letters += 'a';
  return fmt::format("chattr {}{} -- {}", sign, letters, shell_quote(path));
}

}  // namespace

std::string shell_quote(std::string_view bytes) {
  // What escape_controls changes, no terminal should see.
  const bool is_plain = escape_controls(bytes) == bytes &&
                        bytes.find_first_of("'\\") == std::string_view::npos;
  if (is_plain) return fmt::format("'{}'", bytes);
  std::string quoted = "$'";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'' || c == '\\')
      quoted += {'\\', c};
    else if (byte < 0x20 || byte >= 0x7f)
      quoted += fmt::format("\\x{:02x}", byte);
    else
      quoted += c;
  }
  return quoted + '\'';
}

std::vector<std::string> quarantine_commands(const std::string& path, const std::string& kept,
                                             std::uint32_t flags) {
  std::vector<std::string> commands;
  if (flags != 0) commands.push_back(chattr('-', flags, path));
  const std::string from = shell_quote(path);
  const std::string to = shell_quote(kept);
  commands.push_back(
      fmt::format("cp --archive --no-dereference -- {0} {1} && chmod 0600 -- {1} && rm -- {0}", from, to));
  return commands;
}

std::vector<std::string> restore_commands(const Entry& entry, const std::string& kept) {
  const std::string path = entry.target.path();
  const std::string to = shell_quote(path);
  const FileState& state = entry.before;
  std::vector<std::string> commands;
  commands.push_back(fmt::format("cp {}--archive -- {} {}",
                                 entry.action == Action::kQuarantine ? "--no-clobber " : "",
                                 shell_quote(kept), to));
  commands.push_back(fmt::format("chown {}:{} -- {} && chmod {:04o} -- {}", state.uid, state.gid, to,
                                 state.mode, to));
  commands.push_back(fmt::format("touch --date=@{}.{:09} -- {}", state.modified.seconds,
                                 state.modified.nanoseconds, to));
  if (state.flags != 0) commands.push_back(chattr('+', state.flags, path));
  return commands;
}

}  // namespace backscan::response

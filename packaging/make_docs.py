#!/usr/bin/env python3
"""Writes backscan(1) and the shells' completions from the program's own --help, so that they never
say anything else. Usage: make_docs.py BACKSCAN MAN_DIRECTORY OUT_DIRECTORY VERSION
"""
import gzip
import os
import re
import subprocess
import sys

OPTION = re.compile(r"^  (?P<names>(-\w,)?-[-\w,]+)(?P<rest>.*)$")


def help_of(backscan, *command):
    environment = {**os.environ, "LC_ALL": "C"}
    ran = subprocess.run([backscan, *command, "--help"], capture_output=True, text=True, check=True,
                         env=environment)
    return ran.stdout


class Command:
    """One --help page, taken apart."""

    def __init__(self, backscan, name=()):
        self.name, self.options, self.positionals, self.commands, self.footer = name, [], [], [], []
        lines = help_of(backscan, *name).splitlines()
        self.title, self.usage = lines[0], lines[1].removeprefix("Usage: ")
        section, last = "", None
        for line in lines[2:]:
            if line and not line.startswith(" ") and line.endswith(":") and " " not in line:
                section, last = line[:-1], None
            elif not line.startswith("  ") and line:
                section = "footer"
                self.footer.append(line)
            elif section == "footer":
                self.footer.append(line)
            elif line.startswith("          ") and last is not None:
                last[2] = (last[2] + " " + line.strip()).strip()
            elif section == "Subcommands" and line.strip():
                word, _, text = line.strip().partition(" ")
                self.commands.append((word, text.strip()))
            elif line.strip():
                last = self.take(section, line)
        self.children = [Command(backscan, (*name, word)) for word, _ in self.commands]

    def take(self, section, line):
        found = OPTION.match(line)
        head, _, text = line.strip().partition("   ")
        if found and section != "Positionals":
            names, _, value = head.partition(" ")
            entry = [names, value, text.strip()]
            if len(head) > 26 or not text.strip():
                parts = line.strip().split(" ")
                if not text.strip() and len(parts) > 2 and not found["rest"].startswith(" {"):
                    entry = self.tight(parts)
            self.options.append(entry)
            return entry
        word, _, value = head.partition(" ")
        entry = [word, value, text.strip()]
        self.positionals.append(entry)
        return entry

    @staticmethod
    def tight(parts):
        """'--min-confidence CONFIDENCE Least…': the column had no room for a gap."""
        value = parts[1] if re.match(r"^[A-Z|:{},=/.\w\[\]-]+$", parts[1]) else ""
        rest = parts[2:] if value else parts[1:]
        if value and rest[:1] == ["..."]:
            value, rest = value + " ...", rest[1:]
        return [parts[0], value, " ".join(rest)]


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in ".'" else text


def option_lines(entries, bold=True):
    for names, value, text in entries:
        value = value.removeprefix("TEXT").lstrip(":") if value.startswith("TEXT:") else value
        head = "\\fB" + roff(names.replace(",", ", ")) + "\\fR" if bold else "\\fI" + roff(names) + "\\fR"
        yield ".TP\n" + head + (" \\fI" + roff(value).replace(",", ",\\:") + "\\fR" if value else "")
        yield roff(text) or "\\&"


def write_command(command, out):
    out.append(f".SS \"backscan {roff(' '.join(command.name))}\"")
    out.append(roff(command.title) + ".")
    out.append(".PP\n\\fB" + roff(command.usage) + "\\fR")
    out.extend(option_lines([e for e in command.positionals if e[2]], bold=False))
    out.extend(option_lines([e for e in command.options if "--help" not in e[0]]))
    for line in command.footer:
        if line.startswith("  "):
            out.append(".br\n\\&" + roff(line))
        elif line.strip():
            out.append(".PP\n" + roff(line))
    for child in command.children:
        write_command(child, out)


def manual(top, man_directory, version):
    with open(os.path.join(man_directory, "backscan.1.in"), encoding="utf-8") as file:
        frame = file.read()
    commands = []
    for child in top.children:
        write_command(child, commands)
    general = list(option_lines([e for e in top.options if "--help" not in e[0]]))
    return (frame.replace("@VERSION@", version).replace("@TITLE@", roff(top.title))
            .replace("@OPTIONS@", "\n".join(general)).replace("@COMMANDS@", "\n".join(commands)))


def long_flags(command):
    return [n for names, _, _ in command.options for n in names.split(",") if n.startswith("--")]


def flat(command):
    yield command
    for child in command.children:
        yield from flat(child)


def bash(top):
    cases = []
    for command in flat(top):
        words = " ".join([*(w for w, _ in command.commands), *long_flags(command)])
        cases.append(f"    \"{' '.join(command.name)}\") words=\"{words}\" ;;")
    names = "|".join(sorted({w for c in flat(top) for w, _ in c.commands}))
    return f"""# bash completion for backscan, made from its --help
_backscan()
{{
  local current=${{COMP_WORDS[COMP_CWORD]}} command="" words="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in
      {names}) command="${{command:+$command }}${{COMP_WORDS[i]}}" ;;
    esac
  done
  case $command in
{chr(10).join(cases)}
  esac
  COMPREPLY=()
  if [[ $current == -* || -z $command || $command == rules || $command == baseline ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  fi
  if ((${{#COMPREPLY[@]}} == 0)); then
    compopt -o default
  fi
}}
complete -F _backscan backscan
"""


def zsh_quote(text):
    return text.replace("\\", "\\\\").replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")


def zsh(top):
    lines = ["#compdef backscan", "# zsh completion for backscan, made from its --help",
             "_backscan() {", "  local context state line", "  local -a commands", "  commands=("]
    lines += [f"    '{zsh_quote(w)}:{zsh_quote(t)}'" for w, t in top.commands]
    lines += ["  )", "  _arguments -C \\"]
    lines += [f"    '{n}[{zsh_quote(t)}]' \\" for names, _, t in top.options
              for n in names.split(",") if n.startswith("--")]
    lines += ["    '1:command:->command' '*::argument:->argument'", "  case $state in",
              "    command) _describe command commands ;;", "    argument)", "      case $line[1] in"]
    for child in top.children:
        lines.append(f"        {child.name[-1]}) _arguments \\")
        lines += [f"          '{n}[{zsh_quote(t)}]{':value:_files' if v else ''}' \\"
                  for names, v, t in child.options for n in names.split(",") if n.startswith("--")]
        words = " ".join(w for w, _ in child.commands)
        lines.append(f"          '1:command:({words})' '*:file:_files' ;;" if words
                     else "          '*:file:_files' ;;")
    lines += ["      esac ;;", "  esac", "}", "_backscan \"$@\""]
    return "\n".join(lines) + "\n"


def fish_quote(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")


def fish(top):
    lines = ["# fish completion for backscan, made from its --help"]
    lines += [f"complete -c backscan -n __fish_use_subcommand -a {w} -d '{fish_quote(t)}'"
              for w, t in top.commands]
    for command in flat(top):
        seen = " ".join(command.name[-1:])
        condition = f"-n '__fish_seen_subcommand_from {seen}' " if seen else ""
        for names, value, text in command.options:
            flags = "".join(f" -l {n[2:]}" if n.startswith("--") else f" -s {n[1:]}" for n in names.split(","))
            lines.append(f"complete -c backscan {condition}{flags.strip()}{' -r' if value else ''} "
                         f"-d '{fish_quote(text)}'")
        if command.name:
            lines += [f"complete -c backscan {condition}-a {w} -d '{fish_quote(t)}'"
                      for w, t in command.commands]
    return "\n".join(lines) + "\n"


def write(path, text, compress=False):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    data = text.encode()
    with open(path, "wb") as file:
        file.write(gzip.compress(data, 9, mtime=0) if compress else data)


def main():
    backscan, man_directory, out, version = sys.argv[1:5]
    top = Command(backscan)
    write(os.path.join(out, "man1", "backscan.1.gz"), manual(top, man_directory, version), True)
    for page in ("backscan.toml.5", "backscan-rules.5"):
        with open(os.path.join(man_directory, page), encoding="utf-8") as file:
            write(os.path.join(out, "man5", page + ".gz"), file.read().replace("@VERSION@", version), True)
    write(os.path.join(out, "completions", "backscan"), bash(top))
    write(os.path.join(out, "completions", "_backscan"), zsh(top))
    write(os.path.join(out, "completions", "backscan.fish"), fish(top))
    for name in ("changelog", "copyright"):
        source = os.path.join(man_directory, "..", "debian", name)
        text = open(source, encoding="utf-8").read().replace("@VERSION@", version)
        if name == "copyright":
            text = with_license(text, os.path.join(man_directory, "..", "..", "LICENSE"))
        write(os.path.join(out, "doc", name + (".gz" if name == "changelog" else "")), text,
              name == "changelog")


def with_license(text, path):
    lines = open(path, encoding="utf-8").read().splitlines()
    body = [" " + (line or ".") for line in lines[4:]]
    return text.replace("@LICENSE_NAME@", "Expat").replace("@LICENSE_TEXT@", "\n".join(body))


if __name__ == "__main__":
    main()

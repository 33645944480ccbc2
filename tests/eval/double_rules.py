#!/usr/bin/env python3
"""Measures what twice as many rules cost: scans a tree with a pack and with the pack and its twins.

Its own program because it needs no collections, only rules and a tree. A twin is a rule under another
id whose words are other words, as another author's rules would be; what rules have in common (names of
functions, superglobals, facts, shapes, sizes) it keeps, so that twins ask for the same common things.
"""

import argparse
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile

VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
PATTERN_LINE = re.compile(r"^(\s*(?:- )?(?:[{ ]*)(?:raw|code|text|unpacked|path|not: \{ code): ?)(.*)$")
# Escapes, classes and openings of groups stay as they are.
KEPT = re.compile(r"\\x[0-9a-fA-F]{2}|\\.|\[(?:\\.|[^\]\\])*\]|\(\?[a-zA-Z]*[:)]|(?:fact|code|text|raw|path): ")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{3,}")
REPEAT = re.compile(r"\{(\d*),(\d+)\}")
CALLED = re.compile(r"[a-z0-9_|?:() \[\]{},]+\\\(")  # what stands before an opening parenthesis
LANGUAGE = frozenset(
    "_POST _GET _REQUEST _COOKIE _SERVER _FILES _SESSION _ENV POST REQUEST COOKIE SERVER FILES SESSION "
    "GLOBALS HTTP_POST_VARS HTTP_GET_VARS class namespace extends function include require once echo "
    "print return isset array eval http https foreach while else null true false".split())


def words_of_php(patterns) -> frozenset:
    """What every pack asks for: the language's words, and all functions that some pattern names."""
    return LANGUAGE | {word for pattern in patterns for chunk in CALLED.findall(pattern)
                       for word in WORD.findall(chunk)}


def other_word(word: str) -> str:
    """Another word of the same length and sound; the same one for the same word."""
    chance = random.Random(word.lower())
    made = "".join(chance.choice(VOWELS if letter in VOWELS else CONSONANTS) for letter in word.lower())
    return "".join(new.upper() if old.isupper() else new for old, new in zip(word, made))


def twin_of_pattern(pattern: str, common=frozenset()) -> str:
    def change(text):
        text = WORD.sub(lambda m: m.group() if m.group() in common else other_word(m.group()), text)
        # One less at most: else a pattern of nothing but common words would be the same one.
        return REPEAT.sub(lambda m: f"{{{m[1]},{max(int(m[2]) - 1, int(m[1] or 0), 2)}}}", text)
    out, at = [], 0
    for kept in KEPT.finditer(pattern):
        out += [change(pattern[at:kept.start()]), kept.group()]
        at = kept.end()
    return "".join(out) + change(pattern[at:])


def twin_of_rule(text: str, common=frozenset()) -> str:
    lines = []
    for line in text.splitlines():
        if line.startswith("id: "):
            line += "-twin"
        elif line.startswith("title: "):
            line += " (twin)"
        elif (match := PATTERN_LINE.match(line)) is not None:
            line = match[1] + twin_of_pattern(match[2], common)
        lines.append(line)
    return "\n".join(lines) + "\n"


def copy_pack(rules: pathlib.Path, target: pathlib.Path, with_twins: bool) -> int:
    """Copies the rules (not zones and audits, which a scan reads elsewhere); returns their number."""
    texts = {rule: rule.read_text(encoding="utf-8") for rule in sorted(rules.glob("*/*.yaml"))}
    texts = {rule: text for rule, text in texts.items() if text.startswith("id: ")}
    common = words_of_php(m[2] for text in texts.values() for line in text.splitlines()
                          if (m := PATTERN_LINE.match(line)) is not None)
    count = 0
    for rule, text in texts.items():
        place = target / rule.parent.name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(rule, place / rule.name)
        count += 1
        if with_twins:
            (place / f"{rule.stem}-twin.yaml").write_text(twin_of_rule(text, common), encoding="utf-8")
            count += 1
    for other in ("rule.schema.json",):
        if (rules / other).is_file():
            shutil.copy(rules / other, target / other)
    return count


def cpu_seconds(binary, pack, tree) -> float:
    """User and system time of one scan by one thread."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(
        [binary, "scan", str(tree), "--no-default-rules", "--rules", str(pack), "--offline", "-j", "1",
         "--exit-zero", "-q", "-f", "jsonl", "-o", os.devnull], stderr=subprocess.PIPE, check=False)
    if result.returncode not in (0, 2):
        raise RuntimeError(f"{binary}: {result.stderr.decode(errors='replace').strip()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments=None, out=sys.stdout) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backscan", required=True, help="the program to measure")
    parser.add_argument("--rules", type=pathlib.Path, required=True, help="directory of the pack")
    parser.add_argument("--tree", type=pathlib.Path, required=True, help="what is scanned")
    parser.add_argument("--rounds", type=int, default=3, help="the least of so many scans counts")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="double-") as directory:
        scratch = pathlib.Path(directory)
        packs, times = {}, {}
        for name, with_twins in (("pack", False), ("pack and twins", True)):
            packs[name] = (scratch / name, copy_pack(options.rules, scratch / name, with_twins))
        (scratch / "empty").mkdir()
        try:
            for name, (pack, _) in packs.items():
                cpu_seconds(options.backscan, pack, scratch / "empty")  # compiles what is kept compiled
            for _ in range(options.rounds):  # alternating, so that both meet the same weather
                for name, (pack, _) in packs.items():
                    start = cpu_seconds(options.backscan, pack, scratch / "empty")
                    whole = cpu_seconds(options.backscan, pack, options.tree)
                    least = times.get(name, (whole, start))
                    times[name] = (min(whole, least[0]), min(start, least[1]))
        except (OSError, RuntimeError) as failure:
            print(f"double_rules: {failure}", file=sys.stderr)
            return 2
    for name, (whole, start) in times.items():
        print(f"{name:16}{packs[name][1]:5} rules{whole:9.2f} s, {start:5.2f} s of it to start", file=out)
    (one, one_start), (two, two_start) = times["pack"], times["pack and twins"]
    print(f"twice the rules: {100 * (two / one - 1):+.1f} % CPU, "
          f"{100 * ((two - two_start) / (one - one_start) - 1):+.1f} % without the start", file=out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

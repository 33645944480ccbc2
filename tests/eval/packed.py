#!/usr/bin/env python3
"""Measures `backscan unpack` on packed samples that send mail only from inside their layers.

Its own program because it asks another question than evaluate.py: not whether a file is reported, but
whether its layers are laid open down to the mail sink. See README.md for what counts.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import corpus
import duplicates
import packing
import tables

MAIL_LABELS = tables.MAIL_MALWARE + ("webshell-with-mail-feature",)
PACKED_NOTE = "packed: mail only inside layers"
# Names that say nothing about what a file is.
PLAIN_NAMES = re.compile(r"^(?:index|config|mail|mailer|shell|webshell|admin|test|upload|functions?|"
                         r"[0-9a-f]{16,}|.{0,3})$")


@dataclasses.dataclass
class Packed:
    """One packed sample: what is known about it, and what backscan made of it."""

    path: pathlib.Path
    label: str
    family: str
    evidence: set = dataclasses.field(default_factory=set)  # label, decoder, name, layers
    state: str = "closed"  # closed, opened, sink
    reason: str = ""


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backscan", required=True, help="the program to measure")
    parser.add_argument("--root", type=pathlib.Path, required=True, help="directory of the collections")
    parser.add_argument("--labels", type=pathlib.Path, action="append", default=[],
                        help="list of path below --root, class, note; tab-separated; repeatable")
    parser.add_argument("--malicious", action="append", default=[], metavar="COLLECTION",
                        help="look for packed samples in this collection, too; repeatable")
    parser.add_argument("--not-malicious", action="append", default=[], metavar="PREFIX",
                        help="except below this path of --root; repeatable")
    parser.add_argument("--reasons", type=pathlib.Path, action="append", default=[], metavar="FILE",
                        help="path below --root and why it stays closed, or 'no sink: …' where reading "
                             "showed that nothing in it mails; tab-separated; repeatable")
    parser.add_argument("--show", action="store_true", help="name the samples behind the figures")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    return parser.parse_args(arguments)


def stem_of(path) -> str:
    return re.sub(r"[^a-z]+", "", path.name.lower().split(".php")[0])


def read_two_columns(files):
    rows = {}
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            name, _, text = line.partition("\t")
            if text and not line.startswith("#"):
                rows[name] = text
    return rows


def collect(options, scratch):
    """Samples of labels and collections, one a content; and the notes of labels by path."""
    labelled, notes = [], {}
    for file in options.labels:
        labelled += corpus.read_labels(file, options.root, scratch)[0]
        for line in file.read_text(encoding="utf-8").splitlines():
            fields = line.split("\t")
            if len(fields) > 2:
                notes[fields[0]] = fields[2]
    samples = labelled + corpus.read_malicious(options.malicious, options.root, labelled,
                                               options.not_malicious)
    return [s for s in samples if s.label not in (*tables.HONEST, tables.NEUTRAL)], notes


def name_of(path, options, scratch) -> str:
    base = options.root if path.is_relative_to(options.root) else scratch
    return path.relative_to(base).as_posix()


def evidence_of(sample, data, note) -> set:
    """What says, without backscan, that this packed sample mails."""
    found = set()
    if sample.label in MAIL_LABELS or note == PACKED_NOTE:
        found.add("label")
    if any(packing.has_sink(text) for text in packing.plainly_decoded(data)):
        found.add("decoder")
    return found


def examine(sample, note):
    """The packed sample that `sample` is, with independent evidence; None where it is none."""
    data = corpus.read(sample.path)
    if packing.has_sink(data) or not (packing.looks_packed(data) or note == PACKED_NOTE):
        return None
    return Packed(sample.path, sample.label, packing.family_of(data), evidence_of(sample, data, note))


def find_packed(samples, notes, options, scratch):
    """Packed samples without a mail sink in their bytes, and stems of files that show theirs."""
    seen, unique = set(), []
    for sample in samples:
        digest = corpus.digest(corpus.read(sample.path))
        if digest not in seen:
            seen.add(digest)
            unique.append(sample)
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        found = pool.map(examine, unique,
                         [notes.get(name_of(s.path, options, scratch), "") for s in unique], chunksize=32)
        packed = [entry for entry in found if entry]
    plain = {stem_of(s.path) for s in unique
             if s.label in MAIL_LABELS and packing.has_sink(corpus.read(s.path))}
    for entry in packed:
        stem = stem_of(entry.path)
        if stem in plain and not PLAIN_NAMES.match(stem):
            entry.evidence.add("name")
    return packed


def unpack(binary, path):
    result = subprocess.run([binary, "unpack", "--json", str(path)], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False)
    try:
        return json.loads(result.stdout)
    except ValueError:
        message = result.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"{binary} unpack {path}: {message or 'no JSON'}") from None


def text_of(layer) -> bytes:
    return layer["text"].encode("utf-8", "replace")


def judge(entry, document) -> None:
    """Sets state and reason from what `backscan unpack` says."""
    readable = [text for text in map(text_of, document["layers"]) if packing.is_readable(text)]
    names = [fact["sink"] or fact["source"] for fact in document["facts"]
             if fact["fact"] == "unpack.hidden-name"]
    gave_up = [fact["source"] for fact in document["facts"] if fact["fact"] == "unpack.gave-up"]
    if any(packing.has_sink(text) for text in readable) or any(
            re.search(r"\b(?:mail|mb_send_mail|wp_mail)\b", name, re.I) for name in names):
        entry.state = "sink"
        entry.evidence.add("layers")
        return
    entry.state = "opened" if readable or names else "closed"
    stopped = f"; stopped at {gave_up[0]}" if gave_up else ""
    if entry.family == "commercial encoder":
        entry.reason = "commercial encoder: its code is no PHP"
    elif readable:
        entry.reason = f"{len(readable)} readable layers, none with a sink{stopped}"
    elif names:
        entry.reason = f"hidden names read, no layer{stopped}"
    else:
        entry.reason = f"nothing opened{stopped}"


def counts_as_mailing(entry) -> bool:
    """A name alone proves nothing once the file is open."""
    return bool(entry.evidence & {"label", "decoder", "layers"}) or (
        "name" in entry.evidence and entry.state == "closed")


def group_packed(entries):
    """Near-duplicates within a family; a group is as open as its least open member."""
    order = ("closed", "opened", "sink")
    groups = []
    for family in sorted({entry.family for entry in entries}):
        for members in duplicates.group([e for e in entries if e.family == family], corpus.read):
            groups.append(min(members, key=lambda entry: order.index(entry.state)))
    return groups


def print_table(entries, out) -> None:
    mailing = group_packed([e for e in entries if counts_as_mailing(e)])
    known = group_packed([e for e in entries if counts_as_mailing(e) and e.evidence - {"layers"}])
    unknown = group_packed([e for e in entries if not counts_as_mailing(e) and e.state == "closed"])
    print(f"{'packing family':44}{'samples':>8}{'opened':>8}{'sink':>6}{'%':>7}"
          f"{'known':>8}{'sink':>6}{'%':>7}{'silent':>8}", file=out)
    names = [name for name, _ in packing.FAMILIES] + ["none of these"]
    for name in [n for n in names if any(e.family == n for e in mailing + unknown)] + ["all"]:
        print_row(name, *([e for e in part if name in ("all", e.family)]
                          for part in (mailing, known, unknown)), out)
    packed = group_packed(entries)
    opened = [e for e in packed if e.state != "closed"]
    share = sum(e.state == "sink" for e in opened) / max(1, len(opened))
    print(f"{len(packed)} packed samples without a mail sink in their bytes, {len(opened)} of them opened; "
          f"a sink came to light in {100 * share:.1f} % of those.\nIf the {len(unknown)} silent ones were "
          f"alike, {share * len(unknown):.0f} of them would mail.", file=out)


def print_row(name, mailing, known, unknown, out) -> None:
    def with_sink(part):
        return sum(e.state == "sink" for e in part)
    print(f"{name:44}{len(mailing):8}{sum(e.state != 'closed' for e in mailing):8}{with_sink(mailing):6}"
          f"{tables.percent(with_sink(mailing), len(mailing)):>7}{len(known):8}{with_sink(known):6}"
          f"{tables.percent(with_sink(known), len(known)):>7}{len(unknown):8}", file=out)


def run(options, out) -> None:
    reasons = read_two_columns(options.reasons)
    with tempfile.TemporaryDirectory(prefix="packed-") as directory:
        scratch = pathlib.Path(directory).resolve()
        options.root = options.root.resolve()
        samples, notes = collect(options, scratch)
        entries = find_packed(samples, notes, options, scratch)
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for entry, document in zip(entries, pool.map(
                    lambda e: unpack(options.backscan, e.path), entries)):
                judge(entry, document)
        for entry in entries:
            told = reasons.get(name_of(entry.path, options, scratch), "")
            entry.reason = told or entry.reason
        entries = [e for e in entries if e.state == "sink" or not e.reason.startswith("no sink:")]
        print_table(entries, out)
        missed = [e for e in entries if counts_as_mailing(e) and e.state != "sink"]
        for entry in sorted(missed, key=lambda e: (e.family, str(e.path))):
            print(f"not shown: {name_of(entry.path, options, scratch)}: {entry.family}: {entry.reason} "
                  f"({', '.join(sorted(entry.evidence))})", file=out)
        if options.show:
            for entry in entries:
                print(f"{entry.state} {name_of(entry.path, options, scratch)}: {entry.family} "
                      f"({', '.join(sorted(entry.evidence))})", file=out)


def main(arguments=None) -> int:
    options = parse(arguments)
    try:
        run(options, sys.stdout)
    except (OSError, RuntimeError) as failure:
        print(f"packed: {failure}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

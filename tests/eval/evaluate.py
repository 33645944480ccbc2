#!/usr/bin/env python3
"""Measures backscan (and, with --compare, yara and clamscan) on labelled and clean files.

See README.md beside this file for what counts and how to repeat a measurement.
"""

import argparse
import pathlib
import sys
import tempfile

import corpus
import duplicates
import engines
import tables


SEEN = "seen"


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backscan", required=True, help="the program to measure")
    parser.add_argument("--root", type=pathlib.Path, help="directory of the collections")
    parser.add_argument("--labels", type=pathlib.Path, action="append", default=[],
                        help="list of path below --root, class, note; tab-separated; repeatable")
    parser.add_argument("--malicious", action="append", default=[], metavar="COLLECTION",
                        help="every PHP file of this collection is malicious; repeatable")
    parser.add_argument("--not-malicious", action="append", default=[], metavar="PREFIX",
                        help="except below this path of --root; repeatable")
    parser.add_argument("--clean", type=pathlib.Path, action="append", default=[], metavar="DIR",
                        help="a tree of honest files; repeatable")
    parser.add_argument("--seen", type=pathlib.Path, action="append", default=[], metavar="DIR",
                        help="samples that rules were written against: a group of near-duplicates with "
                             "one of them in it is left out; repeatable")
    parser.add_argument("--compare", action="store_true", help="also run the engines below")
    parser.add_argument("--yara", help="YARA rule file for --compare")
    parser.add_argument("--clam", help="ClamAV signature file or directory for --compare")
    parser.add_argument("--show-missed", action="store_true", help="name what was not found")
    parser.add_argument("--option", action="append", default=[], metavar="ARG",
                        help="handed to backscan as it is; repeatable")
    options = parser.parse_args(arguments)
    if (options.labels or options.malicious) and not options.root:
        parser.error("--labels and --malicious need --root")
    if options.compare and not (options.yara or options.clam):
        parser.error("--compare needs --yara or --clam")
    return options


def collect(options, scratch, out):
    """All samples; labels win over collections, a path counts once."""
    labelled = []
    for label_file in options.labels:
        samples, missing = corpus.read_labels(label_file, options.root, scratch)
        labelled += samples
        if missing:
            print(f"{label_file}: {len(missing)} of its paths do not exist", file=out)
    clean = corpus.read_clean(options.clean)
    malicious = corpus.read_malicious(options.malicious, options.root, labelled,
                                      options.not_malicious, clean)
    return [s for s in labelled + malicious if s.label != tables.NEUTRAL], clean


def group_by_label(samples, seen=()):
    """Near-duplicates within each label, without those that have a `seen` one among them."""
    groups = []
    for label in sorted({sample.label for sample in samples}):
        alike = duplicates.group([*seen, *(s for s in samples if s.label == label)], corpus.read)
        groups += [group for group in alike if not any(s.label == SEEN for s in group)]
    return groups


def run(options, out) -> None:
    with tempfile.TemporaryDirectory(prefix="eval-") as scratch:
        bad, clean = collect(options, pathlib.Path(scratch).resolve(), out)
        honest = [s for s in bad if s.label in tables.HONEST] + clean
        seen = corpus.read_seen(options.seen, SEEN)
        groups = group_by_label([s for s in bad if s.label not in tables.HONEST], seen)
        if seen:
            left = sum(len(group) for group in groups)
            print(f"{left} files are like none of the {len(seen)} that were seen before", file=out)
        paths = sorted({str(s.path) for s in [*honest, *(s for group in groups for s in group)]})
        results = [engines.run_backscan(options.backscan, paths, options.option)]
        if options.compare and options.yara:
            results.append(engines.run_yara(options.yara, paths))
        if options.compare and options.clam:
            results.append(engines.run_clamscan(options.clam, paths))
        for verdicts in results:
            tables.print_detection(groups, verdicts, out)
            tables.print_false_alarms(honest, verdicts, out)
        if options.show_missed:
            tables.print_missed(groups, results[0], out)


def main(arguments=None) -> int:
    options = parse(arguments)
    try:
        run(options, sys.stdout)
    except (OSError, RuntimeError) as failure:
        print(f"evaluate: {failure}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

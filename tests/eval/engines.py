"""The engines that are measured: backscan itself, and yara and clamscan for comparison.

Its own file because only this part starts programs. Each engine answers the same question: how bad
is each file, as an index into SEVERITIES, and which classes were named.
"""

import dataclasses
import json
import os
import pathlib
import subprocess
import tempfile
import time

SEVERITIES = ("info", "low", "medium", "high", "critical")


@dataclasses.dataclass
class Verdicts:
    """What one engine said. `worst`: path to the highest severity; `classes`: (class, severity)s."""

    name: str
    worst: dict
    classes: dict
    rules: dict
    seconds: float


def write_list(paths, separator: bytes) -> str:
    with tempfile.NamedTemporaryFile(prefix="eval-", suffix=".list", delete=False) as out:
        for path in paths:
            out.write(os.fsencode(path) + separator)
    return out.name


def run_backscan(binary, paths, extra) -> Verdicts:
    """Scans whole files by name; a finding counts for the file that it names."""
    listing = write_list(paths, b"\0")
    started = time.monotonic()
    command = [binary, "scan", "--offline", "--files", "all", "-f", "jsonl", "--progress", "never",
               "--exit-zero", "--files-from", listing, "--null", *extra]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    seconds = time.monotonic() - started
    pathlib.Path(listing).unlink()
    verdicts = Verdicts("backscan", {}, {}, {}, seconds)
    has_summary = False
    for line in result.stdout.splitlines():
        record = json.loads(line)
        has_summary = has_summary or record["type"] == "summary"
        if record["type"] != "finding":
            continue
        path = record["path"]
        severity = SEVERITIES.index(record["severity"])
        verdicts.worst[path] = max(severity, verdicts.worst.get(path, -1))
        verdicts.classes.setdefault(path, set()).add((record["class"], severity))
        verdicts.rules.setdefault(path, set()).add((record["rule"], severity))
    if not has_summary:
        raise RuntimeError(f"{binary}: no summary; exit code {result.returncode}")
    return verdicts


def run_yara(rules, paths) -> Verdicts:
    """Any match counts, as high: YARA rules carry no common severity."""
    listing = write_list(paths, b"\n")
    started = time.monotonic()
    result = subprocess.run(["yara", "-w", "-f", "--scan-list", rules, listing],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    pathlib.Path(listing).unlink()
    hits = {}
    for line in result.stdout.splitlines():
        _, _, path = line.partition(b" ")
        hits[os.fsdecode(path)] = SEVERITIES.index("high")
    return Verdicts("yara", hits, {}, {}, time.monotonic() - started)


def run_clamscan(database, paths) -> Verdicts:
    """Any FOUND counts, as high."""
    listing = write_list(paths, b"\n")
    started = time.monotonic()
    result = subprocess.run(["clamscan", "--infected", "--no-summary", "-d", database,
                             "--file-list", listing],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    pathlib.Path(listing).unlink()
    hits = {}
    for line in result.stdout.splitlines():
        if line.endswith(b" FOUND"):
            hits[os.fsdecode(line.rpartition(b": ")[0])] = SEVERITIES.index("high")
    return Verdicts("clamscan", hits, {}, {}, time.monotonic() - started)

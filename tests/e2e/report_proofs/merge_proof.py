#!/usr/bin/env python3
"""Merges the results of 100 hosts, 200,000 findings in all, a tenth of them seen on two hosts, and
judges time and memory. Usage: merge_proof.py BACKSCAN [SECONDS MEGABYTES]
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

HOSTS, EACH, SHARED = 100, 2_000, 200


def finding(host, number):
    # The last ones of a host are the first ones of the next: a shared store, scanned twice.
    owner, index = (host, number) if number < EACH - SHARED else ((host + 1) % HOSTS, number - (EACH - SHARED))
    root = f"/srv/www/shop{owner}-{index % 40}/public_html"
    place = f"{root}/wp-content/plugins/plugin-{index % 17}/includes/mailer-{index}.php"
    return {"type": "finding", "rule": "mailer/list-loop", "title": "Mass mailer with a pasted address list",
            "class": "mailer", "severity": "high", "confidence": "high", "causes": ["spam", "bounce"],
            "path": place, "root": root, "account": f"shop{owner}-{index % 40}",
            "domain": f"shop{owner}.example", "line": index % 90 + 1, "column": 1,
            "end_line": index % 90 + 2, "view": "code", "layers": [],
            "excerpt": "foreach (explode(\"\\n\", $_POST['list']) as $to) mail($to, $subject, $letter);",
            "message": "mail() sends to every address of a list that the visitor pastes.",
            "remedy": "Quarantine the file and look for how it came here.", "sha256": f"{owner:032x}{index:032x}",
            "size": 4096, "mtime": "2026-11-01T10:00:00Z", "ctime": "2026-11-03T15:10:00Z",
            "owner": "www-data", "uid": 33, "mode": "0644", "fingerprint": f"{owner:08x}{index:08x}",
            "rank": 60, "rank_reasons": ["high with high confidence"]}


def write_host(directory, host):
    file = os.path.join(directory, f"web{host}.jsonl")
    with open(file, "w", encoding="utf-8") as out:
        records = [{"type": "scan", "schema_version": 1, "tool": {"name": "backscan", "version": "0.1.0"},
                    "host": f"web{host}.example", "roots": ["/srv/www"], "ips": [f"192.0.2.{host}"],
                    "started": "2026-11-24T06:00:00Z", "rules": 150}]
        records += [finding(host, number) for number in range(EACH)]
        records.append({"type": "summary", "complete": True})
        out.writelines(json.dumps(record) + "\n" for record in records)
    return file


def main():
    backscan = os.path.abspath(sys.argv[1])
    seconds_allowed, megabytes_allowed = map(float, sys.argv[2:4] if len(sys.argv) > 3 else (5, 500))
    with tempfile.TemporaryDirectory(prefix="backscan-merge-") as directory:
        files = [write_host(directory, host) for host in range(HOSTS)]
        merged = os.path.join(directory, "merged.jsonl")
        start = time.monotonic()
        ran = subprocess.run([backscan, "report", "-f", "jsonl", "-o", merged, "--exit-zero", *files],
                             check=False)
        seconds = time.monotonic() - start
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(merged, encoding="utf-8") as lines:
            count = sum('"type":"finding"' in line for line in lines)
    megabytes = usage.ru_maxrss / 1024
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{HOSTS * EACH} findings of {HOSTS} hosts to {count}: {seconds:.2f} s ({cpu:.2f} s of CPU), "
          f"{megabytes:.0f} MB")
    is_right = ran.returncode == 0 and count == HOSTS * (EACH - SHARED)
    is_fast = cpu <= seconds_allowed and megabytes <= megabytes_allowed
    sys.exit(0 if is_right and is_fast else 1)


if __name__ == "__main__":
    main()

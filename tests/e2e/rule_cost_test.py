"""No rule of the pack is judged for more than a small part of honest files: counted, never timed.

Usage: rule_cost_test.py BACKSCAN SIGNATURES CLEAN_TREES
CLEAN_TREES holds unpacked PHP applications (tests/e2e/clean-trees); without it the test is skipped.
"""
import json
import os
import subprocess
import sys

MAX_PERCENT = 15  # of all files; carrier/php-in-image is at 10: every image is a candidate


def main(backscan, signatures, trees):
    tree = os.path.join(trees, "usr/share")
    if not os.path.isdir(tree):
        print(f"{tree}: not there")
        return 77
    done = subprocess.run([backscan, "rules", "stats", signatures, "--on", tree, "-f", "json",
                           "--max-candidates", str(MAX_PERCENT)],
                          capture_output=True, text=True, timeout=800, check=False)
    sys.stderr.write(done.stderr)
    if done.returncode != 0:
        return 1
    stats = json.loads(done.stdout)
    busiest = sorted(stats["rules"], key=lambda rule: -rule["candidates"])[:5]
    for rule in busiest:
        print(f"{rule['rule']}: {rule['candidates']} of {stats['files']} files")
    assert busiest[0]["candidates"] > 0, "nothing was counted"
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

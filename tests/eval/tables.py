"""Counts and prints: found and missed by class and by collection, and false alarms on clean trees.

Its own file so that the arithmetic can be tested without running an engine.
"""

from engines import SEVERITIES

MEDIUM = SEVERITIES.index("medium")
# Which finding classes are right for a label. A label that is not here has no right class.
RIGHT_CLASS = {
    "spam-mailer": {"mailer", "mail-backdoor", "smtp-spam"},
    "mail-backdoor": {"mailer", "mail-backdoor", "smtp-spam"},
    "smtp-spam": {"mailer", "mail-backdoor", "smtp-spam"},
    "phishing-result-mail": {"phishing"},
    "webshell-with-mail-feature": {"webshell"},
    "open-relay": {"open-relay"},
    "header-injection": {"header-injection", "open-relay"},
    "autoresponder": {"autoreply"},
}
CARELESS = ("open-relay", "header-injection", "autoresponder")
MAIL_MALWARE = ("spam-mailer", "mail-backdoor", "smtp-spam", "phishing-result-mail")
HONEST = ("safe", "clean")
# Read and found to be neither: counted nowhere.
NEUTRAL = "neutral"


def worst_of(verdicts, path) -> int:
    return verdicts.worst.get(str(path), -1)


def has_right_class(verdicts, sample) -> bool:
    right = RIGHT_CLASS.get(sample.label, set())
    return any(name in right for name, _ in verdicts.classes.get(str(sample.path), ()))


def count(groups, verdicts):
    """Of groups of near-duplicates: how many, found at each severity or above, of the right class.

    A group is as found as its least found member, so that one lucky copy proves nothing.
    """
    found = [0] * len(SEVERITIES)
    right = 0
    for members in groups:
        worst = min(worst_of(verdicts, sample.path) for sample in members)
        for severity in range(worst + 1):
            found[severity] += 1
        right += all(has_right_class(verdicts, sample) for sample in members)
    return {"groups": len(groups), "files": sum(len(g) for g in groups), "found": found,
            "right": right}


def percent(part, whole) -> str:
    return f"{100 * part / whole:5.1f}" if whole else "    -"


def detection_rows(groups, verdicts):
    """(name, count) rows: each label, each collection, then the totals that the targets speak of."""
    malicious = [g for g in groups if g[0].label not in HONEST]
    rows = []
    for label in sorted({g[0].label for g in malicious}):
        rows.append((f"class {label}", [g for g in malicious if g[0].label == label]))
    for collection in sorted({g[0].collection for g in malicious}):
        rows.append((f"from {collection}", [g for g in malicious if g[0].collection == collection]))
    rows.append(("mail malware", [g for g in malicious if g[0].label in MAIL_MALWARE]))
    rows.append(("careless forms", [g for g in malicious if g[0].label in CARELESS]))
    rows.append(("all malicious", [g for g in malicious if g[0].label not in CARELESS]))
    return [(name, count(members, verdicts)) for name, members in rows]


def print_detection(groups, verdicts, out):
    print(f"\n{verdicts.name}: found, in % of near-duplicate groups ({verdicts.seconds:.1f} s)", file=out)
    print(f"{'':52}{'files':>7}{'groups':>7}" + "".join(f"{'≥' + s:>10}" for s in SEVERITIES)
          + f"{'class':>8}", file=out)
    for name, row in detection_rows(groups, verdicts):
        if not row["groups"]:
            continue
        cells = "".join(f"{percent(n, row['groups']):>10}" for n in row["found"])
        print(f"{name[:52]:52}{row['files']:7}{row['groups']:7}{cells}"
              f"{percent(row['right'], row['groups']):>8}", file=out)


def false_alarms(samples, verdicts):
    """(tree, PHP files, files with a finding at each severity or above) rows, the sum last."""
    trees = {}
    for sample in samples:
        row = trees.setdefault(sample.collection, [0, [0] * len(SEVERITIES)])
        row[0] += 1
        for severity in range(worst_of(verdicts, sample.path) + 1):
            row[1][severity] += 1
    rows = [(name, files, alarms) for name, (files, alarms) in sorted(trees.items())]
    total = [sum(alarms[s] for _, _, alarms in rows) for s in range(len(SEVERITIES))]
    rows.append(("all clean", sum(files for _, files, _ in rows), total))
    return rows


def print_false_alarms(samples, verdicts, out):
    print(f"\n{verdicts.name}: clean PHP files with a finding (per 10,000 files)", file=out)
    print(f"{'':40}{'files':>8}" + "".join(f"{'≥' + s:>16}" for s in SEVERITIES), file=out)
    for name, files, alarms in false_alarms(samples, verdicts):
        cells = "".join(f"{n:6} ({10000 * n / files if files else 0:7.2f})" for n in alarms)
        print(f"{name[:40]:40}{files:8}{cells}", file=out)
    for sample in samples:
        if worst_of(verdicts, sample.path) >= MEDIUM:
            rules = sorted(r for r, s in verdicts.rules.get(str(sample.path), ()) if s >= MEDIUM)
            print(f"  {sample.path}: {', '.join(rules)}", file=out)


def print_missed(groups, verdicts, out):
    """The least found member of every group below medium: what to read next."""
    for members in groups:
        sample = min(members, key=lambda s: worst_of(verdicts, s.path))
        if sample.label not in HONEST and worst_of(verdicts, sample.path) < MEDIUM:
            print(f"missed {sample.label} {sample.path}", file=out)

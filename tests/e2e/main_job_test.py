"""The main job, whole: scan web roots with planted files, with a blacklist on rbldnsd beside it.

Usage: main_job_test.py BACKSCAN FIXTURES [CLEAN_TREES]
CLEAN_TREES holds unpacked PHP applications (tests/e2e/clean-trees); without it the fixtures' own
clean files stand in, and the test says so.
"""
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import rbldnsd

BACKSCAN = FIXTURES = CLEAN = None
PLANTED = {
    "bulk-mailer.php": ("uploads/2026/11/bulk-mailer.php", {"mailer", "open-relay"}),
    "tell-a-friend.php": ("contact/tell-a-friend.php", {"open-relay"}),
    "login-result.php": ("css/login-result.php", {"phishing"}),
}
APPLICATIONS = ("wordpress", "phpmyadmin", "roundcube", "mediawiki")
MEDIUM = {"medium", "high", "critical"}


def scan(*arguments, check=None, program=None, **more):
    """Runs `backscan scan`, without DNS unless a name server is given."""
    command = [program or BACKSCAN, "scan", *arguments]
    if "--nameserver" not in arguments:
        command.append("--offline")
    done = subprocess.run(command, capture_output=True, timeout=900, check=False, **more)
    if check is not None and done.returncode != check:
        raise AssertionError(f"exit {done.returncode}, not {check}: {done.stderr.decode()[-2000:]}")
    return done


def records(done, kind):
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [record for record in found if record["type"] == kind]


class Planted(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = tempfile.mkdtemp(prefix="backscan-e2e-", dir=os.path.dirname(CLEAN.rstrip("/")))
        cls.addClassCleanup(shutil.rmtree, cls.top, ignore_errors=True)
        cls.root = os.path.join(cls.top, "www")
        os.mkdir(cls.root)
        for name in APPLICATIONS:
            application = os.path.join(CLEAN, "usr/share", name)
            if os.path.isdir(application):
                # Hard links: thousands of files for the price of their names.
                subprocess.run(["cp", "-al", application, cls.root], check=True)
        cls.where = {}
        for name, (place, classes) in PLANTED.items():
            path = os.path.join(cls.root, "site", place)
            os.makedirs(os.path.dirname(path))
            shutil.copyfile(os.path.join(FIXTURES, "planted", name), path)
            cls.where[path] = classes
        cls.done = scan("-f", "jsonl", cls.root, check=1)

    def test_exactly_the_planted_files_are_found(self):
        serious = [f for f in records(self.done, "finding") if f["severity"] in MEDIUM]
        self.assertEqual({f["path"] for f in serious}, set(self.where))
        for finding in serious:
            self.assertIsNotNone(finding["line"], finding["rule"])
            for field in ("excerpt", "message", "remedy", "title", "fingerprint"):
                self.assertTrue(finding[field], (finding["rule"], field))
            self.assertEqual(finding["root"], self.root)
        for path, classes in self.where.items():
            self.assertTrue(classes & {f["class"] for f in serious if f["path"] == path}, path)

    def test_nothing_is_lost(self):
        summary = records(self.done, "summary")[0]
        self.assertEqual(records(self.done, "error"), [])
        self.assertTrue(summary["complete"])
        met = summary["files"]["seen"] + summary["skipped"].get("symlink", 0)
        # Symlinks to directories are entries, too.
        entries = sum(len(names) + sum(os.path.islink(os.path.join(top, d)) for d in folders)
                      for top, folders, names in os.walk(self.root))
        self.assertEqual(met, entries)

    def test_the_number_of_threads_changes_nothing(self):
        one = scan("-f", "jsonl", "-j", "1", self.root, check=1)
        eight = scan("-f", "jsonl", "-j", "8", self.root, check=1)
        for kind in ("finding", "error", "listing"):
            self.assertEqual(records(one, kind), records(eight, kind))
        text_one = scan("--color", "never", "-j", "1", self.root, check=1).stdout
        text_eight = scan("--color", "never", "-j", "8", self.root, check=1).stdout
        self.assertEqual(text_one, text_eight)

    def test_a_listing_ranks_what_fits_it(self):
        rbldnsd.skip_without_rbldnsd()
        with rbldnsd.Rbldnsd(rbldnsd.STANDARD_ZONES) as server:
            done = scan("-f", "jsonl", "--ip", "192.0.2.25", "--nameserver", server.nameserver,
                        os.path.join(self.root, "site"))
            text = scan("--color", "never", "--ip", "192.0.2.25", "--nameserver",
                        server.nameserver, os.path.join(self.root, "site")).stdout.decode()
        listed = [r for r in records(done, "listing") if r["state"] == "listed"]
        self.assertEqual([r["zone"] for r in listed], ["ips.backscatterer.org"])
        ranks = [f["rank"] for f in records(done, "finding")]
        self.assertTrue(any(rank > 0 for rank in ranks))
        self.assertTrue(all(f["rank_reasons"] for f in records(done, "finding")))
        words = " ".join(text.split())
        self.assertIn("Backscatterer", words)
        self.assertIn("four weeks", words)

    def test_a_zone_that_lies_is_not_checked(self):
        rbldnsd.skip_without_rbldnsd()
        zones = os.path.join(self.top, "zones.yaml")
        with open(zones, "w", encoding="utf-8") as file:
            file.write("zones:\n" + "".join(
                f"  - zone: {z}\n" for z in ("wild.test", "refuse.test", "pub.test", "bl.test")))
        with rbldnsd.Rbldnsd(rbldnsd.STANDARD_ZONES) as server:
            done = scan("-f", "jsonl", "--ip", "192.0.2.25", "--zones", zones, "--nameserver",
                        server.nameserver, os.path.join(self.root, "site"))
        states = {r["zone"]: (r["state"], r["reason"]) for r in records(done, "listing")}
        self.assertEqual(states, {
            "wild.test": ("not_checked", "wildcard"),
            "refuse.test": ("not_checked", "refused"),
            "pub.test": ("not_checked", "refused"),
            "bl.test": ("listed", None),
        })


class BadInput(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.mkdtemp(prefix="backscan-e2e-")
        os.chmod(self.top, 0o755)
        self.addCleanup(shutil.rmtree, self.top, ignore_errors=True)
        shutil.copy(os.path.join(FIXTURES, "planted", "tell-a-friend.php"), self.top)

    def one_line(self, done, *words):
        lines = [line for line in done.stderr.decode().splitlines() if line.startswith("backscan:")]
        self.assertTrue(any(all(word in line for word in words) for line in lines),
                        (words, done.stderr.decode()))

    def test_a_missing_root_is_told_and_the_rest_scanned(self):
        done = scan("-f", "jsonl", "/no/such/root", self.top, check=2)
        self.assertTrue(records(done, "finding"))
        self.assertEqual([e["path"] for e in records(done, "error")], ["/no/such/root"])

    def test_an_unreadable_directory_is_told_and_the_rest_scanned(self):
        # All of it where nobody may go: the checkout may lie in root's own directory.
        top = tempfile.mkdtemp(prefix="backscan-e2e-", dir="/tmp")
        self.addCleanup(shutil.rmtree, top)
        os.chmod(top, 0o755)
        program = shutil.copy(BACKSCAN, top)
        rules = os.path.join(top, "rules")
        shutil.copytree(os.path.join(FIXTURES, "../../signatures"), rules)
        root = os.path.join(top, "www")
        os.mkdir(root)
        shutil.copy(os.path.join(FIXTURES, "planted", "tell-a-friend.php"), root)
        denied = os.path.join(root, "denied")
        os.mkdir(denied, 0o000)
        nobody = pwd.getpwnam("nobody")
        done = scan("-f", "jsonl", "--no-default-rules", "--rules", rules, root, check=2,
                    program=program, user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[],
                    env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"})
        self.assertTrue(records(done, "finding"))
        # What else is missing there is this copy's: the settings' rules of the build.
        errors = [e for e in records(done, "error") if e["path"].startswith(top)]
        self.assertEqual([e["path"] for e in errors], [denied])
        self.assertIn("Permission denied", errors[0]["reason"])

    def test_an_unknown_flag(self):
        self.one_line(scan("--no-such-flag", self.top, check=2), "--no-such-flag")

    def test_a_bad_address(self):
        self.one_line(scan("--ip", "192.0.2.999", self.top, check=2), "192.0.2.999")

    def test_a_broken_rule(self):
        rules = os.path.join(self.top, "..", os.path.basename(self.top) + "-rules")
        os.makedirs(os.path.join(rules, "mailer"))
        self.addCleanup(shutil.rmtree, rules)
        with open(os.path.join(rules, "mailer", "broken.yaml"), "w", encoding="utf-8") as file:
            file.write("id: mailer/broken\ntitle: x\nwhen:\n  raw: '(unclosed'\n")
        self.one_line(scan("--rules", rules, self.top, check=2), "broken.yaml:")

    def test_an_unreachable_name_server(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{silent.getsockname()[1]}"
            done = scan("-f", "jsonl", "--ip", "192.0.2.25", "--nameserver", address, self.top,
                        check=2)
        self.assertTrue(records(done, "finding"))
        self.assertEqual({r["state"] for r in records(done, "listing")}, {"not_checked"})
        self.assertTrue(any(address in e["path"] for e in records(done, "error")))

    def test_a_closed_output_pipe(self):
        reader, writer = os.pipe()
        os.close(reader)
        try:
            done = subprocess.run([BACKSCAN, "scan", "--offline", self.top], stdout=writer,
                                  stderr=subprocess.PIPE, timeout=60, check=False)
        finally:
            os.close(writer)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"standard output: Broken pipe", done.stderr)

    def test_a_full_disk(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BACKSCAN, "scan", "--offline", self.top], stdout=full,
                                  stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"standard output: No space left on device", done.stderr)

    def test_names_cannot_reach_the_terminal(self):
        name = b"a\x1b[31m\n\xff.php"
        shutil.copyfile(os.path.join(FIXTURES, "planted", "tell-a-friend.php"),
                        os.path.join(self.top.encode(), name))
        done = scan("--color", "never", self.top, check=1)
        self.assertNotIn(b"\x1b", done.stdout)
        self.assertNotIn(b"\xff", done.stdout)
        self.assertIn(b"\\x1b[31m\\n", done.stdout)


if __name__ == "__main__":
    BACKSCAN, FIXTURES = sys.argv[1:3]
    CLEAN = sys.argv[3] if len(sys.argv) > 3 and os.path.isdir(sys.argv[3]) else None
    if CLEAN is None:
        print("no clean trees: the fixtures' own clean files stand in")
        CLEAN = os.path.join(FIXTURES, "clean")
    unittest.main(argv=sys.argv[:1], verbosity=2)

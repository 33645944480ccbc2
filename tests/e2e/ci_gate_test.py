#!/usr/bin/env python3
"""The CI gate as a job uses it: exit codes, --diff-base against a result and a git range, annotations,
and the pre-commit hook's own command line. Usage: ci_gate_test.py BACKSCAN SOURCE_DIRECTORY
"""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

BACKSCAN, SOURCE = (os.path.abspath(path) for path in sys.argv[1:3])
BAD = "<?php\nforeach (explode(\"\\n\", $_POST['list']) as $to) {\n  mail($to, $_POST['s'], $_POST['b']);\n}\n"


def run(*arguments, cwd=None):
    return subprocess.run([BACKSCAN, *arguments], capture_output=True, text=True, cwd=cwd, check=False)


class CiGate(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="backscan-gate-")
        self.addCleanup(shutil.rmtree, self.directory)
        self.site = os.path.join(self.directory, "site")
        os.makedirs(self.site)
        self.write("index.php", "<?php echo 'hello';\n")

    def write(self, name, text):
        with open(os.path.join(self.site, name), "w", encoding="utf-8") as file:
            file.write(text)

    def scan(self, *arguments):
        return run("-q", "scan", "--offline", *arguments, ".", cwd=self.site)

    def git(self, *arguments):
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": self.directory}
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
                       cwd=self.site, check=True, capture_output=True, env=environment)

    def test_exit_codes_follow_the_findings(self):
        self.assertEqual(self.scan().returncode, 0)
        self.write("send.php", BAD)
        self.assertEqual(self.scan().returncode, 1)
        self.assertEqual(self.scan("--exit-code", "7").returncode, 7)
        self.assertEqual(self.scan("--exit-zero").returncode, 0)

    def test_output_is_the_same_each_time(self):
        self.write("send.php", BAD)
        self.assertEqual(self.scan("-f", "github").stdout, self.scan("-f", "github").stdout)

    def test_only_what_is_new_against_an_earlier_result(self):
        self.write("old.php", BAD)
        earlier = os.path.join(self.directory, "earlier.jsonl")
        self.scan("-f", "jsonl", "-o", earlier)
        self.assertEqual(self.scan("--diff-base", earlier).returncode, 0)
        self.write("new.php", BAD.replace("list", "addresses"))
        ran = self.scan("--diff-base", earlier, "-f", "github")
        self.assertEqual(ran.returncode, 1)
        self.assertIn("file=new.php", ran.stdout)
        self.assertNotIn("file=old.php", ran.stdout)

    @unittest.skipUnless(shutil.which("git"), "git is not installed")
    def test_only_files_that_a_git_range_changed(self):
        self.write("old.php", BAD)
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "old")
        self.assertEqual(self.scan("--diff-base", "git:HEAD", "--exclude", ".git").returncode, 0)
        self.write("new.php", BAD)
        self.git("add", "-A")
        self.git("commit", "-qm", "new")
        ran = self.scan("--diff-base", "git:HEAD~1..HEAD", "--exclude", ".git", "-f", "github")
        self.assertEqual(ran.returncode, 1, ran.stderr)
        self.assertIn("file=new.php", ran.stdout)
        self.assertNotIn("file=old.php", ran.stdout)

    def test_where_git_cannot_say_nothing_is_left_out(self):
        self.write("send.php", BAD)
        ran = self.scan("--diff-base", "git:HEAD~1..HEAD", "-f", "github")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("file=send.php", ran.stdout)
        self.assertEqual(self.scan("--diff-base", "git:--output=x").returncode, 2)

    def test_a_diff_base_inside_the_scanned_tree_is_refused(self):
        self.write("earlier.jsonl", "")
        self.assertEqual(self.scan("--diff-base", "earlier.jsonl").returncode, 2)

    def test_github_annotations_are_one_command_a_line(self):
        self.write("a,b:c%\n::error::owned.php", BAD)
        lines = self.scan("-f", "github").stdout.splitlines()
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, r"^::(error|warning|notice) file=[^,:]*,line=\d+,endLine=\d+,title=[^,:]*::")

    def test_gitlab_code_quality_has_what_gitlab_wants(self):
        self.write("send.php", BAD)
        issues = json.loads(self.scan("-f", "gitlab").stdout)
        self.assertTrue(issues)
        for issue in issues:
            self.assertIn(issue["severity"], ["info", "minor", "major", "critical", "blocker"])
            self.assertEqual(issue["location"]["path"], "send.php")
            self.assertGreaterEqual(issue["location"]["lines"]["begin"], 1)
            self.assertTrue(issue["fingerprint"] and issue["description"] and issue["check_name"])

    def test_the_pre_commit_hook_runs_over_the_files_it_is_given(self):
        with open(os.path.join(SOURCE, ".pre-commit-hooks.yaml"), encoding="utf-8") as file:
            (hook,) = yaml.safe_load(file)
        self.assertTrue(re.search(hook["files"], "public/send.php"))
        self.assertTrue(re.search(hook["files"], "public/.htaccess"))
        self.assertFalse(re.search(hook["files"], "style.css"))
        self.write("send.php", BAD)
        program, *arguments = shlex.split(hook["entry"])
        self.assertEqual(program, "backscan")
        self.assertEqual(run(*arguments, "index.php", cwd=self.site).returncode, 0)
        self.assertEqual(run(*arguments, "index.php", "send.php", cwd=self.site).returncode, 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

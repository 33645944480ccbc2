#!/usr/bin/env python3
"""What other programs make of the reports: SARIF multitool, a JUnit schema, LibreOffice, Chromium.

Usage: report_proofs_test.py BACKSCAN SOURCE_DIRECTORY [OUT_DIRECTORY]
Each check needs a tool and is skipped without it; if none could be made, exit 77. Needed are: the npm
packages playwright-core, axe-core and @microsoft/sarif-multitool-linux below $BACKSCAN_NODE_MODULES
(or build/proofs/node_modules: tests/e2e/report_proofs/install makes it), chromium, node, soffice and
xmllint. $BACKSCAN_JUNIT_XSD names another schema than junit.xsd. No check reaches for the network.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

LARGE = 50_000
# Only judged where it is set: a busy machine must not fail a build.
LOAD_LIMIT_MS = float(os.environ.get("BACKSCAN_LOAD_LIMIT_MS", "inf"))


class Proofs:
    def __init__(self, backscan, source, out):
        self.backscan, self.source, self.out = backscan, source, out
        self.modules = os.environ.get("BACKSCAN_NODE_MODULES") or os.path.join(
            source, "build", "proofs", "node_modules")
        self.made, self.failed = 0, 0

    def path(self, name):
        return os.path.join(self.out, name)

    def module(self, *parts):
        found = os.path.join(self.modules, *parts)
        return found if os.path.exists(found) else None

    def judge(self, name, problems):
        self.made += 1
        self.failed += bool(problems)
        print(("FAIL " if problems else "ok   ") + name)
        for problem in problems:
            print("     ", problem)

    def skip(self, name, why):
        print(f"skip  {name}: {why}")

    def run(self, *command):
        return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)

    def render(self):
        """The hostile golden result, and a large one of an ordinary host, in every format."""
        hostile = os.path.join(self.source, "tests", "golden", "report.jsonl")
        formats = [f"--report={f}={self.path('report.' + f)}" for f in ("sarif", "junit", "csv", "html")]
        self.run(self.backscan, "report", hostile, "-o", self.path("report.text"), *formats)
        write_large(self.path("large.jsonl"))
        self.run(self.backscan, "report", self.path("large.jsonl"), "-f", "html", "-o",
                 self.path("large.html"), f"--report=junit={self.path('large.junit')}")

    def sarif(self):
        tool = self.module("@microsoft", "sarif-multitool-linux", "Sarif.Multitool")
        if not tool:
            return self.skip("SARIF", "no sarif-multitool")
        answer = self.path("validation.sarif")
        ran = self.run(tool, "validate", self.path("report.sarif"), "--output", answer,
                       "--log", "ForceOverwrite")
        if not os.path.exists(answer):
            return self.skip("SARIF", "the multitool does not run: " + ran.stderr[:200])
        with open(answer, encoding="utf-8-sig") as file:
            results = json.load(file)["runs"][0].get("results", [])
        errors = [f"{r['ruleId']}: {r['message']}" for r in results if r.get("level") == "error"]
        return self.judge("SARIF: no error of the multitool", errors)

    def junit(self):
        schema = os.environ.get("BACKSCAN_JUNIT_XSD") or os.path.join(
            os.path.dirname(os.path.abspath(__file__)), "junit.xsd")
        if not shutil.which("xmllint"):
            return self.skip("JUnit", "no xmllint")
        problems = []
        for report in ("report.junit", "large.junit"):
            ran = self.run("xmllint", "--noout", "--schema", schema, self.path(report))
            problems += ran.stderr.splitlines()[:5] if ran.returncode else []
            problems += miscounted(ET.parse(self.path(report)).getroot())
        return self.judge("JUnit: valid by " + os.path.basename(schema) + ", its counts are right",
                          problems)

    def csv(self):
        office = shutil.which("soffice")
        if not office:
            return self.skip("CSV", "no soffice")
        shutil.copy(self.path("report.csv"), self.path("sheet.csv"))
        # With an own profile, so that a running office is left alone; -1: every field is looked at as
        # a person's import does.
        self.run(office, "--headless", f"-env:UserInstallation=file://{self.path('profile')}",
                 "--infilter=CSV:44,34,76,1,,0,false,true,true", "--convert-to", "fods",
                 "--outdir", self.out, self.path("sheet.csv"))
        if not os.path.exists(self.path("sheet.fods")):
            return self.skip("CSV", "soffice converts nothing")
        text = open(self.path("sheet.fods"), encoding="utf-8").read()
        formulas = re.findall(r"table:formula=\"[^\"]{0,80}", text)
        rows = text.count("<table:table-row")
        return self.judge("CSV: no cell is a formula in LibreOffice",
                          formulas + ([] if rows > 3 else ["the sheet is empty"]))

    def html(self):
        chromium, node = shutil.which("chromium"), shutil.which("node")
        if not (chromium and node and self.module("playwright-core") and self.module("axe-core")):
            return self.skip("HTML", "no chromium, node, playwright-core or axe-core")
        here = os.path.dirname(os.path.abspath(__file__))
        ran = self.run(node, os.path.join(here, "html_proof.mjs"), self.modules, chromium, self.out,
                       self.path("report.html"), self.path("large.html"))
        if ran.returncode:
            return self.judge("HTML opens in Chromium", [ran.stderr[:600]])
        answer = json.loads(ran.stdout.splitlines()[-1])
        self.judge("HTML: nothing is requested", answer["requests"])
        self.judge("HTML: no script of the scanned runs", answer["dialogs"] + answer["complaints"])
        foreign = [f"{view}: {counts}" for view, counts in answer["foreign"].items()
                   if counts != {"elements": 0, "scripts": 1, "links": 0, "handlers": 0, "wide": False}]
        self.judge("HTML: hostile text makes no element; no view is wider than its window", foreign)
        self.judge("HTML: axe-core finds nothing serious", answer["serious"])
        load = answer["load"]
        painted = "untold" if load["painted"] is None else f"{load['painted']:.0f} ms"
        print(f"      {load['findings']} findings: first paint {painted}, loaded "
              f"{load['loaded']:.0f} ms, search {load['search']:.0f} ms ({load['shown']})")
        limit = "" if LOAD_LIMIT_MS == float("inf") else f" within {LOAD_LIMIT_MS:.0f} ms"
        return self.judge(f"HTML: {LARGE} findings open{limit}",
                          [str(load)] if load["loaded"] > LOAD_LIMIT_MS or load["findings"] != LARGE
                          else [])


def miscounted(root):
    """The suites whose numbers are not those of their cases."""
    for suite in root.iter("testsuite"):
        counts = {"tests": len(suite.findall("testcase")), "failures": len(suite.findall("*/failure")),
                  "errors": len(suite.findall("*/error"))}
        told = {name: int(suite.get(name)) for name in counts}
        if told != counts:
            yield f"{suite.get('name')}: says {told}, has {counts}"


def write_large(path):
    """A merged result as a hosting company has it: 200 accounts, few of them very bad."""
    with open(path, "w", encoding="utf-8") as out:
        def line(**record):
            out.write(json.dumps(record) + "\n")
        line(type="scan", schema_version=1, tool={"name": "backscan", "version": "0.0.0"},
             host="web1.example", roots=["/srv/www"], ips=["192.0.2.25"],
             started="2026-11-24T06:00:00Z", rules=200)
        for i in range(LARGE):
            account = f"shop{i % 200}"
            root = f"/srv/www/{account}/public_html"
            line(type="finding", rule="mailer/list-loop", title="Mass mailer with a pasted list",
                 **{"class": "mailer"}, severity=["low", "medium", "high", "critical"][i % 4],
                 confidence="high", causes=["spam"], account=account, domain=f"{account}.example",
                 path=f"{root}/wp-content/uploads/2026/{i}/mailer-{i}.php", root=root, line=i % 90 + 1,
                 column=1, end_line=i % 90 + 1, view="code", excerpt="mail($to, $subject, $letter)",
                 message="mail() sends to every address of a pasted list.", remedy="Remove the file.",
                 fingerprint=f"{i:016x}", rank=i % 101)
        line(type="summary", counts={}, is_complete=True)


def main():
    backscan, source = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="backscan-proofs-") as temporary:
        out = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 else temporary
        os.makedirs(out, exist_ok=True)
        proofs = Proofs(backscan, source, out)
        proofs.render()
        proofs.judge("JUnit is XML", [] if ET.parse(proofs.path("report.junit")) else ["it is not"])
        proofs.made -= 1
        for check in (proofs.sarif, proofs.junit, proofs.csv, proofs.html):
            check()
        print(f"{proofs.made - proofs.failed} passed, {proofs.failed} failed")
        if proofs.failed:
            sys.exit(1)
        sys.exit(0 if proofs.made else 77)


if __name__ == "__main__":
    main()

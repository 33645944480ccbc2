#!/usr/bin/env python3
"""Tests of the evaluation program: what counts, what is a copy, and the arithmetic of the tables.

With BACKSCAN_BINARY in the environment it also measures a small corpus of our own with the program.
"""

import base64
import io
import os
import pathlib
import random
import re
import tempfile
import unittest
import zipfile
import zlib

import corpus
import double_rules
import duplicates
import engines
import evaluate
import hacked_site
import packed
import packing
import tables

BACKSCAN = os.environ.get("BACKSCAN_BINARY", "")
MAILER = b"""<?php
$list = explode("\\n", $_POST['emaillist']);
foreach ($list as $address) {
    mail($address, $_POST['subject'], $_POST['letter'], 'From: ' . $_POST['from']);
}
"""
HONEST = b"<?php\nfunction greet($name) { return 'Hello ' . htmlspecialchars($name); }\n"
LONG = b"<?php " + b" ".join(b"$a%d = strlen($b%d) + %d;" % (i, i, i) for i in range(40))


class TreeTest(unittest.TestCase):
    """Gives each test a directory to write in."""

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.directory.name).resolve()
        self.scratch = self.root / "scratch"

    def tearDown(self):
        self.directory.cleanup()

    def write(self, name, data):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path


class CorpusTest(TreeTest):
    def test_tells_php_by_name_and_by_open_tag_but_not_in_prose(self):
        for name, data, expected in (("a.php", MAILER, True), ("a.php", b"no tag", False),
                                     ("sample", MAILER, True), ("notes.md", MAILER, False)):
            self.assertEqual(corpus.is_php(pathlib.Path(name), data), expected, name)

    def test_reads_labels_and_names_the_missing(self):
        self.write("one/a.php", MAILER)
        labels = self.write("labels.tsv", b"one/a.php\tspam-mailer\tnote\none/gone.php\tsafe\t\n")
        samples, missing = corpus.read_labels(labels, self.root, self.scratch)
        self.assertEqual([(s.collection, s.label) for s in samples], [("one", "spam-mailer")])
        self.assertEqual(missing, ["one/gone.php"])

    def test_unpacks_archives_that_labels_name_and_nothing_outside_them(self):
        (self.root / "kits").mkdir()
        with zipfile.ZipFile(self.root / "kits/kit.zip", "w") as archive:
            archive.writestr("kit/post.php", MAILER)
            archive.writestr("../../escape.php", MAILER)
        labels = self.write("labels.tsv", b"kits/kit.zip.d/kit/post.php\tspam-mailer\t\n")
        samples, missing = corpus.read_labels(labels, self.root, self.scratch)
        self.assertEqual((len(samples), missing), (1, []))
        self.assertEqual(list(self.root.rglob("escape.php")), [])

    def test_leaves_labelled_and_excluded_files_out_of_a_collection(self):
        labelled = corpus.Sample(self.write("one/a.php", MAILER), "one", "safe")
        self.write("one/docs/b.php", HONEST)
        kept = self.write("one/c.php", MAILER)
        samples = corpus.read_malicious(["one"], self.root, [labelled], ["one/docs/"])
        self.assertEqual([s.path for s in samples], [kept])

    def test_leaves_out_what_was_only_brought_along_and_copies_of_clean_files(self):
        self.write("one/vendor/composer/ClassLoader.php", HONEST)
        self.write("one/vendor/maker/lib.php", HONEST)
        self.write("one/tool.php", b"#!/usr/bin/env php\n" + MAILER)
        self.write("one/greet.php", HONEST)
        kept = [self.write("one/a.php", MAILER), self.write("one/other/vendor/a.php", MAILER)]
        clean = [corpus.Sample(self.write("clean/greet.php", HONEST), "clean", "clean")]
        samples = corpus.read_malicious(["one"], self.root, [], [], clean)
        self.assertEqual([s.path for s in samples], kept)


class DuplicatesTest(unittest.TestCase):
    def groups(self, *texts):
        data = {pathlib.Path(str(i)): text for i, text in enumerate(texts)}
        samples = [corpus.Sample(path, "c", "malicious") for path in data]
        return len(duplicates.group(samples, data.__getitem__))

    def test_renamed_and_commented_copies_are_one(self):
        self.assertEqual(self.groups(MAILER, MAILER.replace(b"$list", b"$x1 /* c */")), 1)

    def test_slightly_edited_copies_are_one(self):
        self.assertEqual(self.groups(LONG, LONG + b" echo 'new ending';"), 1)

    def test_different_files_stay_apart(self):
        self.assertEqual(self.groups(MAILER, HONEST, LONG), 3)

    def test_the_same_wrapper_around_another_payload_stays_apart(self):
        wrapper = b"<?php eval(base64_decode('%s'));"
        self.assertEqual(self.groups(wrapper % (b"QUJD" * 40), wrapper % (b"REVG" * 40)), 2)


class TablesTest(unittest.TestCase):
    def test_a_group_is_as_found_as_its_least_found_member(self):
        a, b = (corpus.Sample(pathlib.Path(n), "c", "spam-mailer") for n in ("/a", "/b"))
        verdicts = engines.Verdicts("x", {"/a": 4, "/b": 1}, {"/a": {("mailer", 4)}}, {}, 0)
        row = tables.count([[a, b], [a]], verdicts)
        self.assertEqual((row["groups"], row["files"], row["right"]), (2, 3, 1))
        self.assertEqual(row["found"], [2, 2, 1, 1, 1])

    def test_false_alarms_are_counted_by_tree_and_severity(self):
        clean = [corpus.Sample(pathlib.Path(f"/{i}"), "tree", "clean") for i in range(10)]
        verdicts = engines.Verdicts("x", {"/3": 2, "/4": 0}, {}, {}, 0)
        self.assertEqual(tables.false_alarms(clean, verdicts)[-1], ("all clean", 10, [2, 1, 1, 0, 0]))


@unittest.skipUnless(BACKSCAN, "BACKSCAN_BINARY is not set")
class WholeRunTest(TreeTest):
    def test_measures_a_small_corpus_with_the_real_program(self):
        self.write("bad/one/mailer.php", MAILER)
        self.write("bad/one/copy.php", MAILER.replace(b"$list", b"$targets"))
        self.write("clean/site/greet.php", HONEST)
        labels = self.write("labels.tsv", b"one/mailer.php\tspam-mailer\t\n")
        out = io.StringIO()
        evaluate.run(evaluate.parse([
            "--backscan", BACKSCAN, "--root", str(self.root / "bad"), "--labels", str(labels),
            "--malicious", "one", "--clean", str(self.root / "clean/site")]), out)
        rows = {line[:52].strip(): line[52:].split() for line in out.getvalue().splitlines()}
        self.assertEqual(rows["class spam-mailer"][:2], ["1", "1"])
        self.assertEqual(rows["class spam-mailer"][4], "100.0")
        self.assertEqual(rows["all malicious"][:2], ["2", "2"])
        clean = next(line for line in out.getvalue().splitlines() if line.startswith("all clean"))
        self.assertEqual(clean[40:48].strip(), "1")
        self.assertNotIn("greet.php", out.getvalue())


    @unittest.skipUnless(BACKSCAN, "needs the program")
    def test_what_is_like_a_seen_file_counts_nowhere(self):
        self.write("held/one/copy.php", MAILER.replace(b"$list", b"$targets"))
        self.write("held/one/new.php", LONG)
        self.write("known/a.php", MAILER)
        out = io.StringIO()
        evaluate.run(evaluate.parse([
            "--backscan", BACKSCAN, "--root", str(self.root / "held"), "--malicious", "one",
            "--seen", str(self.root / "known")]), out)
        self.assertIn("1 files are like none of the 1 that were seen", out.getvalue())
        self.assertRegex(out.getvalue(), r"all malicious +1 +1 ")

    @unittest.skipUnless(BACKSCAN, "needs the program")
    def test_neutral_files_count_nowhere(self):
        self.write("one/a.php", MAILER)
        self.write("one/notes.php", HONEST)
        labels = self.write("neutral.tsv", b"one/notes.php\tneutral\twhy\n")
        for arguments, groups in (([], 2), (["--labels", str(labels)], 1)):
            options = evaluate.parse(["--backscan", BACKSCAN, "--root", str(self.root), "--malicious",
                                      "one", *arguments])
            out = io.StringIO()
            evaluate.run(options, out)
            self.assertRegex(out.getvalue(), rf"all malicious +{groups} +{groups} ")


class PackingTest(unittest.TestCase):
    LETTER = b"".join(b"mail('inert@example.org', 'inert subject %d', $body . '%x'); " % (i, i * i * 7919)
                      for i in range(20))

    def wrapped(self, text):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return base64.b64encode(packer.compress(text) + packer.flush())

    def test_knows_a_sink_from_what_looks_like_one(self):
        for text, expected in ((b"@mail($to, 's', 'b');", True), (b"if (!mb_send_mail($a)) {", True),
                               (b"$this->mail($to);", False), (b"function mail($to)", False),
                               (b"e-mail (required)", False), (b"RCPT TO: <", True)):
            self.assertEqual(packing.has_sink(text), expected, text)

    def test_decodes_layer_below_layer_without_the_code_around_it(self):
        inner = b"<?php eval(gzinflate(base64_decode('%s'))); $x = 1;" % self.wrapped(self.LETTER)
        outer = b"<?php eval(str_rot13(base64_decode('%s')));" % base64.b64encode(inner.translate(packing.ROT13))
        self.assertFalse(packing.has_sink(outer))
        self.assertTrue(any(packing.has_sink(text) for text in packing.plainly_decoded(outer)))

    def test_a_one_liner_is_not_packed(self):
        self.assertFalse(packing.looks_packed(b"<?php @assert($_POST['x']);"))
        self.assertTrue(packing.looks_packed(b"<?php eval(base64_decode('%s'));" % (b"QUJD" * 100)))

    def test_a_name_counts_only_while_the_file_stays_closed(self):
        entry = packed.Packed(pathlib.Path("a.php"), "malicious", "eval + base64", {"name"})
        self.assertTrue(packed.counts_as_mailing(entry))
        entry.state = "opened"
        self.assertFalse(packed.counts_as_mailing(entry))


@unittest.skipUnless(BACKSCAN, "BACKSCAN_BINARY is not set")
class PackedRunTest(TreeTest):
    def test_tells_opened_from_closed_by_family(self):
        letter = b"$to = 'inert@example.org'; mail($to, 'inert subject', $body . chr(%d)); " * 30
        numbers = iter(range(1000))
        for name in ("one.php", "two.php"):
            text = re.sub(rb"%d", lambda _: b"%d" % next(numbers), letter)
            self.write("bad/" + name, b"<?php eval(base64_decode('%s'));" % base64.b64encode(text))
        closed = base64.b64encode(letter)
        self.write("bad/three.php", b"<?php if (0) die; $x = strtr('%s', $_POST['k'], 'x'); eval($x);" % closed)
        out = io.StringIO()
        packed.run(packed.parse(["--backscan", BACKSCAN, "--root", str(self.root), "--malicious", "bad"]), out)
        self.assertRegex(out.getvalue(), r"eval \+ base64 +2 +2 +2 +100\.0")


class DoubleRulesTest(TreeTest):
    def test_twins_have_other_words_and_the_same_shape(self):
        common = double_rules.words_of_php([r"\b(?:eval|assert)\(\$_POST"])
        pattern = r"(?i)\bassert\(\$_POST\['secretword'\]\x41{3,20}"
        twin = double_rules.twin_of_pattern(pattern, common)
        self.assertIn(r"\bassert\(\$_POST\['", twin)
        self.assertIn(r"\x41{3,19}", twin)
        self.assertNotIn("secretword", twin)
        self.assertEqual(len(twin), len(pattern))

    @unittest.skipUnless(BACKSCAN, "needs the program")
    def test_measures_both_packs(self):
        self.write("tree/a.php", HONEST)
        rules = pathlib.Path(__file__).parents[2] / "signatures"
        out = io.StringIO()
        code = double_rules.main(["--backscan", BACKSCAN, "--rules", str(rules), "--tree",
                                  str(self.root / "tree"), "--rounds", "1"], out)
        self.assertEqual(code, 0)
        self.assertRegex(out.getvalue(), r"twice the rules: [-+][0-9.]+ % CPU")


class HackedSiteTest(TreeTest):
    def site(self):
        for i in range(6):
            self.write(f"site/part{i}/page{i}.php", HONEST + b"// %d\n" % i)
        return self.root / "site"

    def test_plants_beside_honest_files_and_overwrites_none(self):
        site, sample = self.site(), self.write("one/a.php", MAILER)
        before = {path: path.read_bytes() for path in corpus.walk(site)}
        planted = hacked_site.plant(site, [sample], 1, random.Random(1))
        self.assertEqual([pathlib.Path(p).read_bytes() for p in planted], [MAILER])
        self.assertEqual({p: p.read_bytes() for p in before}, before)

    def test_injects_into_honest_files_only(self):
        site = self.site()
        first = str(site / "part0/page0.php")
        changed = hacked_site.inject(site, 5, random.Random(1), {first})
        self.assertEqual(len(changed), 5)
        self.assertNotIn(first, changed)
        for path, line in changed.items():
            data = pathlib.Path(path).read_bytes()
            self.assertIn(line.encode(), data)
            self.assertIn(b"function greet", data)

    @unittest.skipUnless(BACKSCAN, "needs the program")
    def test_measures_a_hacked_site(self):
        self.write("samples/one/a.php", MAILER)
        out = io.StringIO()
        code = hacked_site.main(["--backscan", BACKSCAN, "--clean", str(self.site()), "--root",
                                 str(self.root / "samples"), "--malicious", "one", "--inject", "2"], out)
        self.assertEqual(code, 0)
        self.assertRegex(out.getvalue(), r"all sites +3 of +3 +100\.0 +0")


if __name__ == "__main__":
    unittest.main()

"""Whole hosts: real mail through Exim and Postfix, real logs and queues, a blacklist on rbldnsd, and
backscan has to say what the host is listed for.

Usage: host_in_a_box_test.py BACKSCAN SERVERS   (SERVERS: what tests/e2e/mail-servers unpacked)
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

import host_box
import host_mta
import host_sink
import rbldnsd

BACKSCAN = SERVERS = None
IP = "192.0.2.25"
SPAM_LIST = "spam.test"
BACKSCATTER_LIST = "ips.backscatterer.org"
ZONES = (f"zones:\n  - {{zone: {BACKSCATTER_LIST}}}\n"
         f"  - {{zone: {SPAM_LIST}, name: Spam list, families: [ipv4], causes: [spam]}}\n")


def strangers(count, local="victim"):
    return [f"{local}{n}@innocent.example" for n in range(count)]


class Scenarios:
    """For both servers; `mta` is the class of host_mta."""
    mta = None

    def setUp(self):
        self.sink = self.enterContext(host_sink.Sink())

    def box(self, fault=None):
        box = self.enterContext(host_box.Box(SERVERS, self.mta(self.sink, fault)))
        box.site("carol", "contact.php")
        box.visit("carol", "/contact.php", {"email": "jo@remote.example", "message": "Hello"})
        return box

    def result(self, box, *lists):
        """`backscan scan --accounts` of the box while the named lists have it."""
        zones = [rbldnsd.listing(z) if z in lists else rbldnsd.clean(z)
                 for z in (BACKSCATTER_LIST, SPAM_LIST)]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file, \
                rbldnsd.Rbldnsd(zones) as server:
            file.write(ZONES)
            file.flush()
            done = subprocess.run(
                [BACKSCAN, "scan", "--accounts", "--root", box.root, "--ip", IP, "--zones", file.name,
                 "--nameserver", server.nameserver, "-f", "json"],
                capture_output=True, timeout=120, check=False, env={**os.environ, "TZ": "UTC"})
        self.assertIn(done.returncode, (0, 1), done.stderr.decode())
        result = json.loads(done.stdout)
        self.assertTrue(result["summary"]["complete"], result["errors"])
        listed = {r["zone"] for r in result["listings"] if r["state"] == "listed"}
        self.assertEqual(listed, set(lists))
        return result

    def first_cause(self, result, kind, subject):
        causes = result["summary"]["likely_causes"]
        told = json.dumps([(c["kind"], c["subject"], c["rank"]) for c in causes], indent=1)
        self.assertTrue(causes, result["summary"]["advice"])
        self.assertEqual((causes[0]["kind"], causes[0]["subject"].split(":")[0]), (kind, subject), told)
        return causes[0]

    def settled(self, box, condition):
        self.sink.wait_for(condition)
        time.sleep(0.6)  # the servers' own last lines

    # The scenarios.

    def test_a_mailer_script(self):
        box = self.box()
        box.site("alice", "mailer.php")
        people = [f"person{n}@remote.example" for n in range(24)]
        gone = [f"gone{n}@remote.example" for n in range(6)]
        box.visit("alice", "/mailer.php", {"people": "\n".join(people + gone), "subject": "Offer",
                                           "from": "forged@innocent.example", "letter": "Buy."})
        bounces = 6 if self.mta is host_mta.Postfix else 0  # Exim does not believe -f
        self.settled(box, lambda s: len(s.accepted) == 24 + bounces and len(s.refused) == 6)
        result = self.result(box, SPAM_LIST)
        cause = self.first_cause(result, "script", box.path("/home/alice/www/mailer.php"))
        self.assertEqual(cause["account"], "alice")
        evidence = cause["evidence"]
        self.assertEqual(evidence["messages"],
                         len(self.sink.accepted) - bounces + len(self.sink.refused))
        self.assertEqual(evidence["recipients"], 30)
        self.assertEqual(evidence["null_sender"], len(self.sink.null_sender))
        sender = result["senders"][0]
        self.assertEqual((sender["script"], sender["attribution"], sender["uid"]),
                         ("/home/alice/www/mailer.php", "php-mail-log", host_box.ACCOUNTS["alice"]))
        self.assertEqual(sender["bounces_caused"], 6)
        self.assertEqual(result["mail"]["backscatter"], [], "the server itself bounced to nobody")
        self.assertEqual(result["audit"], [], "its settings are sound")

    def test_b_auto_reply_form(self):
        box = self.box()
        box.site("bob", "subscribe.php")
        for stranger in strangers(20):
            box.visit("bob", "/subscribe.php", {"email": stranger, "name": "Jo"})
        self.settled(box, lambda s: len(s.accepted) == 20 and box.mailbox("bob") == 20)
        cause = self.first_cause(self.result(box, BACKSCATTER_LIST), "script",
                                 box.path("/home/bob/www/subscribe.php"))
        self.assertIn("autoreply", cause["causes"])
        self.assertEqual(cause["evidence"]["messages"],
                         len(self.sink.accepted) + box.mailbox("bob"))

    def test_c_accept_then_bounce(self):
        box = self.box("bounce")
        for n, stranger in enumerate(strangers(12)):
            self.assertTrue(box.receive(stranger, f"nosuch{n}@box.example"))
        self.settled(box, lambda s: len(s.null_sender) == 12)
        cause = self.first_cause(self.result(box, BACKSCATTER_LIST), "mail-server", "unknown-user")
        self.assertEqual(cause["evidence"]["messages"], len(self.sink.null_sender))
        self.assertIn("The setting", cause["remedy"], "the audit saw the fault, too")

        # One more in another minute, among honest mail in and out: trace has to find it, its parent and
        # nothing else.
        time.sleep(61 - time.time() % 60)
        read = box.mailbox("carol")
        self.assertTrue(box.receive("friend@remote.example", "carol@box.example"))
        box.visit("carol", "/contact.php", {"email": "jo@remote.example", "message": "Again"})
        self.assertTrue(box.receive("lone@innocent.example", "nosuch@box.example"))
        self.settled(box, lambda s: len(s.null_sender) == 13 and box.mailbox("carol") == read + 2)
        seen = time.strftime("%d.%m.%Y %H:%M UTC", time.gmtime(self.sink.null_sender[-1].time))
        done = subprocess.run([BACKSCAN, "trace", "--root", box.root, "--seen", seen, "--window", "0",
                               "-f", "jsonl", "--show-addresses"], capture_output=True, check=True,
                              env={**os.environ, "TZ": "UTC"})
        events = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(events), 1, events)
        self.assertEqual(events[0]["time"][11:16], seen[11:16])
        self.assertEqual(events[0]["recipients"], ["lone@innocent.example"])
        self.assertEqual(events[0]["parent_sender"], "lone@innocent.example")
        self.assertEqual(events[0]["reason"], "unknown-user")
        self.assertTrue(events[0]["backscatter"])
        log = box.mta.log(box)
        self.assertIn(events[0]["id"], log)
        self.assertIn(events[0]["parent"], log)

    def test_d_vacation(self):
        box = self.box("vacation")
        for stranger in strangers(10):
            self.assertTrue(box.receive(stranger, "dave@box.example"))
        self.settled(box, lambda s: len(s.null_sender) == 10)
        result = self.result(box, BACKSCATTER_LIST)
        cause = self.first_cause(result, "mail-server", "vacation")
        self.assertEqual(cause["evidence"]["messages"], len(self.sink.null_sender))
        self.assertNotIn("dave", [s["account"] for s in result["senders"]],
                         "the account is not what sends")

    def test_e_sender_callouts(self):
        box = self.box("callout")
        for stranger in strangers(8, "gone"):
            self.assertFalse(box.receive(stranger, "carol@box.example"))
        self.settled(box, lambda s: len(s.probes) == 8)
        cause = self.first_cause(self.result(box, BACKSCATTER_LIST), "mail-server", "callout")
        self.assertEqual(cause["evidence"]["messages"], len(self.sink.probes))

    def test_f_two_causes_at_once(self):
        box = self.box("bounce")
        box.site("alice", "mailer.php")
        people = [f"person{n}@remote.example" for n in range(15)]
        box.visit("alice", "/mailer.php", {"people": "\n".join(people), "subject": "Offer",
                                           "from": "forged@innocent.example", "letter": "Buy."})
        for n, stranger in enumerate(strangers(9)):
            self.assertTrue(box.receive(stranger, f"nosuch{n}@box.example"))
        self.settled(box, lambda s: len(s.accepted) == 24)
        result = self.result(box, BACKSCATTER_LIST, SPAM_LIST)
        causes = {c["kind"]: c for c in result["summary"]["likely_causes"][:2]}
        self.assertEqual(set(causes), {"script", "mail-server"})
        self.assertEqual(causes["script"]["subject"].split(":")[0],
                         box.path("/home/alice/www/mailer.php"))
        self.assertEqual(causes["mail-server"]["evidence"]["messages"], len(self.sink.null_sender))
        self.assertEqual(causes["script"]["evidence"]["messages"],
                         len(self.sink.accepted) - len(self.sink.null_sender))
        advice = " ".join(result["summary"]["advice"])
        self.assertIn("One of several causes", advice)
        self.assertIn("Also a cause", advice)

    def test_g_nothing_here(self):
        box = self.box("relay")
        for n in range(3):
            box.visit("carol", "/contact.php", {"email": f"jo{n}@remote.example", "message": "Hi"})
        deadline = time.monotonic() + 120
        while box.mailbox("carol") < 4 and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(box.mailbox("carol"), 4)
        result = self.result(box, BACKSCATTER_LIST)
        cause = result["summary"]["likely_causes"][0]
        self.assertEqual(cause["kind"], "elsewhere")
        self.assertIn("smart.example", cause["subject"])
        self.assertEqual([f for f in result["findings"] if f["severity"] != "low"], [])


    def test_g_an_address_of_another_host(self):
        box = self.box()
        box.write("/var/cpanel/mainip", "198.51.100.7\n")
        deadline = time.monotonic() + 120
        while box.mailbox("carol") < 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        cause = self.first_cause(self.result(box, BACKSCATTER_LIST), "elsewhere", f"the host at {IP}")
        self.assertIn("198.51.100.7", cause["proof"])


class OnExim(Scenarios, unittest.TestCase):
    mta = host_mta.Exim


class OnPostfix(Scenarios, unittest.TestCase):
    mta = host_mta.Postfix


if __name__ == "__main__":
    BACKSCAN, SERVERS = sys.argv[1:3]
    rbldnsd.skip_without_rbldnsd()
    if reason := host_box.reason_to_skip(SERVERS):
        print("skipped: the host in a box", reason)
        sys.exit(rbldnsd.SKIPPED)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)

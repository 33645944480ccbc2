"""`backscan blacklist` against rbldnsd on loopback. Usage: dnsbl_test.py BACKSCAN"""
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import rbldnsd

BACKSCAN = None


def run(server, *arguments, zones=None, timeout="0.8", nameserver=None):
    """Runs the program; `zones`: names or entries for --zones."""
    command = [BACKSCAN, "blacklist", *arguments, "--timeout", timeout,
               "--nameserver", nameserver or server.nameserver]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        if zones is not None:
            file.write("zones:\n")
            for zone in zones:
                file.write("  - " + (zone if zone.startswith("{") else "{zone: %s}" % zone) + "\n")
            file.flush()
            command += ["--zones", file.name]
        started = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        done.seconds = time.monotonic() - started
    return done


def rows(server, ips, zones, **more):
    """{(ip, zone): listing} from --format json, and the finished process."""
    done = run(server, *ips, "--format", "json", zones=zones, **more)
    listings = json.loads(done.stdout)["listings"]
    return {(row["ip"], row["zone"]): row for row in listings}, done


class Standard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = rbldnsd.Rbldnsd(rbldnsd.STANDARD_ZONES)
        cls.server.__enter__()
        cls.addClassCleanup(cls.server.__exit__)

    def state(self, zone, ip="192.0.2.25"):
        found, _ = rows(self.server, [ip], [zone])
        row = found[(ip, zone)]
        return row["state"], row["reason"]

    def test_shipped_list_shows_the_backscatterer_listing_and_its_clock(self):
        done = run(self.server, "--ip", "192.0.2.25")
        self.assertEqual(done.returncode, 2, done.stderr)
        first = done.stdout.splitlines()[0]
        self.assertTrue(first.startswith("BACKSCAN CRITICAL - listed: 192.0.2.25 on Backscatterer"),
                        first)
        self.assertIn(" | listed=1;;0;0;", first)
        words = " ".join(done.stdout.split())
        self.assertIn("four weeks after the last bounce", words)
        self.assertIn("http://www.backscatterer.org/?ip=192.0.2.25", words)
        self.assertIn("SAFE MODE", words)
        self.assertIn("Do not pay", words)
        self.assertIn("Listed, see http://ips.backscatterer.org/?ip=192.0.2.25", words)
        self.assertIn("Not checked", words)
        self.assertEqual(done.stdout.count("|"), 1, "one line has performance data")

    def test_a_name_is_enough_for_a_zone_that_is_shipped(self):
        found, done = rows(self.server, ["192.0.2.25"], ["ips.backscatterer.org"])
        self.assertEqual(done.returncode, 2)
        row = found[("192.0.2.25", "ips.backscatterer.org")]
        self.assertEqual(row["name"], "Backscatterer")
        self.assertEqual(row["causes"], ["bounce", "autoreply", "callout"])
        self.assertEqual(row["codes"], ["127.0.0.2"])
        self.assertEqual(row["ttl"], 300)
        self.assertIn("four weeks", row["expires_estimate"])

    def test_clean_is_clean(self):
        done = run(self.server, "192.0.2.25", zones=["clean.test"])
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(done.stdout.startswith("BACKSCAN OK - not listed (1 of 1 list answered)"))

    def test_states_of_every_kind_of_zone(self):
        self.assertEqual(self.state("bl.test"), ("listed", None))
        self.assertEqual(self.state("clean.test"), ("not_listed", None))
        self.assertEqual(self.state("wild.test"), ("not_checked", "wildcard"))
        self.assertEqual(self.state("parked.test"), ("not_checked", "parked"))
        self.assertEqual(self.state("pub.test"), ("not_checked", "refused"))
        self.assertEqual(self.state("refuse.test"), ("not_checked", "refused"))
        self.assertEqual(self.state("unknown.test"), ("not_checked", "refused"))
        self.assertEqual(self.state("timeout.test"), ("not_checked", "unreachable"))
        self.assertEqual(self.state("empty.test"), ("not_checked", "empty"))

    def test_broken_zones_are_neither_listed_nor_clean(self):
        broken = ["wild.test", "parked.test", "pub.test", "refuse.test", "empty.test",
                  "timeout.test"]
        done = run(self.server, "192.0.2.25", zones=broken)
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertTrue(done.stdout.startswith("BACKSCAN UNKNOWN - no list answered"), done.stdout)
        done = run(self.server, "192.0.2.25", zones=broken + ["clean.test"])
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("only 1 of 7 lists answered", done.stdout)
        done = run(self.server, "192.0.2.25", zones=broken + ["bl.test"])
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("1 of 7 lists answered", done.stdout)

    def test_ranges_several_codes_and_exclusions(self):
        found, _ = rows(self.server, ["192.0.2.70", "198.51.100.7", "203.0.113.8", "203.0.113.9"],
                        ["{zone: bl.test, families: [ipv4]}"])
        self.assertEqual(found[("192.0.2.70", "bl.test")]["codes"], ["127.0.0.4"])
        both = found[("198.51.100.7", "bl.test")]
        self.assertEqual(both["codes"], ["127.0.0.3", "127.0.0.4"])
        self.assertEqual(sorted(both["text"]), ["CSS style", "XBL style"])
        self.assertEqual(found[("203.0.113.8", "bl.test")]["state"], "listed")
        self.assertEqual(found[("203.0.113.9", "bl.test")]["state"], "not_listed")

    def test_ipv6(self):
        ips = ["2001:db8:bad::5", "2001:db8:bad::1"]
        found, done = rows(self.server, ips, ["bl6.test"])
        self.assertEqual(done.returncode, 2)
        self.assertEqual(found[(ips[0], "bl6.test")]["state"], "listed")
        self.assertEqual(found[(ips[0], "bl6.test")]["text"], ["IPv6 listed 2001:db8:bad::5"])
        self.assertEqual(found[(ips[1], "bl6.test")]["state"], "not_listed")
        found, _ = rows(self.server, ["2001:db8:bad::5", "192.0.2.25"], ["both.test"])
        self.assertEqual([row["state"] for row in found.values()], ["listed", "listed"])
        found, done = rows(self.server, ips, ["{zone: bl.test, families: [ipv4]}"])
        self.assertEqual((found, done.returncode), ({}, 3))

    def test_a_zone_that_needs_a_key_is_not_asked_without_one(self):
        keyed = "{zone: bl.test, needs_key: true}"
        found, done = rows(self.server, ["192.0.2.25"], [keyed, "clean.test"])
        self.assertEqual(found[("192.0.2.25", "bl.test")]["reason"], "needs_key")
        self.assertEqual(done.returncode, 0)

    def test_informational_listings_warn_but_are_not_critical(self):
        done = run(self.server, "192.0.2.25", zones=["{zone: bl.test, informational: true}"])
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("BACKSCAN WARNING - for information: 192.0.2.25 on bl.test", done.stdout)

    def test_dead_zones_are_refused_with_file_and_line(self):
        done = run(self.server, "192.0.2.25", zones=["clean.test", "dnsbl.sorbs.net"])
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, r"\.yaml:3: dnsbl\.sorbs\.net must not be asked")

    def test_bad_addresses_are_named_and_the_rest_is_checked(self):
        done = run(self.server, "192.0.2.999", zones=["clean.test"])
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stderr, "backscan: 192.0.2.999: not an IPv4 or IPv6 address\n")
        done = run(self.server, "192.0.2.999", "192.0.2.25", zones=["bl.test"])
        self.assertEqual(done.returncode, 2)
        self.assertIn("192.0.2.999", done.stderr)

    def test_wrong_command_lines_never_look_like_a_listing(self):
        for arguments in (["--colour"], ["--format", "xml"], ["--timeout", "soon"],
                          ["--zones", "/nonexistent.yaml"]):
            done = subprocess.run([BACKSCAN, "blacklist", "192.0.2.25", *arguments],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 3, arguments)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(arguments[-1].lstrip("-"), done.stderr)

    def test_closed_port_is_told_at_once_and_in_one_line(self):
        port = rbldnsd.free_port()
        done = run(None, "192.0.2.25", nameserver=f"127.0.0.1:{port}", timeout="10")
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(f"name server 127.0.0.1:{port}", done.stderr)
        self.assertLess(done.seconds, 3)

    def test_silent_server_is_given_up_in_bounded_time(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            port = silent.getsockname()[1]
            ips = [f"192.0.2.{n}" for n in range(20)]
            done = run(None, *ips, nameserver=f"127.0.0.1:{port}", timeout="2")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertLess(done.seconds, 4)

    def test_json_lines_hold_one_record_each(self):
        done = run(self.server, "192.0.2.25", "--format", "jsonl", zones=["bl.test", "clean.test"])
        records = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([record["zone"] for record in records if record["type"] == "listing"],
                         ["bl.test", "clean.test"])
        self.assertEqual(records[-1]["type"], "summary")

    def test_output_does_not_depend_on_the_run(self):
        zones = ["bl.test", "clean.test", "wild.test", "refuse.test", "empty.test", "both.test"]
        ips = [f"192.0.2.{n}" for n in range(20, 40)]
        found = [rows(self.server, ips, zones)[0] for _ in range(3)]
        self.assertEqual(found[0], found[1])
        self.assertEqual(list(found[0]), list(found[2]))

    def test_a_full_disk_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([BACKSCAN, "blacklist", "192.0.2.25", "--nameserver",
                                   self.server.nameserver], stdout=full, stderr=subprocess.PIPE,
                                  text=True, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertIn("standard output", done.stderr)


class Hostile(unittest.TestCase):
    def test_texts_cannot_reach_the_terminal_or_the_monitoring(self):
        text = ":127.0.0.2:\\033[31mred | listed=0 \\n\n127.0.0.2\n192.0.2.25\n"
        with rbldnsd.Rbldnsd([("bad.test", "ip4set", text)]) as server:
            done = run(server, "192.0.2.25", zones=["bad.test"])
        self.assertEqual(done.returncode, 2)
        self.assertNotIn("\033", done.stdout)
        self.assertEqual(done.stdout.count("|"), 1)


if __name__ == "__main__":
    rbldnsd.skip_without_rbldnsd()
    BACKSCAN = sys.argv.pop(1)
    unittest.main()

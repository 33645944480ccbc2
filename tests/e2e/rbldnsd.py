"""rbldnsd on loopback, as a test's own blacklist operator.

    with Rbldnsd(zones) as server:
        run("backscan", "blacklist", "--nameserver", server.nameserver, ...)

`zones` is a list of (zone, kind, text): kind is a data set type of rbldnsd(8) (ip4set, ip4trie,
ip6trie, dnset, acl) and text its file's content; a zone may appear several times. `STANDARD_ZONES`
are zones that behave in every way a real one does. From a shell, `python3 rbldnsd.py` serves these
until it is killed and prints the address on its first line.
"""
import os
import pwd
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

SKIPPED = 77  # the exit code that ctest shows as "skipped"

LISTING = """\
$SOA 3600 ns.{zone}. hostmaster.{zone}. 0 600 300 86400 120
$NS 3600 ns.{zone}.
$TTL 300
:127.0.0.2:Listed, see http://{zone}/?ip=$
127.0.0.2
192.0.2.25
192.0.2.64/28 :127.0.0.4:Range listed $
198.51.100.7 :127.0.0.3:CSS style
198.51.100.7 :127.0.0.4:XBL style
203.0.113.0/24
!203.0.113.9
"""
LISTING_V6 = """\
$SOA 3600 ns.{zone}. hostmaster.{zone}. 0 600 300 86400 120
:127.0.0.2:IPv6 listed $
::FFFF:7F00:2
2001:db8:bad::/48
!2001:db8:bad::1
"""
CLEAN = """\
$SOA 3600 ns.{zone}. hostmaster.{zone}. 0 600 300 86400 120
:127.0.0.2:test entry
127.0.0.2
"""
WILDCARD = ":127.0.0.2:this list is shut down\n0.0.0.0/0\n"
PARKED = ":203.0.113.80:\n0.0.0.0/0\n"
ERROR_CODE = (":127.255.255.254:Error: open resolver; https://bl.example/returnc/pub/$\n"
              "0.0.0.0/0\n::/0\n")
REFUSING = "0.0.0.0/0 :refuse\n::/0 :refuse\n"
SILENT = "0.0.0.0/0 :ignore\n::/0 :ignore\n"


def listing(zone):
    """A working IPv4 list that has 192.0.2.25 and some others on it."""
    return (zone, "ip4set", LISTING.format(zone=zone))


def listing_v6(zone):
    """A working IPv6 list that has 2001:db8:bad::/48 on it, but for its ::1."""
    return (zone, "ip6trie", LISTING_V6.format(zone=zone))


def clean(zone):
    """A working IPv4 list with nothing on it but its test entry."""
    return (zone, "ip4set", CLEAN.format(zone=zone))


def wildcard(zone):
    return (zone, "ip4trie", WILDCARD)


def parked(zone):
    return (zone, "ip4trie", PARKED)


def error_code(zone):
    """Answers every question with 127.255.255.254."""
    return [listing(zone), (zone, "acl", ERROR_CODE)]


def refusing(zone):
    return [listing(zone), (zone, "acl", REFUSING)]


def silent(zone):
    return [listing(zone), (zone, "acl", SILENT)]


def empty(zone):
    return (zone, "ip4set", "$TTL 300\n")


STANDARD_ZONES = [
    listing("bl.test"), clean("clean.test"), wildcard("wild.test"), parked("parked.test"),
    *error_code("pub.test"), *refusing("refuse.test"), *silent("timeout.test"), empty("empty.test"),
    listing_v6("bl6.test"), listing("both.test"), listing_v6("both.test"),
    listing("ips.backscatterer.org"),
]


def program():
    """The path of rbldnsd, or None; Debian keeps it out of users' PATH."""
    return shutil.which("rbldnsd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def skip_without_rbldnsd():
    if program() is None:
        print("skipped: rbldnsd is not installed (./setup --test installs it)")
        sys.exit(SKIPPED)


def _question(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!HHHHHH", random.randrange(65536), 0, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def free_port():
    """A UDP port of 127.0.0.1 that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Rbldnsd:
    def __init__(self, zones):
        self.zones = zones
        self.process = None
        self.folder = None
        self.port = None
        self.nameserver = None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="backscan-rbldnsd-")
        os.chmod(self.folder, 0o755)  # the server runs as another user if we are root
        arguments = []
        for number, (zone, kind, text) in enumerate(self.zones):
            with open(os.path.join(self.folder, f"z{number}"), "w", encoding="ascii") as file:
                file.write(text)
            arguments.append(f"{zone}:{kind}:z{number}")
        # Between finding a free port and taking it, someone else may take it: try again.
        for _ in range(5):
            if self._start(arguments):
                return self
        self.__exit__()
        raise RuntimeError("rbldnsd does not start: " + self._log())

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, arguments):
        self.port = free_port()
        self.nameserver = f"127.0.0.1:{self.port}"
        command = [program(), "-n", "-w", self.folder, "-b", f"127.0.0.1/{self.port}"]
        if os.geteuid() == 0:
            command += ["-u", self._other_user()]
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen(command + arguments, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        return self._is_answering()

    @staticmethod
    def _other_user():
        """rbldnsd refuses to run as root."""
        for name in ("rbldns", "nobody"):
            try:
                return pwd.getpwnam(name).pw_name
            except KeyError:
                continue
        raise RuntimeError("no user for rbldnsd to run as")

    def _is_answering(self):
        zone = self.zones[0][0]
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(0.2)
                client.connect(("127.0.0.1", self.port))
                try:
                    client.send(_question("2.0.0.127." + zone))
                    client.recv(512)
                    return True
                except OSError:
                    time.sleep(0.05)
        return False

    def _log(self):
        try:
            with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
                return log.read()
        except OSError:
            return "no log"


if __name__ == "__main__":
    skip_without_rbldnsd()
    with Rbldnsd(STANDARD_ZONES) as standard:
        print(standard.nameserver, flush=True)
        standard.process.wait()

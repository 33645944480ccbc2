"""A host in a box: a directory that mail servers and PHP take for the whole machine (chroot).

    with Box(servers, Exim(...)) as box:      # or Postfix(...), both of host_mta.py
        box.visit("alice", "/mailer.php", {"people": "..."})     # php-cgi as alice
        box.receive("forged@innocent.example", "bob@box.example")  # a remote client on loopback

`servers` is the directory that tests/e2e/mail-servers filled. Daemons listen on loopback, at a port
of their own, and are ended by their process ids. Needs root: for chroot and for several users.
"""
import functools
import os
import re
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
import urllib.parse

SITES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "host_sites")
# name: uid, which is also the gid; the accounts of the host, and the servers' own users.
ACCOUNTS = {"alice": 2001, "bob": 2002, "carol": 2003, "dave": 2004}
SYSTEM = {"root": 0, "mail": 8, "uucp": 10, "www-data": 33, "Debian-exim": 901, "postfix": 902, "nobody": 65534}
POSTDROP = 903


def reason_to_skip(servers):
    """Why no box can be made here, or None."""
    if os.geteuid() != 0:
        return "needs root, for chroot and for several users"
    for program in ("exim4-daemon-light/usr/sbin/exim4", "postfix/usr/lib/postfix/sbin/master",
                    "php8.2-cgi/usr/bin/php-cgi8.2"):
        if not os.path.isfile(os.path.join(servers, program)):
            return f"{program} is missing; run tests/e2e/mail-servers {servers}"
    return None


@functools.cache
def libraries_of(program, base):
    """The libraries that a program loads, those of the package at `base` first."""
    places = [f"{base}/usr/lib/x86_64-linux-gnu", f"{base}/lib/x86_64-linux-gnu",
              f"{base}/usr/lib/postfix"]
    told = subprocess.run(["ldd", program], capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": ":".join(places)})
    found = re.findall(r"^\s*(\S+)(?: => (/\S+))? \(0x", told.stdout, re.M)
    # What has no path is the kernel's own.
    return [path or name for name, path in found if (path or name).startswith("/")]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Box:
    def __init__(self, servers, mta):
        self.servers, self.mta = servers, mta
        self.port = free_port()

    def __enter__(self):
        self.root = tempfile.mkdtemp(prefix="backscan-box-")
        os.chmod(self.root, 0o755)
        try:
            self._furnish()
            self.mta.install(self)
            self.daemon = self._start(self.mta.daemon(self))
            self._wait_until_it_listens()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        daemon = getattr(self, "daemon", None)
        if daemon is not None:
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
            time.sleep(0.2)  # its children end by themselves
        if os.environ.get("BACKSCAN_KEEP_BOX"):
            print("kept", self.root)
        else:
            shutil.rmtree(self.root, ignore_errors=True)

    # The inside.

    def path(self, name):
        return self.root + name

    def write(self, name, text, mode=0o644, owner=0):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        os.chown(path, owner, owner)

    def directory(self, name, mode=0o755, user=0, group=None):
        os.makedirs(self.path(name), exist_ok=True)
        os.chmod(self.path(name), mode)
        os.chown(self.path(name), user, user if group is None else group)

    def program(self, package, source, name=None, mode=0o755, group=0):
        """Copies a program of a package, or of this machine (package None), and its libraries."""
        base = os.path.join(self.servers, package) if package else ""
        target = self.path(name or source)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(os.path.realpath(base + source) if not package else base + source, target)
        os.chown(target, 0, group)
        os.chmod(target, mode)
        self._libraries(base + source, base)

    def _libraries(self, program, base):
        for path in libraries_of(program, base):
            inside = path[len(base):] if base and path.startswith(base) else path
            # The loader looks in its fixed places: where the file lay here does not matter.
            for target in {inside, "/usr/lib/x86_64-linux-gnu/" + os.path.basename(path)}:
                if not os.path.exists(self.path(target)):
                    os.makedirs(os.path.dirname(self.path(target)), exist_ok=True)
                    shutil.copyfile(path, self.path(target))
                    os.chmod(self.path(target), 0o755)

    def _furnish(self):
        users = {**SYSTEM, **ACCOUNTS}
        home = {name: f"/home/{name}" for name in ACCOUNTS}
        self.write("/etc/passwd", "".join(
            f"{n}:x:{i}:{i}::{home.get(n, '/nonexistent')}:/bin/sh\n" for n, i in users.items()))
        self.write("/etc/group", "".join(f"{n}:x:{i}:\n" for n, i in users.items()) +
                   f"postdrop:x:{POSTDROP}:\n")
        self.write("/etc/hosts", "127.0.0.1 localhost box.example smart.example\n")
        self.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
        self.write("/etc/services", "smtp 25/tcp\n")
        self.write("/etc/backscan-test-box", "")
        self.directory("/tmp", 0o1777)
        self.directory("/dev")
        for name, minor in (("null", 3), ("zero", 5), ("urandom", 9)):
            os.mknod(self.path("/dev/" + name), 0o020666, os.makedev(1, minor))
            os.chmod(self.path("/dev/" + name), 0o666)
        self.directory("/var/mail", 0o1777, group=8)
        self.write("/var/log/php-mail.log", "", 0o666)
        self.program(None, "/bin/sh")
        self.program(None, "/bin/cat")
        self.program("php8.2-cgi", "/usr/bin/php-cgi8.2")
        # Debian's PHP knows time zones from the system's files alone.
        for name in ("UTC", "zone.tab", "tzdata.zi"):
            source = os.path.join(self.servers, "tzdata/usr/share/zoneinfo", name)
            os.makedirs(self.path("/usr/share/zoneinfo"), exist_ok=True)
            if os.path.exists(source):
                shutil.copy(os.path.realpath(source), self.path("/usr/share/zoneinfo/" + name))
        self.write("/etc/php.ini", "mail.log = /var/log/php-mail.log\nmail.add_x_header = On\n"
                   "sendmail_path = /usr/sbin/sendmail -t -i\ndate.timezone = UTC\n")
        hosts = ""
        for name, uid in ACCOUNTS.items():
            self.directory(f"/home/{name}/www", user=uid)
            os.chown(self.path(f"/home/{name}"), uid, uid)
            hosts += (f"<VirtualHost *:80>\n  ServerName {name}.example\n"
                      f"  DocumentRoot /home/{name}/www\n</VirtualHost>\n")
        self.write("/etc/apache2/apache2.conf", hosts)

    def site(self, account, *names):
        """Puts files of host_sites/ into an account's document root."""
        for name in names:
            with open(os.path.join(SITES, name), encoding="utf-8") as file:
                self.write(f"/home/{account}/www/{name}", file.read(), owner=ACCOUNTS[account])

    # What happens there.

    def _enter(self, uid):
        def inside():
            os.chroot(self.root)
            os.chdir("/")
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            os.umask(0o022)
        return inside

    def _start(self, command):
        with open(self.path("/tmp/daemon.log"), "wb") as log:
            return subprocess.Popen(command, preexec_fn=self._enter(0), stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=log, start_new_session=True,
                                    env={"PATH": "/usr/sbin:/usr/bin:/bin"})

    def _wait_until_it_listens(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self.daemon.poll() is None:
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=20):
                    return
            except (OSError, smtplib.SMTPException):
                time.sleep(0.05)
        with open(self.path("/tmp/daemon.log"), encoding="utf-8", errors="replace") as log:
            raise AssertionError(f"{self.mta.name} does not listen: {log.read()} {self.mta.log(self)}")

    def run(self, command, uid=0, **more):
        return subprocess.run(command, preexec_fn=self._enter(uid), capture_output=True, timeout=60,
                              check=False, **more)

    def visit(self, account, page, fields):
        """A visitor's POST to a page of an account: php-cgi under its uid."""
        body = urllib.parse.urlencode(fields).encode()
        script = f"/home/{account}/www{page}"
        done = self.run(["/usr/bin/php-cgi8.2", "-c", "/etc/php.ini"], ACCOUNTS[account], input=body,
                        env={"PATH": "/usr/bin:/bin", "GATEWAY_INTERFACE": "CGI/1.1",
                             "REDIRECT_STATUS": "200", "REQUEST_METHOD": "POST",
                             "SCRIPT_FILENAME": script, "SCRIPT_NAME": page,
                             "SERVER_NAME": f"{account}.example", "REMOTE_ADDR": "198.51.100.7",
                             "CONTENT_TYPE": "application/x-www-form-urlencoded",
                             "CONTENT_LENGTH": str(len(body))})
        if done.returncode != 0 or b"sent" not in done.stdout:
            raise AssertionError(f"{script}: {done.stdout!r} {done.stderr!r}")

    def receive(self, sender, *recipients):
        """Mail from a remote client; True where the box took it."""
        text = (f"From: {sender}\r\nTo: {recipients[0]}\r\nSubject: Hello\r\n"
                f"Message-ID: <{time.time()}@spam.example>\r\n\r\nCheap.\r\n")
        try:
            with smtplib.SMTP("127.0.0.1", self.port, local_hostname="spam.example",
                              timeout=20) as client:
                client.sendmail(sender, recipients, text)
            return True
        except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused):
            return False

    def mailbox(self, user):
        """How many messages lie in a local user's mailbox."""
        try:
            with open(self.path(f"/var/mail/{user}"), "rb") as file:
                return sum(line.startswith(b"From ") for line in file)
        except FileNotFoundError:
            return 0

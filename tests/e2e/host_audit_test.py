"""`backscan audit` over what the real `postconf -n` and `exim -bP config` print: silent on Debian's own
settings and on a hardened set, and each bad setting named.

Usage: host_audit_test.py BACKSCAN SERVERS   (SERVERS: what tests/e2e/mail-servers unpacked)
"""
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

import host_box
import host_mta
import host_sink
import rbldnsd

BACKSCAN = SERVERS = None
HARDENED = """\
compatibility_level = 3.6
myhostname = mail.example
mydestination = $myhostname, localhost
relay_domains = backup.example
relay_recipient_maps = hash:/etc/postfix/relay_recipients
virtual_alias_domains = shop.example
virtual_alias_maps = hash:/etc/postfix/virtual
smtpd_helo_required = yes
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = reject_unknown_recipient_domain, reject_rbl_client zen.spamhaus.org
smtpd_sender_restrictions = reject_non_fqdn_sender, reject_unknown_sender_domain
bounce_queue_lifetime = 1d
maximal_queue_lifetime = 2d
delay_warning_time = 0h
disable_vrfy_command = yes
smtpd_milters = unix:/run/rspamd.sock
"""
# What is added to the hardened set, and the rule that has to speak.
BAD_POSTFIX = {
    "local_recipient_maps =": "postfix/local-recipient-maps-empty",
    "smtpd_reject_unlisted_recipient = no": "postfix/unlisted-recipients-accepted",
    "relay_recipient_maps =": "postfix/relay-recipients-unknown",
    "luser_relay = someone@elsewhere.example": "postfix/luser-relay",
    "smtpd_sender_restrictions = reject_unverified_sender": "postfix/sender-callouts",
    "smtpd_recipient_restrictions = permit_mynetworks, reject_unverified_sender":
        "postfix/sender-callouts-in-recipient-restrictions",
    "smtpd_client_restrictions = reject_unverified_sender":
        "postfix/sender-callouts-in-client-restrictions",
    "smtpd_helo_restrictions = reject_unverified_sender":
        "postfix/sender-callouts-in-helo-restrictions",
    "smtpd_data_restrictions = reject_unverified_sender":
        "postfix/sender-callouts-in-data-restrictions",
    "address_verify_sender =": "postfix/probes-with-null-sender",
    "soft_bounce = yes": "postfix/soft-bounce",
    "bounce_queue_lifetime = 7d": "postfix/long-bounce-lifetime",
    "notify_classes = bounce, 2bounce, resource, software": "postfix/noisy-notify-classes",
    "delay_warning_time = 4h": "postfix/delay-warnings",
    "always_bcc = archive@elsewhere.example": "postfix/always-bcc",
    "mailbox_transport = lmtp:unix:private/dovecot":
        "postfix/mailbox-transport-without-recipient-maps",
    "fallback_transport = lmtp:unix:private/dovecot":
        "postfix/fallback-transport-without-recipient-maps",
    "local_transport = lmtp:unix:private/dovecot": "postfix/local-transport-without-recipient-maps",
}
BAD_EXIM = {
    "bounce": "exim/accepts-unverified-recipients",
    "callout": "exim/sender-callouts",
    "vacation": "exim/autoreply-to-every-message",
}


def audit(*arguments):
    """The rules that speak."""
    with tempfile.TemporaryDirectory() as nothing:
        done = subprocess.run([BACKSCAN, "audit", "--root", nothing, "-f", "json", *arguments],
                              capture_output=True, timeout=60, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr.decode())
    return [note["rule"] for note in json.loads(done.stdout)]


class Postfix(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="backscan-audit-")
        self.addCleanup(shutil.rmtree, self.folder)
        shutil.copy(os.path.join(SERVERS, "postfix/usr/share/postfix/master.cf.dist"),
                    os.path.join(self.folder, "master.cf"))

    def rules_for(self, main):
        with open(os.path.join(self.folder, "main.cf"), "w", encoding="utf-8") as file:
            file.write(main)
        libraries = [f"{SERVERS}/postfix/usr/lib/postfix",
                     f"{SERVERS}/postfix/usr/lib/x86_64-linux-gnu"]
        done = subprocess.run([f"{SERVERS}/postfix/usr/sbin/postconf", "-c", self.folder, "-n"],
                              capture_output=True, timeout=60, check=True,
                              env={**os.environ, "LD_LIBRARY_PATH": ":".join(libraries)})
        self.assertIn(b"compatibility_level", done.stdout)
        output = os.path.join(self.folder, "postconf.txt")
        with open(output, "wb") as file:
            file.write(done.stdout)
        return audit("--postconf", output)

    def test_debians_defaults_are_silent(self):
        with open(os.path.join(SERVERS, "postfix/usr/share/postfix/main.cf.debian"),
                  encoding="utf-8") as file:
            text = file.read()
        # What the package's installation adds for an Internet site.
        text += ("\nmyhostname = host.example\nmyorigin = /etc/mailname\nrelayhost =\n"
                 "mydestination = $myhostname, host.example, localhost.example, localhost\n"
                 "mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128\n"
                 "smtpd_relay_restrictions = permit_mynetworks permit_sasl_authenticated "
                 "defer_unauth_destination\nmailbox_size_limit = 0\nrecipient_delimiter = +\n"
                 "inet_interfaces = all\ninet_protocols = all\nalias_maps = hash:/etc/aliases\n"
                 "alias_database = hash:/etc/aliases\n")
        self.assertEqual(self.rules_for(text), [])

    def test_a_hardened_set_is_silent(self):
        self.assertEqual(self.rules_for(HARDENED), [])

    def test_each_bad_setting_is_named(self):
        for setting, rule in BAD_POSTFIX.items():
            name = setting.split(" =")[0]
            kept = [line for line in HARDENED.splitlines() if not line.startswith(name + " =")]
            with self.subTest(setting):
                self.assertEqual(self.rules_for("\n".join([*kept, setting, ""])), [rule])


class Exim(unittest.TestCase):
    def config(self, fault=None, text=None):
        """What `exim -bP config` prints in a box, for a fault of host_mta or for a whole text."""
        sink = self.enterContext(host_sink.Sink())
        with host_box.Box(SERVERS, host_mta.Exim(sink, fault)) as box:
            if text is not None:
                box.write("/etc/mailname", "host.example\n")
                box.write("/etc/aliases", "root: alice\n")
                box.write("/etc/exim4/exim4.conf", text)
            done = box.run(["/usr/sbin/exim4", "-bP", "config"])
            self.assertEqual(done.returncode, 0, done.stderr)
        file = tempfile.NamedTemporaryFile(suffix=".txt")  # pylint: disable=consider-using-with
        self.addCleanup(file.close)
        file.write(done.stdout)
        file.flush()
        return file.name

    def debian(self):
        """What Debian's own update-exim4.conf makes for an Internet site."""
        package = os.path.join(SERVERS, "exim4-daemon-light")
        with tempfile.TemporaryDirectory() as folder:
            settings = os.path.join(folder, "exim4")
            shutil.copytree(os.path.join(package, "etc/exim4"), settings)
            with open(os.path.join(settings, "update-exim4.conf.conf"), "w", encoding="utf-8") as f:
                f.write("dc_eximconfig_configtype='internet'\ndc_other_hostnames='host.example'\n"
                        "dc_local_interfaces='127.0.0.1 ; ::1'\ndc_readhost=''\n"
                        "dc_relay_domains=''\ndc_minimaldns='false'\ndc_relay_nets=''\n"
                        "dc_smarthost=''\nCFILEMODE='644'\ndc_use_split_config='false'\n"
                        "dc_hide_mailname=''\ndc_mailname_in_oh='true'\n"
                        "dc_localdelivery='mail_spool'\n")
            mailname = os.path.join(folder, "mailname")
            with open(mailname, "w", encoding="utf-8") as file:
                file.write("host.example\n")
            # This machine need not have the package's user, nor a mail name.
            chown = os.path.join(folder, "chown")
            with open(chown, "w", encoding="utf-8") as file:
                file.write("#!/bin/sh\nexit 0\n")
            os.chmod(chown, stat.S_IRWXU)
            with open(os.path.join(package, "usr/sbin/update-exim4.conf"), encoding="utf-8") as f:
                script = f.read().replace("/etc/mailname", mailname)
            output = os.path.join(folder, "exim.conf")
            subprocess.run(["sh", "-s", "--", "-d", settings, "-o", output], input=script.encode(),
                           check=True, timeout=60,
                           env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]})
            with open(output, encoding="utf-8") as file:
                return file.read()

    def test_debians_defaults_are_silent(self):
        self.assertEqual(audit("--exim-config", self.config(text=self.debian())), [])

    def test_a_hardened_set_is_silent(self):
        self.assertEqual(audit("--exim-config", self.config()), [])

    def test_each_fault_is_named(self):
        for fault, rule in BAD_EXIM.items():
            with self.subTest(fault):
                self.assertEqual(audit("--exim-config", self.config(fault)), [rule])


# What is added to the packages' own files, and the rule that has to speak.
BAD_PACKAGES = [
    ("dovecot/conf.d/90-sieve.conf", "plugin {\n  sieve_vacation_dont_check_recipient = yes\n}\n",
     "dovecot/vacation-answers-foreign-recipients"),
    ("dovecot/conf.d/90-sieve.conf", "sieve_vacation_check_recipient = no\n",
     "dovecot/vacation-answers-foreign-recipients-24"),
    ("dovecot/conf.d/90-sieve.conf", "plugin {\n  sieve_vacation_min_period = 0\n}\n",
     "dovecot/vacation-too-often"),
    ("dovecot/conf.d/90-sieve.conf",
     "plugin {\n  sieve_vacation_to_header_ignore_envelope = yes\n}\n",
     "dovecot/vacation-ignores-envelope"),
    ("amavis/conf.d/50-user", "$final_spam_destiny = D_BOUNCE;  # tell them\n",
     "amavis/spam-bounced"),
    ("amavis/conf.d/50-user", "  $final_virus_destiny=D_BOUNCE;\n", "amavis/virus-bounced"),
    ("amavis/conf.d/50-user", "$final_banned_destiny = D_BOUNCE;\n", "amavis/banned-bounced"),
    ("amavis/conf.d/50-user", "$final_bad_header_destiny = D_BOUNCE;\n",
     "amavis/bad-header-bounced"),
    ("mail/sendmail.mc", "define(`LUSER_RELAY', `local:all@elsewhere.example')dnl\n",
     "sendmail/luser-relay"),
    ("mail/sendmail.mc", "FEATURE(`relay_entire_domain')dnl\n", "sendmail/relay-entire-domain"),
    ("mail/sendmail.mc", "define(`confTO_QUEUEWARN', `4h')dnl\n", "sendmail/delay-warnings"),
    ("mail/sendmail.mc", "define(`confDOUBLE_BOUNCE_ADDRESS', `p@elsewhere.example')dnl\n",
     "sendmail/double-bounces-sent-out"),
    ("mail/virtusertable", "@shop.example\tbob@elsewhere.example\n", "alias/catch-all-remote"),
    ("mail/virtusertable", "@shop.example\tbob\n", "alias/catch-all-local"),
    ("mail/aliases", '*: "|/usr/local/bin/catch"\n', "alias/catch-all-pipe"),
    ("mail/aliases", 'sales: "|/usr/bin/vacation sales"\n', "alias/vacation"),
]
HARDENED_PACKAGES = [
    ("dovecot/conf.d/90-sieve.conf", "plugin {\n  sieve_vacation_dont_check_recipient = no\n"
     "  sieve_vacation_min_period = 1d\n}\n"),
    ("amavis/conf.d/50-user", "$final_spam_destiny = D_DISCARD;\n$final_virus_destiny = D_DISCARD;\n"),
    ("mail/sendmail.mc", "define(`confTO_QUEUEWARN', `0')dnl\nFEATURE(`access_db')dnl\n"),
    ("mail/virtusertable", "@shop.example\terror:nouser 550 No such user\n"),
    ("mail/aliases", "*: :fail: No such user\n"),
]


class Packages(unittest.TestCase):
    """Dovecot, amavis and Sendmail with the files that their packages bring."""

    def setUp(self):
        source = os.path.join(SERVERS, "configurations")
        if not os.path.isdir(source):
            self.skipTest("the packages are not unpacked")
        self.root = tempfile.mkdtemp(prefix="backscan-audit-")
        self.addCleanup(shutil.rmtree, self.root)
        etc = os.path.join(self.root, "etc")
        shutil.copytree(os.path.join(source, "etc/amavis"), os.path.join(etc, "amavis"))
        # Where the packages' installation takes them from.
        shutil.copytree(os.path.join(source, "usr/share/dovecot"), os.path.join(etc, "dovecot"))
        sendmail = os.path.join(source, "usr/share/sendmail")
        os.mkdir(os.path.join(etc, "mail"))
        for file in ("cf/debian/sendmail.mc", "examples/db/aliases", "examples/db/virtusertable"):
            shutil.copy(os.path.join(sendmail, file), os.path.join(etc, "mail"))

    def rules_for(self, additions):
        kept = {}
        for name, text in additions:
            path = os.path.join(self.root, "etc", name)
            with open(path, "r+", encoding="utf-8") as file:
                kept[path] = file.read()
                file.write(text)
        try:
            done = subprocess.run([BACKSCAN, "audit", "--root", self.root, "-f", "json"],
                                  capture_output=True, timeout=60, check=False)
            self.assertIn(done.returncode, (0, 1), done.stderr)
            return [note["rule"] for note in json.loads(done.stdout)]
        finally:
            for path, text in kept.items():
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)

    def test_their_own_files_are_silent(self):
        self.assertEqual(self.rules_for([]), [])

    def test_a_hardened_set_is_silent(self):
        self.assertEqual(self.rules_for(HARDENED_PACKAGES), [])

    def test_each_bad_setting_is_named(self):
        for name, text, rule in BAD_PACKAGES:
            with self.subTest(rule):
                self.assertEqual(self.rules_for([(name, text)]), [rule])


if __name__ == "__main__":
    BACKSCAN, SERVERS = sys.argv[1:3]
    if reason := host_box.reason_to_skip(SERVERS):
        print("skipped: the audit of real mail servers", reason)
        sys.exit(rbldnsd.SKIPPED)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
